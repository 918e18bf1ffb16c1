"""Which files may hold items, and whether they are as they were."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from multisat_local.reading import ENDINGS

Mark = tuple[int, int]
"""When a file was changed (nanoseconds), and its size in bytes."""


def marks(roots: Sequence[Path]) -> dict[str, Mark]:
    """Return the files with items below folders, with their marks. Links to folders are not followed."""
    return {path: mark for root in roots for path, mark in _below(str(root))}


def _below(where: str) -> Iterator[tuple[str, Mark]]:
    if os.path.isfile(where):  # noqa: PTH113 - a Path for each of 100,000 files takes longer than the disk
        yield where, _mark(os.stat(where))  # noqa: PTH116
        return
    waiting = [where]
    while waiting:
        for entry in _entries(waiting.pop()):
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
            elif entry.name.lower().endswith(ENDINGS) and entry.is_file():
                yield entry.path, _mark(entry.stat())


def _entries(folder: str) -> list[os.DirEntry[str]]:
    """Return what is in a folder; one that went away, or may not be read, holds nothing."""
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []


def _mark(stat: os.stat_result) -> Mark:
    return stat.st_mtime_ns, stat.st_size
