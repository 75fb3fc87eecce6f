"""A progress bar on stderr with rate and time left, for work that takes long."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

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

__all__ = ["Advance", "track"]

_LOG_EVERY_SECONDS = 30.0


class Advance(Protocol):
    """Says that more rows are done, and maybe a word on them."""

    def __call__(self, rows: int, note: str = "") -> None: ...


class _Rate(ProgressColumn):
    """Rows per second of late, since short and long texts come in stretches."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "", style="progress.data.speed")


@contextmanager
def track(title: str, total: int | None, done: int = 0, *, log: bool = False) -> Iterator[Advance]:
    """Yields `advance(rows, note)`.

    Args:
        total: rows in all; None when nobody knows yet.
        done: rows of an earlier run, which do not count for the rate.
        log: print a plain line every half minute where stderr is no terminal; else be silent there.
    """
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=total, completed=done, note="")
        last, count = time.monotonic(), done

        def advance(rows: int, note: str = "") -> None:
            nonlocal last, count
            count += rows
            bar.update(task, advance=rows, note=note)
            if log and not console.is_terminal and time.monotonic() - last > _LOG_EVERY_SECONDS:
                last = time.monotonic()
                console.print(f"{title} {count}/{total} {note}".rstrip(), highlight=False)

        yield advance
