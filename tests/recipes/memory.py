"""A reader of files that were never written: the numbers of the synthetic archive as they are."""

from contextlib import asynccontextmanager
from dataclasses import dataclass

from multisat.raster import Pixels, RasterInfo


@dataclass(frozen=True, kw_only=True)
class MemoryRaster:
    """One open band; see ``multisat.raster.Raster``."""

    info: RasterInfo
    numbers: object

    async def read(self, window, level=0):
        """Return a copy of a window, which the caller may change."""
        assert level == 0
        rows, columns = self.numbers.shape
        assert 0 <= window.row < window.row + window.height <= rows
        assert 0 <= window.column < window.column + window.width <= columns
        part = (
            slice(window.row, window.row + window.height),
            slice(window.column, window.column + window.width),
        )
        return Pixels(values=self.numbers[part].copy())


class MemoryReader:
    """Opens bands by address; see ``multisat.raster.Reader``."""

    def __init__(self, bands):
        self._bands = bands

    @asynccontextmanager
    async def open(self, access, _name):
        """Open a band."""
        grid, band = self._bands[access.href]
        info = RasterInfo(levels=(grid,), dtype=str(band.numbers.dtype), nodata=band.nodata, reader="memory")
        yield MemoryRaster(info=info, numbers=band.numbers)

    def close(self):
        """End the load."""
