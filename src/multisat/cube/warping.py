"""Moving a file's pixels to a grid that is not theirs: nearest and bilinear.

A nearest pixel is the file pixel in which the centre of the wanted one lies. Bilinear numbers leave
out pixels without data; where the nearest file pixel has no data there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from multisat.cube.aside import spread
from multisat.cube.lattice import CELL, Lattice
from multisat.raster import Window

_NUDGE = 1e-6
"""File pixels. A centre on the edge of two file pixels falls into the right (lower) one, whatever
the rounding of its coordinates."""

_SHORT = 2
"""Bytes of the longest whole number that single precision holds."""
_ROWS = 64
"""Rows moved at a time: few enough that what is made for them stays in the processor's cache."""

Values = NDArray[np.generic]
Floats = NDArray[np.float64]
Indices = Sequence[NDArray[np.intp]]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class NearestMap:
    """Which pixel of a window each pixel of a block takes.

    Attributes:
        window: The window of the file.
        index: Position in the flattened window, shape of the block; -1 where the file has no pixel.
    """

    window: Window
    index: NDArray[np.int32]

    def take(self, values: Values, fill: float) -> tuple[Values, Bools]:
        """Return the pixels of a block, and where the file has any."""
        flat, found = values.ravel(), np.empty(self.index.shape, dtype=values.dtype)
        inside = self.index >= 0
        for first in range(0, len(self.index), _ROWS):
            rows = np.s_[first : first + _ROWS]
            flat.take(self.index[rows], out=found[rows], mode="clip")
            if not inside[rows].all():
                found[rows][~inside[rows]] = fill
        return found, inside


async def nearest_map(lattice: Lattice, window: Window) -> NearestMap:
    """Return which pixel of a window each pixel of the lattice's block takes."""
    index = np.empty(lattice.block.shape, dtype=np.int32)

    def fill(downs: range) -> None:
        for rows, columns, part in _strips(lattice, downs):
            down, right = np.floor(rows) - window.row, np.floor(columns) - window.column
            inside = (down >= 0) & (down < window.height) & (right >= 0) & (right < window.width)
            if not inside.all():
                down, right = np.where(inside, down, 0.0), np.where(inside, right, 0.0)
            index[part] = down.astype(np.int32) * np.int32(window.width) + right.astype(np.int32)
            if not inside.all():
                index[part][~inside] = -1

    await spread(len(lattice.exact), lattice.block.size, fill)
    return NearestMap(window=window, index=index)


async def bilinear(
    lattice: Lattice, window: Window, values: Values, measured: Bools
) -> tuple[NDArray[np.floating], Bools]:
    """Return interpolated numbers of a block and where there are any.

    Args:
        lattice: Where the block's pixels lie in the file.
        window: The window of the file.
        values: Its pixels.
        measured: Where they have data.
    """
    corners = _Corners(window, values, measured)
    found = np.empty(lattice.block.shape, dtype=corners.kind)
    known = np.empty(lattice.block.shape, dtype=bool)

    def fill(downs: range) -> None:
        for rows, columns, part in _strips(lattice, downs):
            found[part], known[part] = corners.mixed(rows, columns)

    await spread(len(lattice.exact), lattice.block.size, fill)
    return found, known


def wide(dtype: np.dtype[np.generic]) -> np.dtype[np.floating]:
    """Return the floating type that holds every number of a type that files have."""
    single = dtype.itemsize <= _SHORT or dtype == np.float32
    return np.dtype(np.float32 if single else np.float64)


class _Corners:
    """The four file pixels around a point; a rim of copies stands in for those outside of the window."""

    def __init__(self, window: Window, values: Values, measured: Bools) -> None:
        self.kind = wide(values.dtype)
        self._window = window
        clean = np.where(measured, values, 0) if values.dtype.kind == "f" else values
        self._values = np.pad(clean, 1, mode="edge").ravel()
        self._measured = np.pad(measured, 1, mode="edge").ravel()

    def mixed(self, rows: Floats, columns: Floats) -> tuple[NDArray[np.floating], Bools]:
        """Return numbers between pixels, and where the pixel under the point has data."""
        window = self._window
        inside = (rows >= window.row) & (rows < window.row + window.height)
        inside &= (columns >= window.column) & (columns < window.column + window.width)
        if not inside.all():
            rows, columns = np.where(inside, rows, window.row), np.where(inside, columns, window.column)
        top, left = np.floor(rows + 0.5), np.floor(columns + 0.5)  # on the rim's rows and columns
        down, right = (rows + 0.5 - top).astype(self.kind), (columns + 0.5 - left).astype(self.kind)
        width = window.width + 2
        first = self._position(top, left)
        at = (first, first + 1, first + width, first + width + 1)
        found = self._plain(at, down, right)
        shares = [self._measured.take(index) for index in at]
        some = ~np.logical_and.reduce(shares)
        if some.any():
            few = [index[some] for index in at]
            found[some] = self._weighted(few, [share[some] for share in shares], down[some], right[some])
        nearest = self._position(np.floor(rows) + 1, np.floor(columns) + 1)
        return found, inside & self._measured.take(nearest)

    def _position(self, rows: Floats, columns: Floats) -> NDArray[np.intp]:
        down, right = rows - self._window.row, columns - self._window.column
        return down.astype(np.intp) * (self._window.width + 2) + right.astype(np.intp)

    def _plain(self, at: Indices, down: NDArray[Any], right: NDArray[Any]) -> NDArray[np.floating]:
        upper, upper_right, lower, lower_right = (self._values.take(index).astype(self.kind) for index in at)
        upper += right * (upper_right - upper)
        lower += right * (lower_right - lower)
        upper += down * (lower - upper)
        return upper

    def _weighted(
        self, at: Indices, shares: list[Bools], down: NDArray[Any], right: NDArray[Any]
    ) -> NDArray[np.floating]:
        """Leave out pixels without data; the others share their part."""
        parts = ((1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right)
        weights = [part * share for part, share in zip(parts, shares, strict=True)]
        whole = np.add.reduce(weights)
        total = np.add.reduce([w * self._values.take(index) for w, index in zip(weights, at, strict=True)])
        found: NDArray[np.floating] = np.divide(total, whole, out=np.zeros_like(total), where=whole > 0)
        return found


def _strips(lattice: Lattice, downs: range) -> Iterator[tuple[Floats, Floats, tuple[slice, slice]]]:
    """Yield file rows and columns of pixel centres, and the part of the block they are for.

    They are never counted from a window, which differs from block to block.
    """
    block = lattice.block
    skip = block.column - lattice.column
    for down in downs:
        columns, rows = lattice.strip(down)
        first = lattice.row + down * CELL - block.row
        low, high = max(0, first), min(block.height, first + CELL)
        part = np.s_[low - first : high - first, skip : skip + block.width]
        yield rows[part] + _NUDGE, columns[part] + _NUDGE, np.s_[low:high, :]
