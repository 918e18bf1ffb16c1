"""The one index a first look needs."""

from __future__ import annotations

import xarray as xr


def ndvi(cube: xr.Dataset) -> xr.DataArray:
    """Return (nir - red) / (nir + red), NaN where the sum is 0 (Rouse et al. 1974).

    Args:
        cube: Reflectance (time, y, x) or (y, x) with the variables ``red`` and ``nir``.

    Returns:
        The NDVI, with the dimensions of the cube, without unit.
    """
    total = cube["nir"] + cube["red"]
    found = ((cube["nir"] - cube["red"]) / total.where(total != 0)).rename("ndvi")
    return found.assign_attrs(long_name="NDVI", units="1", why="(nir - red) / (nir + red)")
