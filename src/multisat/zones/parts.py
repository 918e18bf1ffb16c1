"""The blocks of a grid that areas touch: each is read once, for all areas, variables and dates."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from multisat.cube.block import Block
from multisat.errors import UsageError
from multisat.zones.runs import TILE, tiles_of
from multisat.zones.weights import Weights

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Part:
    """A block to be read, and for whom.

    Attributes:
        block: The pixels.
        zones: Positions of the areas that touch it, rising.
    """

    block: Block
    zones: tuple[int, ...]


def blocks(weights: Weights, size: int = 1024) -> list[Part]:
    """Return the blocks that areas touch, row by row from the upper left corner.

    Args:
        weights: Areas on their grid.
        size: Rows and columns of a block in pixels, made a multiple of 256 by rounding up; blocks at the
            right and lower edge are smaller. Results do not depend on it, to the last bit.

    Raises:
        UsageError: The size is not positive.
    """
    if size < 1:
        raise UsageError(f"blocks of {size} pixels hold nothing", hint="use a size such as 1024")
    side = math.ceil(size / TILE)
    across = tiles_of(weights.shape)[1]
    wide = -(-across // side)
    number = weights.tile // across // side * wide + weights.tile % across // side
    found = []
    for one in np.unique(number):
        row, column = (int(n) * side * TILE for n in divmod(one, wide))
        rows, columns = weights.shape
        block = Block(
            whole=weights.geobox,
            row=row,
            column=column,
            height=min(side * TILE, rows - row),
            width=min(side * TILE, columns - column),
        )
        zones = np.unique(weights.zone[number == one])
        found.append(Part(block=block, zones=tuple(int(z) for z in zones)))
    return found


def tiles_in(block: Block) -> Iterator[tuple[int, slice, slice]]:
    """Give the tiles of a block: number, and the rows and columns in the block.

    Raises:
        UsageError: The block cuts a tile.
    """
    rows, columns = (int(n) for n in block.whole.shape)
    _check(block.row, block.height, rows)
    _check(block.column, block.width, columns)
    across = tiles_of((rows, columns))[1]
    for top in range(0, block.height, TILE):
        for left in range(0, block.width, TILE):
            number = (block.row + top) // TILE * across + (block.column + left) // TILE
            down, right = min(top + TILE, block.height), min(left + TILE, block.width)
            yield number, slice(top, down), slice(left, right)


def _check(start: int, length: int, whole: int) -> None:
    stop = start + length
    if start < 0 or start % TILE or stop > whole or (stop % TILE and stop != whole):
        raise UsageError(
            f"the block from {start} to {stop} does not lie between multiples of {TILE} pixels",
            hint="take the blocks that blocks() gives",
        )


def most_held(weights: Weights, parts: Sequence[Part]) -> int:
    """Return how many pixels of unfinished areas are held at most, if blocks are added in this order.

    Medians and quantiles keep every value of an area until its last block is there: so many values per
    variable and date, 4 bytes each in float32 (8 in float64), and while an area is finished three times as
    much for that one. All else is added up tile by tile.
    """
    first, last = _span(weights, parts)
    size = np.bincount(weights.zone, weights=weights.sizes, minlength=len(weights.zones))
    touched = last >= 0
    steps = np.zeros(len(parts) + 1)
    np.add.at(steps, first[touched], size[touched])
    np.add.at(steps, last[touched] + 1, -size[touched])
    return int(np.cumsum(steps).max(initial=0))


def _span(weights: Weights, parts: Sequence[Part]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first and the last block of each area; the last is -1 where there is none."""
    first = np.full(len(weights.zones), len(parts), dtype=np.int64)
    last = np.full(len(weights.zones), -1, dtype=np.int64)
    for number, part in enumerate(parts):
        touched = list(part.zones)
        first[touched] = np.minimum(first[touched], number)
        last[touched] = number
    return first, last
