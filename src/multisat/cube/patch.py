"""One band of one file on a block of the wanted grid."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from multisat.cube.aside import aside, spread
from multisat.cube.block import Block
from multisat.cube.fitting import Fit, fit
from multisat.cube.levels import coarsest, pixel_size
from multisat.cube.maps import Maps
from multisat.cube.resampling import EVERY_PIXEL, TILE, around, by_gdal, reach
from multisat.cube.warping import bilinear, wide
from multisat.model import Grid
from multisat.raster import Pixels, Raster, Window

_NEAREST, _MIXED = 6, 14
"""Bytes that moving a pixel takes while it is done."""

Kind = TypeVar("Kind", bound=np.generic)
Values = NDArray[np.generic]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, slots=True)
class Patch:
    """Pixels of one band on a block.

    Attributes:
        values: Stored numbers, or numbers between them where they were interpolated; shape (y, x).
        valid: Where a number was measured, shape (y, x): inside the file and not no-data.
        reader: What read them.
    """

    values: Values
    valid: Bools
    reader: str


@dataclass(frozen=True, kw_only=True, slots=True)
class How:
    """How numbers are taken from a file.

    Attributes:
        method: GDAL's name of a resampling method.
        nodata: Stored value that means no data; None takes what the file declares.
        codes: Whether numbers are codes: never mixed, never from overviews.
    """

    method: str
    nodata: float | None
    codes: bool = False


async def read_patch(raster: Raster, block: Block, how: How, maps: Maps) -> Patch:
    """Read one band on a block.

    Pixels of a file whose grid fits the block's are given as they are, repeated if they are whole
    times larger. Others are resampled, from the coarsest overview that is no coarser than the block,
    unless numbers are codes or the method counts every pixel.
    """
    info = raster.info
    level = 0 if how.codes or how.method in EVERY_PIXEL else coarsest(info.levels, block)
    nodata = info.nodata if how.nodata is None else how.nodata
    source = _Source(raster=raster, level=level, nodata=nodata)
    fitting = fit(source.grid, block.geobox)
    if fitting is not None:
        values, valid = await _fitted(source, fitting, block)
    elif how.method == "nearest" or how.codes:
        async with maps.room.take(_NEAREST * block.size):
            values, valid = await _nearest(source, block, maps)
    else:
        async with maps.room.take(_MIXED * block.size):
            values, valid = await _resampled(source, block, how.method, maps)
    return Patch(values=values, valid=valid, reader=info.reader)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Source:
    """One level of a file, and which of its numbers is none."""

    raster: Raster
    level: int
    nodata: float | None

    @property
    def grid(self) -> Grid:
        return self.raster.info.levels[self.level]

    @property
    def fill(self) -> float:
        dtype = np.dtype(self.raster.info.dtype)
        return self.nodata if self.nodata is not None and _holds(dtype, self.nodata) else 0.0

    async def read(self, window: Window) -> Pixels:
        return await self.raster.read(window, self.level)

    def measured(self, pixels: Pixels) -> Bools:
        found = known(pixels.values, self.nodata)
        return found if pixels.measured is None else found & pixels.measured

    def nothing(self, block: Block) -> tuple[Values, Bools]:
        empty = np.full(block.shape, self.fill, dtype=self.raster.info.dtype)
        return empty, np.zeros(block.shape, dtype=bool)


async def _fitted(source: _Source, found: Fit, block: Block) -> tuple[Values, Bools]:
    """Read the one window the block covers and place it, repeated where pixels are larger."""
    if found.height == 0 or found.width == 0:
        return source.nothing(block)
    window = Window(row=found.row, column=found.column, height=found.height, width=found.width)
    pixels = await source.read(window)
    return await aside(block.size, lambda: _placed(source, pixels, found, block))


def _placed(source: _Source, pixels: Pixels, found: Fit, block: Block) -> tuple[Values, Bools]:
    values, valid = _repeated(pixels.values, found), _repeated(source.measured(pixels), found)
    if values.shape == block.shape:
        return values, valid
    whole, inside = source.nothing(block)
    place = np.s_[found.at_row : found.at_row + found.rows, found.at_column : found.at_column + found.columns]
    whole[place], inside[place] = values, valid
    return whole, inside


def _repeated(block: NDArray[Kind], found: Fit) -> NDArray[Kind]:
    if found.times > 1:
        block = block.repeat(found.times, axis=0).repeat(found.times, axis=1)
    top, left = found.skip_rows, found.skip_columns
    return block[top : top + found.rows, left : left + found.columns]


async def _nearest(source: _Source, block: Block, maps: Maps) -> tuple[Values, Bools]:
    lattice = await maps.lattice(block, source.grid)
    window = lattice.window()
    if window is None:
        return source.nothing(block)
    mapping = asyncio.create_task(maps.nearest(lattice, window))
    pixels = await source.read(window)
    found = await mapping

    def taken() -> tuple[Values, Bools]:
        values, inside = found.take(pixels.values, source.fill)
        if pixels.measured is not None:
            inside &= found.take(pixels.measured, 0)[0].astype(bool)
        return values, inside & known(values, source.nodata)

    return await aside(block.size, taken)


async def _resampled(source: _Source, block: Block, method: str, maps: Maps) -> tuple[Values, Bools]:
    if method == "bilinear":
        return await _bilinear(source, block, maps)
    tiles = block.tiles(TILE)
    lattices = [await maps.lattice(tile, source.grid) for tile in tiles]
    windows = [reach(found, pixel_size(block, source.grid)) for found in lattices]
    whole = around([window for window in windows if window is not None])
    values = np.full(block.shape, np.nan, dtype=wide(np.dtype(source.raster.info.dtype)))
    if whole is None:
        return values, np.zeros(block.shape, dtype=bool)
    pixels = await source.read(whole)
    clean = np.where(source.measured(pixels), pixels.values.astype(values.dtype), np.nan)

    def fill(some: range) -> None:
        for k in some:
            window = windows[k]
            if window is not None:
                block.put(values, tiles[k], by_gdal(lattices[k], window, clean[window.within(whole)], method))

    await spread(len(tiles), block.size, fill)
    return values, ~np.isnan(values)


async def _bilinear(source: _Source, block: Block, maps: Maps) -> tuple[Values, Bools]:
    lattice = await maps.lattice(block, source.grid)
    window = lattice.window()
    if window is None:
        return source.nothing(block)
    pixels = await source.read(window)
    return await bilinear(lattice, window, pixels.values, source.measured(pixels))


def known(values: Values, nodata: float | None) -> Bools:
    """Return where numbers are not the no-data value; NaN is never a number."""
    floating = values.dtype.kind == "f"
    if nodata is None or math.isnan(nodata) or not _holds(values.dtype, nodata):
        return ~np.isnan(values) if floating else np.ones(values.shape, dtype=bool)
    found = np.asarray(values != values.dtype.type(nodata))
    return found & ~np.isnan(values) if floating else found


def _holds(dtype: np.dtype[np.generic], nodata: float) -> bool:
    """Whether a type can hold a no-data value: a file may declare -9999 for numbers without a sign."""
    if dtype.kind == "f":
        return True
    limits = np.iinfo(dtype.name)
    return limits.min <= nodata <= limits.max and nodata == int(nodata)
