"""Where the pixels of a block lie in a file of another grid.

PROJ is asked at the corners of cells of 16 x 16 pixels; between them coordinates are interpolated.
The middle of every cell is asked too, and where it is off by more than a ten-thousandth of a file
pixel, every pixel of that cell is asked. GDAL's own approximation allows an eighth of a pixel.
Cells are counted from the corner of the whole grid, so blocks do not change coordinates.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from multisat.cube.block import Block
from multisat.model import Grid
from multisat.raster import Window

CELL = 16
_TOLERANCE = 1e-4
_LONGEST = 2**22
"""Points given to PROJ at a time."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Lattice:
    """Coordinates of a block's pixel centres in a file, in file pixels from its upper left corner.

    Attributes:
        block: The block.
        source: The file's grid.
        row, column: First pixel of the first cell, counted from the corner of the whole grid.
        columns, rows: File coordinates at the corners of cells, shape (cells down + 1, cells across + 1).
        exact: Cells in which every pixel is asked, shape (cells down, cells across).
        off: Largest distance between an interpolated and a true coordinate, in file pixels.
    """

    block: Block
    source: Grid
    row: int
    column: int
    columns: Floats
    rows: Floats
    exact: NDArray[np.bool_]
    off: float

    def window(self) -> Window | None:
        """Return the file pixels that can be needed, or None if the file does not reach the block."""
        rows, columns = self.rows, self.columns
        if not np.isfinite(self.off):
            return Window(row=0, column=0, height=self.source.shape[0], width=self.source.shape[1])
        slack = 3 + 4 * self.off
        top, bottom = np.floor(np.nanmin(rows)) - slack, np.ceil(np.nanmax(rows)) + slack
        left, right = np.floor(np.nanmin(columns)) - slack, np.ceil(np.nanmax(columns)) + slack
        first_row, last_row = (int(v) for v in np.clip((top, bottom), 0, self.source.shape[0]))
        first_column, last_column = (int(v) for v in np.clip((left, right), 0, self.source.shape[1]))
        if first_row >= last_row or first_column >= last_column:
            return None
        return Window(
            row=first_row,
            column=first_column,
            height=last_row - first_row,
            width=last_column - first_column,
        )

    def strip(self, down: int) -> tuple[Floats, Floats]:
        """Return file columns and rows of all pixels in one row of cells, shape (16, cells across * 16)."""
        along = np.arange(CELL) / CELL
        columns, rows = (_between(nodes[down], nodes[down + 1], along) for nodes in (self.columns, self.rows))
        for across in np.flatnonzero(self.exact[down]):
            part = np.s_[:, across * CELL : (across + 1) * CELL]
            columns[part], rows[part] = self._asked(down, int(across))
        return columns, rows

    def _asked(self, down: int, across: int) -> tuple[Floats, Floats]:
        i = self.row + down * CELL + np.arange(CELL)
        j = self.column + across * CELL + np.arange(CELL)
        return file_pixels(self.block, self.source, *np.meshgrid(i, j, indexing="ij"))


def lattice(block: Block, source: Grid) -> Lattice:
    """Return where the pixels of a block lie in a file."""
    row, column = block.row // CELL * CELL, block.column // CELL * CELL
    down = -(-(block.row + block.height - row) // CELL)
    across = -(-(block.column + block.width - column) // CELL)
    i, j = row + np.arange(down + 1) * CELL, column + np.arange(across + 1) * CELL
    columns, rows = file_pixels(block, source, *np.meshgrid(i, j, indexing="ij"))
    middle = np.meshgrid(i[:-1] + CELL // 2, j[:-1] + CELL // 2, indexing="ij")
    true_columns, true_rows = file_pixels(block, source, *middle)
    off = np.maximum(abs(_middles(columns) - true_columns), abs(_middles(rows) - true_rows))
    return Lattice(
        block=block,
        source=source,
        row=row,
        column=column,
        columns=columns,
        rows=rows,
        exact=~(off <= _TOLERANCE),
        off=float(off.max(initial=0)),
    )


def file_pixels(
    block: Block, source: Grid, i: NDArray[np.int64], j: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Return file columns and rows of the centres of pixels (i, j) of the whole grid; else NaN."""
    at = block.whole.affine
    x: Floats = at.c + (j.astype(np.float64) + 0.5) * at.a
    y: Floats = at.f + (i.astype(np.float64) + 0.5) * at.e
    if source.crs != str(block.whole.crs).upper():
        x, y = _moved(str(block.whole.crs), source.crs, x, y)
    a, _, c, _, e, f = source.transform
    columns: Floats = (x - c) / a
    rows: Floats = (y - f) / e
    return columns, rows


def _moved(crs: str, to: str, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    way = _transformer(crs, to, threading.get_ident())
    moved = [
        way.transform(x.ravel()[k : k + _LONGEST], y.ravel()[k : k + _LONGEST])
        for k in range(0, x.size, _LONGEST)
    ]
    xs, ys = (np.concatenate([np.asarray(part[axis]) for part in moved]).reshape(x.shape) for axis in (0, 1))
    lost = ~(np.isfinite(xs) & np.isfinite(ys))
    xs[lost] = ys[lost] = np.nan
    return xs, ys


@lru_cache(maxsize=32)
def _transformer(crs: str, to: str, thread: int) -> Transformer:  # noqa: ARG001 - one belongs to one thread
    return Transformer.from_crs(crs, to, always_xy=True)


def _between(upper: Floats, lower: Floats, along: Floats) -> Floats:
    """Interpolate a row of cells: first down their edges, then across."""
    edges = upper + (lower - upper) * along[:, None]
    steps = edges[:, 1:] - edges[:, :-1]
    found = edges[:, :-1, None] + steps[:, :, None] * along
    return found.reshape(CELL, -1)


def _middles(nodes: Floats) -> Floats:
    upper, lower = nodes[:-1], nodes[1:]
    edges = upper + (lower - upper) * 0.5
    return edges[:, :-1] + (edges[:, 1:] - edges[:, :-1]) * 0.5
