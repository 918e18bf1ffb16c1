"""The engine: opens files by their header and reads windows of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
from numpy.typing import NDArray

from multisat.contracts import Access
from multisat.errors import AssetUnreadable
from multisat.raster.budget import Budget
from multisat.raster.cog.codecs import TooFewRowsError, unpack
from multisat.raster.cog.header import Header, header
from multisat.raster.cog.header_cache import HeaderCache
from multisat.raster.cog.layer import Layer
from multisat.raster.cog.limits import Limits
from multisat.raster.cog.ranges import Identity, RangeFile, refuse_page
from multisat.raster.cog.refusals import DamagedError, HeaderCutError, NotForEngine, ReplacedError
from multisat.raster.cog.runs import Run, TilePart, runs
from multisat.raster.contract import Pixels, RasterInfo, Window
from multisat.raster.cores import cores
from multisat.raster.running import together

_FIRST = 16384
"""Bytes of the first request; the headers of most cloud-optimised files fit."""


class CogReader:
    """A ``Reader`` of cloud-optimised GeoTIFF; for one event loop.

    Args:
        limits: What it spends at most.
        cache: Headers of earlier loads, or None to remember none.
    """

    def __init__(self, limits: Limits | None = None, cache: HeaderCache | None = None) -> None:
        self.limits = limits or Limits()
        self._cache = cache
        self._requests = Budget(self.limits.requests)
        self._memory = Budget(self.limits.memory)

    @asynccontextmanager
    async def open(self, access: Access, name: str) -> AsyncIterator[CogRaster]:
        """Open a file; see ``Reader.open``.

        Raises:
            NotForEngine: It is for another reader.
        """
        file = RangeFile(access, self.limits, self._requests, self._memory)
        known = self._cache.get(name) if self._cache is not None else None
        raster = CogRaster(file, name, self.limits, self._cache)
        await raster.know(known)
        yield raster

    def close(self) -> None:
        """Write what the cache is to remember."""
        if self._cache is not None:
            self._cache.flush()


class CogRaster:
    """An open file; see ``Raster``."""

    def __init__(self, file: RangeFile, name: str, limits: Limits, cache: HeaderCache | None) -> None:
        self._file = file
        self._name = name
        self._limits = limits
        self._cache = cache
        self._header: Header

    @property
    def info(self) -> RasterInfo:
        """What the header says."""
        return self._header.info

    async def know(self, known: Header | None) -> None:
        """Take a header that is known, or fetch it."""
        if known is not None:
            self._header = known
            return
        try:
            self._header = await self._fetched()
        except DamagedError as error:
            raise AssetUnreadable(f"the file is damaged: {error}", hint="try again later") from None
        except ReplacedError:
            raise _replaced() from None
        if self._cache is not None:
            self._cache.put(self._name, self._header)

    async def _fetched(self) -> Header:
        start, identity = await self._file.get(0, _FIRST)
        data = bytes(start)
        refuse_page(data)
        while True:
            try:
                return header(data, identity, self._limits)
            except HeaderCutError as cut:
                if cut.stop > self._limits.header:
                    raise NotForEngine("its header is long") from None
                stop = max(cut.stop, 2 * len(data))
                more, _ = await self._file.get(len(data), min(stop, identity.size), identity)
                data += bytes(more)

    async def read(self, window: Window, level: int = 0) -> Pixels:
        """Return the pixels of a window; see ``Raster.read``."""
        try:
            return await self._read(window, level)
        except ReplacedError:
            if self._cache is not None:
                self._cache.forget(self._name)
        except (DamagedError, NotForEngine) as error:
            raise AssetUnreadable(f"the file is damaged: {error}", hint="try again later") from None
        return await self._read_anew(window, level)

    async def _read_anew(self, window: Window, level: int) -> Pixels:
        """Read once more with a fresh header, if the new file has the same grids."""
        before = self.info
        try:
            await self.know(None)
            if not _alike(self.info, before):
                raise _replaced()
            return await self._read(window, level)
        except (ReplacedError, DamagedError, NotForEngine):
            raise _replaced() from None

    async def _read(self, window: Window, level: int) -> Pixels:
        """Read by the header of this moment; another read may find that the file was replaced."""
        known = self._header
        mask = known.mask(level)
        values = self._layer(known.layer(level), window, known.info.nodata, known.identity)
        if mask is None:
            return Pixels(values=await values)
        pixels, inside = await together([values, self._layer(mask, window, 0, known.identity)])
        return Pixels(values=pixels, measured=inside != 0)

    async def _layer(
        self, one: Layer, window: Window, nodata: float | None, known: Identity
    ) -> NDArray[np.generic]:
        """Read a window of an image or mask; tiles that the file leaves out hold no data."""
        place = np.full((window.height, window.width), nodata or 0, dtype=one.dtype)
        await together(self._run(one, run, place, known) for run in runs(one, window))
        return place

    async def _run(self, one: Layer, run: Run, place: NDArray[np.generic], known: Identity) -> None:
        async with self._file.memory.take(run.stop - run.start):
            data, _ = await self._file.get(run.start, run.stop, known)
            loop = asyncio.get_running_loop()
            try:
                await loop.run_in_executor(cores(), _place, one, run, data, place)
            except TooFewRowsError:
                last = run.tiles[-1]
                rest, _ = await self._file.get(run.stop, last.offset + last.count, known)
                await loop.run_in_executor(cores(), _place, one, run, b"".join((data, rest)), place)


def _alike(new: RasterInfo, old: RasterInfo) -> bool:
    """Return whether the pixels of two files mean the same; no-data values may be NaN."""
    same = (new.levels, new.dtype) == (old.levels, old.dtype)
    return same and str(new.nodata) == str(old.nodata)


def _replaced() -> AssetUnreadable:
    return AssetUnreadable("the file was replaced while it was read", hint="load again")


def _place(one: Layer, run: Run, data: bytes | memoryview, place: NDArray[np.generic]) -> None:
    """Unpack the tiles of a run into the window."""
    view = memoryview(data)
    for part in run.tiles:
        start = part.offset - run.start
        packed = view[start : start + part.count]
        _set(place, part, unpack(one, packed, part.rows, part.columns, whole=len(packed) == part.count))


def _set(place: NDArray[np.generic], part: TilePart, block: NDArray[np.generic]) -> None:
    row, column = part.at
    place[row : row + block.shape[0], column : column + block.shape[1]] = block
