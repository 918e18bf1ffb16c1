"""Pixels with shares, packed as runs inside tiles: inside a polygon all shares of a row are alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from multisat.zones.coverage import Cells

if TYPE_CHECKING:
    from numpy.typing import NDArray

TILE = 256
"""Rows and columns of a tile. Partial results are per tile, so that they do not depend on blocks."""


@dataclass(frozen=True, kw_only=True)
class Runs:
    """The pixels of one area by tile, in each tile row by row.

    Attributes:
        tile: Numbers of the tiles it touches, row by row, rising.
        bounds: Where the runs of each tile begin, and where the last ones end; one more than tiles.
        first: First pixel of a run, ``row * TILE + column`` inside its tile.
        length: Pixels of a run, all in one row.
        share: Share of each of its pixels.
    """

    tile: NDArray[np.int32]
    bounds: NDArray[np.int64]
    first: NDArray[np.uint16]
    length: NDArray[np.uint16]
    share: NDArray[np.float32]


def tiles_of(shape: tuple[int, int]) -> tuple[int, int]:
    """Return rows and columns of tiles of a grid."""
    return -(-shape[0] // TILE), -(-shape[1] // TILE)


def packed(cells: Cells, shape: tuple[int, int]) -> Runs:
    """Pack the pixels of an area.

    Args:
        cells: Pixels in rising order.
        shape: Rows, columns of the grid.
    """
    index, share = cells.index, cells.share
    column = index % shape[1]
    begins = np.ones(len(index), dtype=bool)
    begins[1:] = (np.diff(index) != 1) | (share[1:] != share[:-1]) | (column[1:] % TILE == 0)
    at = np.flatnonzero(begins)
    row, column = index[at] // shape[1], column[at]
    tile = (row // TILE * tiles_of(shape)[1] + column // TILE).astype(np.int32)
    order = np.argsort(tile, kind="stable")
    names, starts = np.unique(tile[order], return_index=True)
    return Runs(
        tile=names,
        bounds=np.append(starts, len(at)).astype(np.int64),
        first=(row % TILE * TILE + column % TILE).astype(np.uint16)[order],
        length=np.diff(np.append(at, len(index))).astype(np.uint16)[order],
        share=share[at][order],
    )


def unpacked(first: NDArray[np.uint16], length: NDArray[np.uint16]) -> NDArray[np.int64]:
    """Return the pixels of runs, as ``row * TILE + column`` inside their tile."""
    sizes = length.astype(np.int64)
    ends = np.cumsum(sizes)
    shift = first - (ends - sizes)
    return np.repeat(shift, sizes) + np.arange(ends[-1] if len(ends) else 0)
