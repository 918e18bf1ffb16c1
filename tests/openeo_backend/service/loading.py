"""Pixels of scenes on one grid: nearest in place, the first valid of a day in time."""

import math
from dataclasses import dataclass

import numpy as np
import xarray as xr
from pyproj import Transformer


@dataclass(frozen=True, kw_only=True)
class Grid:
    """North up, in metres: the upper left corner, the side of a pixel, rows and columns."""

    crs: str
    x: float
    y: float
    size: float
    rows: int
    columns: int

    @classmethod
    def around(cls, extent, size):
        """Return the grid of whole multiples of a pixel that covers an extent with ``crs``."""
        left, top = math.floor(round(extent["west"] / size, 6)), math.ceil(round(extent["north"] / size, 6))
        right, bottom = (
            math.ceil(round(extent["east"] / size, 6)),
            math.floor(round(extent["south"] / size, 6)),
        )
        return cls(
            crs=extent["crs"],
            x=left * size,
            y=top * size,
            size=size,
            rows=top - bottom,
            columns=right - left,
        )

    @property
    def coords(self):
        """Pixel centres."""
        x = self.x + (np.arange(self.columns) + 0.5) * self.size
        return {"y": self.y - (np.arange(self.rows) + 0.5) * self.size, "x": x}


def nearest(raster, grid):
    """Return the pixel under each centre of a grid, NaN beyond the raster."""
    centres, (height, width) = grid.coords, raster.shape
    x, y = centres["x"][None, :], centres["y"][:, None]
    if raster.crs != grid.crs:
        change = Transformer.from_crs(grid.crs, raster.crs, always_xy=True)
        x, y = change.transform(*(np.ascontiguousarray(one) for one in np.broadcast_arrays(x, y)))
    rows = np.floor((raster.y - y) / raster.size).astype(int)
    columns = np.floor((x - raster.x) / raster.size).astype(int)
    known = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    if not known.any():
        return np.full((grid.rows, grid.columns), np.nan)
    rows, columns = np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)
    top, left = rows.min(), columns.min()
    values = raster.numbers(int(top), int(rows.max()) + 1, int(left), int(columns.max()) + 1)
    return np.where(known, values[rows - top, columns - left], np.nan)


def loaded(scenes, bands, grid):
    """Return scenes as float64 of dimensions (t, bands, y, x), one time step a day."""
    days = sorted({scene.time.date() for scene in scenes})
    cube = np.full((len(days), len(bands), grid.rows, grid.columns), np.nan)
    for scene in scenes:
        step = cube[days.index(scene.time.date())]
        for layer, band in zip(step, bands, strict=True):
            if band in scene.bands:
                layer[:] = np.where(np.isnan(layer), nearest(scene.bands[band], grid), layer)
    coords = {"t": np.array(days, "datetime64[ns]"), "bands": list(bands), **grid.coords}
    return xr.DataArray(cube, dims=("t", "bands", "y", "x"), coords=coords)
