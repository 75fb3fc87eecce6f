"""A progress bar for long work, silent when the output is not a terminal."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

__all__ = ["track"]

_LOG_EVERY_SECONDS = 30.0


@contextmanager
def track(title: str, total: int, done: int = 0) -> Iterator[Callable[[str], None]]:
    """Yields `advance(note)`. Off a terminal, a plain line every half minute takes its place."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=total, completed=done, note="")
        last, count = time.monotonic(), done

        def advance(note: str) -> None:
            nonlocal last, count
            count += 1
            bar.update(task, advance=1, note=note)
            if not console.is_terminal and time.monotonic() - last > _LOG_EVERY_SECONDS:
                last = time.monotonic()
                console.print(f"{title} {count}/{total} {note}", highlight=False)

        yield advance
