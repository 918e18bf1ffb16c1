"""How far long work is, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multisat.downloads import Progress


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal, and nothing elsewhere.

    Args:
        what: What is counted, such as ``"scenes"``.

    Yields:
        A function to call with the number done and the number in all.
    """
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def download_progress() -> Iterator[Callable[[Progress], None]]:
    """Show scenes, megabytes and the time left on a terminal, and nothing elsewhere.

    Yields:
        A function to call with how far the download is.
    """
    if not sys.stderr.isatty():
        yield lambda _progress: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("files", total=None)

        def show(now: Progress) -> None:
            done, total = (now.done, now.total) if now.bytes_total is None else (now.bytes, now.bytes_total)
            bar.update(task, description=_words(now), completed=done, total=total)

        yield show


def _words(now: Progress) -> str:
    size = "" if now.bytes_total is None else f" of {now.bytes_total / 1e6:.1f}"
    scenes = f"{now.scenes_done} of {now.scenes_total} scenes"
    return f"{scenes}, {now.done} of {now.total} files, {now.bytes / 1e6:.1f}{size} MB"
