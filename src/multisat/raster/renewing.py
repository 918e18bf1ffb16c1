"""A file whose signature or login may end while it is read: it is opened anew with a fresh one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from multisat.contracts import Access
from multisat.errors import AssetRefused, AssetUnreadable
from multisat.raster.contract import Pixels, Raster, RasterInfo, Reader, Window
from multisat.raster.leading import final, has_own_headers

Ask = Callable[[], Awaitable[Access]]
"""Says how to open a file now."""


@asynccontextmanager
async def opened(reader: Reader, ask: Ask, name: str) -> AsyncIterator[Raster]:
    """Open a file; what its server refuses is asked for once more.

    Args:
        reader: Opens it.
        ask: Says how, now.
        name: Its unsigned address.

    Raises:
        AssetUnreadable: The file is gone, no raster, or refused with a fresh access, too.
        CredentialsError: A login is missing or was refused.
    """
    try:
        async with AsyncExitStack() as stack:
            file = _Renewed(reader, ask, name, stack)
            await file.begin()
            yield file
    except AssetUnreadable as error:
        # Readers leave out the library's own error, which quotes the signed address; let go of it, too.
        error.__context__ = None
        raise


class _Renewed:
    """An open file; see ``Raster``."""

    def __init__(self, reader: Reader, ask: Ask, name: str, stack: AsyncExitStack) -> None:
        self._reader, self._ask, self._name, self._stack = reader, ask, name, stack
        self._turn = asyncio.Lock()
        self._access: Access
        self._raster: Raster

    @property
    def info(self) -> RasterInfo:
        """What the header says."""
        return self._raster.info

    async def begin(self) -> None:
        """Open it."""
        try:
            await self._open()
        except AssetRefused as error:
            await self._renew(error)

    async def read(self, window: Window, level: int = 0) -> Pixels:
        """Return the pixels of a window; see ``Raster.read``."""
        raster = self._raster
        try:
            return await raster.read(window, level)
        except AssetRefused as error:
            async with self._turn:
                if self._raster is raster:
                    await self._renew(error)
        return await self._raster.read(window, level)

    async def _open(self) -> None:
        access = self._access = await self._ask()
        if has_own_headers(access):
            access = await asyncio.to_thread(final, access)
        opening = self._reader.open(access, self._name)
        self._raster = await self._stack.enter_async_context(opening)

    async def _renew(self, error: AssetRefused) -> None:
        if self._access.refused is None:
            raise error
        before = self._raster.info if hasattr(self, "_raster") else None
        await asyncio.to_thread(self._access.refused)
        await self._open()
        if before is not None and before.levels != self.info.levels:
            raise AssetUnreadable("the file was replaced while it was read", hint="load again")
