"""Which overview of a file is fine enough for a grid."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from multisat.cube.block import Block
from multisat.cube.lattice import file_pixels
from multisat.model import Grid

_NEAR = 1e-3


def coarsest(levels: Sequence[Grid], block: Block) -> int:
    """Return the coarsest level whose pixels are no larger than the block's.

    Args:
        levels: Grids of a file, full resolution first.
        block: A part of the wanted grid; all parts of it get the same level.
    """
    if len(levels) == 1:
        return 0
    size = pixel_size(block, levels[0])
    tall, wide = levels[0].resolution
    times = [max(grid.resolution[0] / tall, grid.resolution[1] / wide) for grid in levels]
    return max((level for level, factor in enumerate(times) if factor <= size + _NEAR), default=0)


def pixel_size(block: Block, grid: Grid) -> float:
    """Return the shorter side of a pixel in the middle of the whole grid, in file pixels."""
    height, width = block.whole.shape
    i, j = height // 2, width // 2
    columns, rows = file_pixels(block, grid, np.array([i, i + 1, i]), np.array([j, j, j + 1]))
    sides = [math.hypot(columns[k] - columns[0], rows[k] - rows[0]) for k in (1, 2)]
    return float(min(sides)) if all(map(math.isfinite, sides)) else 1.0
