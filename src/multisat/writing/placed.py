"""A cube with the place of its pixels, worked out from its coordinates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import rioxarray  # noqa: F401 - registers the .rio accessor
import xarray as xr
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS

from multisat.errors import UsageError
from multisat.model import Grid
from multisat.model.aoi_check import known_crs

_NAME = re.compile(r"[A-Za-z0-9_][\w .-]*")
_EVEN = 1e-3
"""Share of a pixel that coordinates may be off an even step."""
_SAME = 1e-6


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A cube and where its pixels lie.

    Attributes:
        cube: Variables with the dimensions y and x, and perhaps time.
        crs: As rasterio knows it.
        transform: From column and row to x and y of the upper left corner of a pixel.
    """

    cube: xr.Dataset
    crs: CRS
    transform: Affine

    @classmethod
    def of(cls, data: xr.Dataset | xr.DataArray) -> Placed:
        """Find the place of a cube; what a stored transform says holds only if the coordinates agree.

        Raises:
            UsageError: It has no CRS, no dimensions y and x, or pixels at uneven steps.
        """
        cube = data.to_dataset(name=_title(data)) if isinstance(data, xr.DataArray) else data
        bare = _bare(cube)
        _check(cube, bare.rio.crs)
        return cls(cube=cube, crs=bare.rio.crs, transform=_transform(cube, bare.rio.grid_mapping))

    @property
    def grid(self) -> Grid:
        """The same place as a grid."""
        a, b, c, d, e, f = (float(v) for v in tuple(self.transform)[:6])
        shape = (self.cube.sizes["y"], self.cube.sizes["x"])
        return Grid(crs=known_crs(self.crs.to_wkt()), transform=(a, b, c, d, e, f), shape=shape)

    def north_up(self) -> Placed:
        """Return the cube with rows from north to south."""
        if self.transform.e <= 0:
            return self
        flip = self.transform * Affine(1, 0, 0, 0, -1, self.cube.sizes["y"])
        return Placed(cube=self.cube.isel(y=slice(None, None, -1)), crs=self.crs, transform=flip)

    def said(self) -> xr.Dataset:
        """Return the cube with ``spatial_ref`` saying CRS and transform."""
        plain = self.cube.drop_vars(_grid_mappings(self.cube))
        bare = _bare(plain).rio.write_crs(self.crs).rio.write_transform(self.transform)
        found = plain.assign_coords(spatial_ref=bare["spatial_ref"])
        for name, band in bare.data_vars.items():
            found[name].attrs, found[name].encoding = dict(band.attrs), dict(band.encoding)
        return found


def _bare(cube: xr.Dataset) -> xr.Dataset:
    """Return a cube without its pixels, to ask ``.rio`` of.

    xarray ties an accessor and what it belongs to in a circle, so pixels would stay in memory until Python
    looks for circles, which is seldom.
    """
    return cube.isel(dict.fromkeys(cube.dims, slice(0))).copy(deep=True)


def _title(data: xr.DataArray) -> str:
    return str(data.name) if data.name is not None else "value"


def _check(cube: xr.Dataset, crs: CRS | None) -> None:
    if crs is None:
        raise UsageError("the data has no CRS", hint="write what load() gives")
    if not {"y", "x"} <= set(cube.dims):
        dims = ", ".join(map(str, cube.dims))
        raise UsageError(f"the data has no dimensions y and x but {dims}", hint="rename them")
    if not cube.data_vars:
        raise UsageError("the data has no variables", hint="write what load() gives")
    for name in cube.data_vars:
        if not _NAME.fullmatch(str(name)):
            raise UsageError(f"a variable cannot be called {str(name)[:60]!r}", hint="rename it")
        if cube[name].dtype.kind not in "biuf":
            raise UsageError(f"the variable {name} holds no numbers", hint="drop it")


def _transform(cube: xr.Dataset, mapping: str) -> Affine:
    stored = _stored(cube, mapping)
    if "x" not in cube.coords and "y" not in cube.coords and stored is not None:
        return stored
    if stored is not None and (stored.b or stored.d):
        raise UsageError("the raster is rotated", hint="load it to a grid that is north up")
    c, a = _axis(cube, "x", None if stored is None else (stored.c, stored.a))
    f, e = _axis(cube, "y", None if stored is None else (stored.f, stored.e))
    return Affine(a, 0.0, c, 0.0, e, f)


def _stored(cube: xr.Dataset, mapping: str) -> Affine | None:
    text = str(cube.coords[mapping].attrs.get("GeoTransform", "")) if mapping in cube.coords else ""
    numbers = [float(v) for v in text.split()]
    return Affine.from_gdal(*numbers) if len(numbers) == 6 else None  # noqa: PLR2004 - c a b f d e


def _axis(cube: xr.Dataset, name: str, stored: tuple[float, float] | None) -> tuple[float, float]:
    """Return where the first pixel begins and the signed step, the stored ones if they fit."""
    if name not in cube.coords:
        raise UsageError(f"the data has no coordinates along {name}", hint="write what load() gives")
    at: NDArray[Any] = cube[name].values.astype(np.float64)
    if len(at) == 0:
        raise UsageError(f"the data has no pixels along {name}", hint="choose a larger part")
    step = _step(at, name, stored)
    start = float(at[0]) - step / 2
    if stored is not None and step == stored[1]:
        pixels = (start - stored[0]) / step
        if abs(pixels - round(pixels)) < _EVEN:
            return stored[0] + round(pixels) * step, step
    return start, step


def _step(at: NDArray[np.float64], name: str, stored: tuple[float, float] | None) -> float:
    if len(at) == 1:
        if stored is None:
            raise UsageError(f"one pixel along {name} does not tell its size", hint="use rio.write_transform")
        return stored[1]
    step = float((at[-1] - at[0]) / (len(at) - 1))
    if not step or np.abs(np.diff(at) - step).max() > abs(step) * _EVEN:
        raise UsageError(f"the pixels along {name} lie at uneven steps", hint="resample them to a grid")
    same = stored is not None and abs(step - stored[1]) <= abs(step) * _SAME
    return stored[1] if same and stored is not None else step


def _grid_mappings(cube: xr.Dataset) -> list[str]:
    names = {_bare(cube).rio.grid_mapping, "spatial_ref"}
    return [name for name in sorted(names) if name in cube.coords and cube[name].ndim == 0]
