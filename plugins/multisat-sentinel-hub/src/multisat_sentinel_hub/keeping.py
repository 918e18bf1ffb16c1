"""Answers on disk, so that what was paid for is not asked for again."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import numpy as np

from multisat.config import cache_folder
from multisat.writing.whole import whole_folder
from multisat_sentinel_hub.answers import Arrays
from multisat_sentinel_hub.pieces import Piece

_WEEK = 7 * 86400.0


class Kept:
    """Arrays by piece, in a folder; each is whole or not there.

    Equal runs at once share what they keep. So each takes what it uses into a folder of its own, by a second
    name of the same file: it stays there when another run forgets it.

    Args:
        folder: Of this run alone.
        shared: Of all runs, or None.
    """

    def __init__(self, folder: Path, shared: Path | None = None) -> None:
        self._folder, self._shared = folder, shared

    def has(self, piece: Piece) -> bool:
        """Whether a piece is there; from then on it stays."""
        if (self._folder / piece.key).is_dir():
            return True
        return self._shared is not None and _copied(self._shared / piece.key, self._folder / piece.key)

    def put(self, piece: Piece, arrays: Arrays) -> None:
        """Keep the arrays of a piece."""
        with whole_folder(self._folder / piece.key) as temporary:
            temporary.mkdir()
            for name, values in arrays.items():
                np.save(temporary / f"{name}.npy", values, allow_pickle=False)
        if self._shared is not None and not (self._shared / piece.key).exists():
            _copied(self._folder / piece.key, self._shared / piece.key)

    def get(self, piece: Piece) -> Arrays:
        """Return the arrays of a piece; pages of them are read when they are used."""
        where = self._folder / piece.key
        return {name: np.load(where / f"{name}.npy", mmap_mode="r") for name in piece.outputs}

    def forget(self, pieces: Iterable[Piece]) -> None:
        """Remove pieces from what is shared; this run still has them."""
        for piece in pieces:
            if self._shared is not None:
                _removed(self._shared / piece.key)


@contextmanager
def kept() -> Iterator[Kept]:
    """Give the answers: shared in the user's cache, or this run's alone if nothing is kept."""
    cache = cache_folder()
    shared = None if cache is None else cache / "sentinel-hub"
    if shared is not None:
        shared.mkdir(parents=True, exist_ok=True)
        _tidy(shared)
    with tempfile.TemporaryDirectory(prefix=".run-", dir=shared, ignore_cleanup_errors=True) as own:
        yield Kept(Path(own), shared)


def _copied(source: Path, target: Path) -> bool:
    """Give files a second place, and return whether they have it; others may remove or add them meanwhile."""
    with suppress(OSError, shutil.Error), whole_folder(target) as temporary:
        shutil.copytree(source, temporary, copy_function=_linked)
    return target.is_dir()


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(source, target)


def _removed(path: Path) -> None:
    """Remove a folder at once, so that nobody sees a part of it."""
    with suppress(OSError):
        shutil.rmtree(path.rename(path.with_name(f".{path.name}.{uuid4().hex[:12]}")), ignore_errors=True)


def _tidy(folder: Path) -> None:
    """Remove what nobody came back for."""
    oldest = time.time() - _WEEK
    for path in folder.glob("*"):
        with suppress(OSError):
            if path.stat().st_mtime < oldest:
                shutil.rmtree(path, ignore_errors=True)
