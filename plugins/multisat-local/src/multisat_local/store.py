"""The folders and their index: brought up to date before a search, as far as files have changed."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from multisat.config import cache_folder
from multisat.contracts import Deadline
from multisat.errors import ProviderTimeout, ProviderUnavailable
from multisat.model import Request
from multisat_local.entries import Read, read
from multisat_local.folders import NAME, VARIABLE
from multisat_local.index import Index, Row
from multisat_local.walking import Mark, marks

_LAYOUT = "2"
"""Part of the index's file name; another layout, or another version of the vocabulary, is another file."""
_BATCH = 200
"""Files that are noted down at a time: what an interrupted search has read is kept."""
_SELDOM = 10
"""Times as long as looking through the folders took, nobody looks again."""


class Store:
    """Folders of scenes, and what is known of them.

    Args:
        roots: The folders, absolute.
    """

    def __init__(self, roots: tuple[Path, ...]) -> None:
        self.roots = roots
        self._turn = threading.Lock()
        self._index = Index(_place(roots))
        self._again = 0.0
        self._tops: tuple[int, ...] = ()

    def refresh(self, deadline: Deadline) -> None:
        """Read the files that are new or have changed, and forget those that have gone.

        Raises:
            ProviderUnavailable: None of the folders is there, or the index cannot be used.
            ProviderTimeout: There is more to read than time; what was read is kept.
        """
        tops = self._there()
        with self._turn, _usable():
            if time.monotonic() < self._again and tops == self._tops:
                return
            began = time.monotonic()
            found, known = marks(self.roots), self._index.files()
            ended = time.monotonic()
            self._index.forget(known.keys() - found.keys())
            self._read({path: mark for path, mark in found.items() if known.get(path) != mark}, deadline)
            self._again, self._tops = time.monotonic() + _SELDOM * (ended - began), tops

    def find(self, request: Request, natives: Sequence[str]) -> list[Row]:
        """Return what may match; see ``Index.find``."""
        with _usable():
            return self._index.find(request, natives)

    def items(self, numbers: Sequence[int]) -> list[Mapping[str, Any]]:
        """Return kept items by their numbers."""
        with _usable():
            return self._index.items(numbers)

    def notes(self) -> Iterator[str]:
        """Give a sentence for each folder and file that was left out."""
        yield from (f"left out: {root} is not there" for root in self.roots if not root.exists())
        with _usable():
            yield from (f"left out: {path}: {problem}" for path, problem in self._index.problems())

    def _there(self) -> tuple[int, ...]:
        """Return when each folder was last changed; 0 if it is not there."""
        if not any(root.exists() for root in self.roots):
            raise ProviderUnavailable(
                f"{', '.join(map(str, self.roots))} is not there",
                provider=NAME,
                hint=f"mount it, or set {VARIABLE} to another folder",
            )
        return tuple(root.stat().st_mtime_ns if root.exists() else 0 for root in self.roots)

    def _read(self, changed: Mapping[str, Mark], deadline: Deadline) -> None:
        left = iter(changed.items())
        done = 0
        while batch := list(islice(left, _BATCH)):
            if deadline.passed:
                raise ProviderTimeout(
                    f"{done} of {len(changed)} new files were read",
                    provider=NAME,
                    hint="search again: what was read is kept; or allow a longer deadline",
                )
            self._index.put([(path, mark, _read_file(path)) for path, mark in batch])
            done += len(batch)


def _read_file(path: str) -> Read:
    return read(Path(path))


def _place(roots: Sequence[Path]) -> Path | None:
    """Return where the index of these folders is kept, or None if nothing is to be kept."""
    from importlib.metadata import version

    folder = cache_folder()
    if folder is None:
        return None
    name = "\n".join([_LAYOUT, version("multisat-eo"), version("multisat-local"), *map(str, roots)])
    return folder / NAME / f"{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:20]}.sqlite"


@contextmanager
def _usable() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise ProviderUnavailable(
            f"the index cannot be used: {error}",
            provider=NAME,
            hint=f"delete the folder {NAME} in the cache folder, or set MULTISAT_CACHE=off",
        ) from error
