"""Two readers behind one: the header of each file decides which of them reads it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from multisat.contracts import Access
from multisat.raster.cog import CogReader, HeaderCache, NotForEngine
from multisat.raster.contract import Raster, Reader
from multisat.raster.gdal import GdalReader

_NO_TIFF = (".jp2", ".j2k", ".nc", ".h5", ".hdf", ".vrt", ".xml", ".png", ".jpg")


class AnyReader:
    """A ``Reader`` that takes the engine for cloud-optimised GeoTIFF, and GDAL for all else.

    Args:
        engine: Reads what it can.
        other: Reads the rest.
    """

    def __init__(self, engine: CogReader | None = None, other: Reader | None = None) -> None:
        self.engine = engine or CogReader()
        self.other = other or GdalReader()

    @classmethod
    def with_cache(cls, folder: Path | None) -> AnyReader:
        """Make a reader that remembers headers in a folder, or none of them."""
        return cls(CogReader(cache=None if folder is None else HeaderCache(folder)))

    @asynccontextmanager
    async def open(self, access: Access, name: str) -> AsyncIterator[Raster]:
        """Open a file; see ``Reader.open``."""
        async with AsyncExitStack() as stack:
            yield await self._opened(stack, access, name)

    def close(self) -> None:
        """Close both."""
        self.engine.close()
        self.other.close()

    async def _opened(self, stack: AsyncExitStack, access: Access, name: str) -> Raster:
        if not urlsplit(name).path.lower().endswith(_NO_TIFF):
            try:
                return await stack.enter_async_context(self.engine.open(access, name))
            except NotForEngine:
                pass
        return await stack.enter_async_context(self.other.open(access, name))
