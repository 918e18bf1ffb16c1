"""Blocks that are computed one after another, small enough for what is in work at a time."""

from __future__ import annotations

from itertools import pairwise

from multisat.cube.block import Block
from multisat.cube.eager import IN_HAND
from multisat.engine.looks import Looks
from multisat.engine.plan import Plan
from multisat.engine.series import Series
from multisat.model import Grid

WORK = 512 * 2**20
"""Bytes in work at a time, beside the result."""
ROOM = WORK - IN_HAND - 64 * 2**20
"""Of them, those for time steps and periods; others hold what comes from servers and what is sorted."""
TILE = 1024
"""Pixels. The largest tiles that files of these archives have; smaller ones divide it. A file's tile is
fetched once if blocks begin and end on its edges."""
_BATCH = 32 * 2**20
"""Bytes of the time steps of several periods that are read together; one period may take more."""
_AT_ONCE = 2
"""Batches in memory: one is read while another is computed."""
_COPIES = 2
"""Blocks that are reduced and in memory: the last one is in use while the next one is made."""
_BESIDE = 16
"""Bytes a pixel takes for what is made and thrown away: positions, counts, sums."""


def cut(plan: Plan, within: Block, room: int = ROOM) -> list[Block]:
    """Return the blocks of a part of the grid, row by row: tiles, or slices of tiles if those do not fit.

    What a pixel becomes does not depend on its block.

    Args:
        plan: What is computed.
        within: The part of the grid.
        room: Bytes for time steps and periods.
    """
    most = room // (_AT_ONCE * _step(plan) * max(one.most for one in plan.both) + _rest(plan))
    if within.size <= min(most, TILE * TILE):
        return [within]
    row, column = _corner(plan)
    rows = _edges(within.row, within.height, row, _height(most, within.width))
    columns = _edges(within.column, within.width, column, TILE)
    return [
        Block(whole=within.whole, row=top, column=left, height=bottom - top, width=right - left)
        for top, bottom in pairwise(rows)
        for left, right in pairwise(columns)
    ]


def batches(plan: Plan, series: Series, block: Block, room: int = ROOM) -> list[range]:
    """Return the periods of a series that are read and reduced together on a block, by position."""
    return series.batches(min(room, _BATCH) // (block.size * _step(plan)))


def _step(plan: Plan) -> int:
    """Return the bytes one time step of one pixel takes."""
    return Looks.bytes_a_pixel(plan.steps)


def _rest(plan: Plan) -> int:
    """Return the bytes a pixel takes beside its time steps."""
    one = 4 * len(plan.steps.variables) + 2
    return _BESIDE + _COPIES * one * sum(series.length for series in plan.both)


def _height(most: int, width: int) -> int:
    """Return the height of blocks of no more than so many pixels: a tile, its half, its quarter and so on."""
    rows = min(TILE, most // min(TILE, width))
    return 1 << max(0, rows.bit_length() - 1)


def _edges(start: int, length: int, corner: int, size: int) -> list[int]:
    """Return the edges of blocks along one dimension, on whole sizes counted from a file's corner."""
    stop = start + length
    if size >= length:
        return [start, stop]
    first = start - (start + corner) % size + size
    return [start, *range(first, stop, size), stop]


def _corner(plan: Plan) -> tuple[int, int]:
    """Return the row and column of a file on which the grid begins, (0, 0) if no file has its pixels."""
    at = plan.target.affine
    for scene in plan.scenes[:1]:
        grids = [asset.grid for asset in scene.assets.values() if asset.grid is not None]
        for grid in grids:
            if _same_pixels(grid, plan):
                _, _, x, _, _, y = grid.transform
                return round((at.f - y) / at.e), round((at.c - x) / at.a)
    return 0, 0


def _same_pixels(grid: Grid, plan: Plan) -> bool:
    at = plan.target.affine
    return grid.crs == str(plan.target.crs).upper() and (grid.transform[0], grid.transform[4]) == (at.a, at.e)
