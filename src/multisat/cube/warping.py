"""Moving a file's pixels to a grid that is not theirs: nearest and bilinear.

A nearest pixel is the file pixel in which the centre of the wanted one lies. Bilinear numbers leave
out pixels without data; where the nearest file pixel has no data there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from multisat.cube.lattice import CELL, Lattice
from multisat.raster import Window

_NUDGE = 1e-6
"""File pixels. A centre on the edge of two file pixels falls into the right (lower) one, whatever
the rounding of its coordinates."""

Values = NDArray[np.generic]
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
        inside = self.index >= 0
        if inside.all():
            return values.ravel().take(self.index), inside
        found = values.ravel().take(self.index, mode="clip")
        found[~inside] = fill
        return found, inside


def nearest_map(lattice: Lattice, window: Window) -> NearestMap:
    """Return which pixel of a window each pixel of the lattice's block takes."""
    index = np.empty(lattice.block.shape, dtype=np.int32)
    for rows, columns, part in _strips(lattice, window):
        inside = (rows >= 0) & (rows < window.height) & (columns >= 0) & (columns < window.width)
        if inside.all():
            part_index = rows.astype(np.int32) * np.int32(window.width) + columns.astype(np.int32)
        else:
            safe_rows, safe_columns = np.where(inside, rows, 0), np.where(inside, columns, 0)
            flat = safe_rows.astype(np.int32) * np.int32(window.width) + safe_columns.astype(np.int32)
            part_index = np.where(inside, flat, np.int32(-1))
        index[part] = part_index
    return NearestMap(window=window, index=index)


def bilinear(
    lattice: Lattice, window: Window, values: Values, measured: Bools
) -> tuple[NDArray[np.floating], Bools]:
    """Return interpolated numbers of a block and where there are any.

    Args:
        lattice: Where the block's pixels lie in the file.
        window: The window of the file.
        values: Its pixels.
        measured: Where they have data.
    """
    kind = np.float64 if values.dtype.itemsize > 2 and values.dtype != np.float32 else np.float32  # noqa: PLR2004
    clean: NDArray[np.floating] = np.where(measured, values, 0).astype(kind)
    found = np.empty(lattice.block.shape, dtype=kind)
    known = np.empty(lattice.block.shape, dtype=bool)
    for rows, columns, part in _strips(lattice, window):
        found[part], known[part] = _mixed(clean, measured, rows - _NUDGE, columns - _NUDGE)
    return found, known


def _mixed(
    values: NDArray[np.floating], measured: Bools, rows: NDArray[np.float64], columns: NDArray[np.float64]
) -> tuple[NDArray[np.floating], Bools]:
    height, width = values.shape
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    y, x = np.where(inside, rows, 0) - 0.5, np.where(inside, columns, 0) - 0.5
    top, left = np.floor(y).astype(np.intp), np.floor(x).astype(np.intp)
    down, right = (y - top).astype(values.dtype), (x - left).astype(values.dtype)
    total, weights = np.zeros(rows.shape, values.dtype), np.zeros(rows.shape, values.dtype)
    for i, share_y in ((top, 1 - down), (top + 1, down)):
        for j, share_x in ((left, 1 - right), (left + 1, right)):
            at = np.clip(i, 0, height - 1), np.clip(j, 0, width - 1)
            weight = share_y * share_x * measured[at]
            total += weight * values[at]
            weights += weight
    nearest = np.where(inside, rows, 0).astype(np.intp), np.where(inside, columns, 0).astype(np.intp)
    known = inside & measured[nearest]
    return np.divide(total, weights, out=np.zeros_like(total), where=known), known


def _strips(
    lattice: Lattice, window: Window
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64], tuple[slice, slice]]]:
    """Yield rows and columns in the window, and the part of the block they are for."""
    block = lattice.block
    skip = block.column - lattice.column
    for down in range(lattice.exact.shape[0]):
        columns, rows = lattice.strip(down)
        first = lattice.row + down * CELL - block.row
        low, high = max(0, first), min(block.height, first + CELL)
        part = np.s_[low - first : high - first, skip : skip + block.width]
        yield (
            rows[part] - (window.row - _NUDGE),
            columns[part] - (window.column - _NUDGE),
            np.s_[low:high, :],
        )
