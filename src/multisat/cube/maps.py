"""Maps from blocks to files, made once for all bands and dates that share a grid."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from multisat.cube.block import Block
from multisat.cube.lattice import Lattice, lattice
from multisat.cube.warping import NearestMap, nearest_map
from multisat.model import Grid
from multisat.raster import Window

T = TypeVar("T")
_LARGEST = 256 * 2**20
"""Bytes of maps that are kept."""


class Maps:
    """Makes maps in threads and keeps those used last; for one event loop."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[object, ...], tuple[asyncio.Task[Any], int]] = OrderedDict()

    async def nearest(self, block: Block, source: Grid) -> NearestMap | None:
        """Return which file pixels a block takes, or None if the file does not reach it."""
        rows, columns = block.shape
        return await self._once(
            ("nearest", *block.key, source), 4 * rows * columns, lambda: _nearest(block, source)
        )

    async def lattice(self, block: Block, source: Grid) -> Lattice:
        """Return where a block's pixels lie in a file."""
        rows, columns = block.shape
        return await self._once(
            ("lattice", *block.key, source), rows * columns // 8, lambda: lattice(block, source)
        )

    async def _once(self, key: tuple[object, ...], size: int, make: Callable[[], T]) -> T:
        if key not in self._made:
            self._made[key] = asyncio.ensure_future(asyncio.to_thread(make)), size
            self._forget()
        self._made.move_to_end(key)
        found: T = await asyncio.shield(self._made[key][0])
        return found

    def _forget(self) -> None:
        while len(self._made) > 1 and sum(size for _, size in self._made.values()) > _LARGEST:
            self._made.popitem(last=False)


def _nearest(block: Block, source: Grid) -> NearestMap | None:
    found = lattice(block, source)
    reach = found.window()
    if reach is None:
        return None
    row, column, height, width = reach
    return nearest_map(found, Window(row=row, column=column, height=height, width=width))
