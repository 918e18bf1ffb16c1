"""Maps from blocks to files, made once for all bands and dates that share a grid."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine
from typing import Any, TypeVar

from multisat.cube.block import Block
from multisat.cube.lattice import Lattice, lattice
from multisat.cube.warping import NearestMap, nearest_map
from multisat.model import Grid
from multisat.raster import Budget, Window

T = TypeVar("T")
_LARGEST = 256 * 2**20
"""Bytes of maps that are kept."""
_ROOM = 512 * 2**20
"""Bytes that moving pixels may take at a time."""


class Maps:
    """Makes maps in threads and keeps those used last; for one event loop.

    Attributes:
        room: Bytes for moving pixels.
    """

    def __init__(self) -> None:
        self.room = Budget(_ROOM)
        self._made: OrderedDict[tuple[object, ...], tuple[asyncio.Task[Any], int]] = OrderedDict()

    async def lattice(self, block: Block, source: Grid) -> Lattice:
        """Return where a block's pixels lie in a file."""
        making = asyncio.to_thread(lattice, block, source)
        return await self._once(("lattice", *block.key, source), block.size // 8, making)

    async def nearest(self, found: Lattice, window: Window) -> NearestMap:
        """Return which pixels of a window the lattice's block takes."""
        key = ("nearest", *found.block.key, found.source, window)
        return await self._once(key, 4 * found.block.size, nearest_map(found, window))

    async def _once(self, key: tuple[object, ...], size: int, making: Coroutine[Any, Any, T]) -> T:
        if key in self._made:
            making.close()
        else:
            self._made[key] = asyncio.create_task(making), size
            self._forget()
        self._made.move_to_end(key)
        found: T = await asyncio.shield(self._made[key][0])
        return found

    def _forget(self) -> None:
        while len(self._made) > 1 and sum(size for _, size in self._made.values()) > _LARGEST:
            self._made.popitem(last=False)
