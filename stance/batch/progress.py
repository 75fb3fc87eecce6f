"""A progress bar on stderr with rate and time left, silent when that is no terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

__all__ = ["track"]


class _Rate(ProgressColumn):
    """Rows per second of late, since short and long texts come in stretches."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "", style="progress.data.speed")


@contextmanager
def track(title: str, total: int | None, done: int = 0) -> Iterator[Callable[[int], None]]:
    """Yields `advance(rows)`.

    Args:
        total: rows in all; None when nobody knows yet.
        done: rows of an earlier run, which do not count for the rate.
    """
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=total, completed=done)
        yield lambda rows: bar.advance(task, rows)
