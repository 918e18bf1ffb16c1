"""Answers on disk, so that what was paid for is not asked for again."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from multisat.config import cache_folder
from multisat.writing.whole import whole_folder
from multisat_sentinel_hub.answers import Arrays
from multisat_sentinel_hub.pieces import Piece

_WEEK = 7 * 86400.0


class Kept:
    """Arrays by piece, in a folder; each is whole or not there.

    Args:
        folder: Where.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has(self, piece: Piece) -> bool:
        """Whether a piece is there."""
        return self._at(piece).is_dir()

    def put(self, piece: Piece, arrays: Arrays) -> None:
        """Keep the arrays of a piece."""
        with whole_folder(self._at(piece)) as temporary:
            temporary.mkdir()
            for name, values in arrays.items():
                np.save(temporary / f"{name}.npy", values, allow_pickle=False)

    def get(self, piece: Piece) -> Arrays:
        """Return the arrays of a piece; pages of them are read when they are used."""
        where = self._at(piece)
        return {name: np.load(where / f"{name}.npy", mmap_mode="r") for name in piece.outputs}

    def forget(self, pieces: Iterable[Piece]) -> None:
        """Remove pieces."""
        for piece in pieces:
            shutil.rmtree(self._at(piece), ignore_errors=True)

    def _at(self, piece: Piece) -> Path:
        return self._folder / piece.key


@contextmanager
def kept() -> Iterator[Kept]:
    """Give the folder of answers: in the user's cache, or one that ends with the block if nothing is kept."""
    cache = cache_folder()
    if cache is not None:
        folder = cache / "sentinel-hub"
        _tidy(folder)
        yield Kept(folder)
        return
    with tempfile.TemporaryDirectory(prefix="multisat-") as name:
        yield Kept(Path(name))


def _tidy(folder: Path) -> None:
    """Remove what nobody came back for."""
    oldest = time.time() - _WEEK
    for path in folder.glob("*"):
        with suppress(OSError):
            if path.stat().st_mtime < oldest:
                shutil.rmtree(path, ignore_errors=True)
