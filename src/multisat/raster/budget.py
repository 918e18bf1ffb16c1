"""Bounded stores of what work takes while it runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Budget:
    """A store of units that are taken before work and given back after it, first come first served.

    Args:
        total: Units; a demand for more than there are waits for all of them.
    """

    def __init__(self, total: int) -> None:
        self._total = self._left = total
        self._turn = asyncio.Lock()
        self._returned = asyncio.Event()

    @asynccontextmanager
    async def take(self, units: int) -> AsyncIterator[None]:
        """Hold units while the block runs."""
        units = min(units, self._total)
        async with self._turn:
            while self._left < units:
                self._returned.clear()
                await self._returned.wait()
            self._left -= units
        try:
            yield
        finally:
            self._left += units
            self._returned.set()
