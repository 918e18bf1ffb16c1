"""One function for every format: the ending of the path chooses."""

from __future__ import annotations

from pathlib import Path

import xarray as xr

from multisat.errors import UsageError
from multisat.writing import netcdf, zarr
from multisat.writing.cog import write_cog
from multisat.writing.whole import local

_TIFF = (".tif", ".tiff")
_HINT = "use .tif, .nc, .zarr, or a folder for one GeoTIFF per time step"


def write(data: xr.Dataset | xr.DataArray, path: str | Path) -> list[Path]:
    """Write a cube in the format that the ending of a path names; what is there is replaced.

    Args:
        data: Georeferenced pixels; dimensions (y, x) or (time, y, x).
        path: ``.nc`` for netCDF, ``.zarr`` for Zarr, ``.tif`` for one COG, or a folder for one COG per
            time step.

    Returns:
        The files written.

    Raises:
        UsageError: No format has that ending, or a COG would hold several time steps.
    """
    target, form = local(path), check_target(path)
    if form == ".nc":
        return [netcdf.write_netcdf(data, target)]
    if form == ".zarr":
        return [zarr.write_zarr(data, target, mode="w")]
    if form == "folder":
        if "time" not in data.dims:
            raise UsageError(
                "a raster without time is one file", hint=f"name it, such as {target / 'name.tif'}"
            )
        return write_cog(data, target)
    if data.sizes.get("time", 1) != 1:
        raise UsageError(
            f"{target} would hold {data.sizes['time']} time steps", hint="name a folder, .nc or .zarr"
        )
    return write_cog(data.isel(time=0) if "time" in data.dims else data, target)


def check_target(path: str | Path) -> str:
    """Return the format of a path: ``".tif"``, ``".nc"``, ``".zarr"`` or ``"folder"``.

    Args:
        path: What ``write`` is to write.

    Raises:
        UsageError: No format has that ending, what is there cannot be replaced, or a library that
            writes the format is not installed.
    """
    target = local(path)
    ending = target.suffix.lower()
    if ending == ".zarr":
        zarr.check_installed()
        zarr.check_store(target, "w")
        return ending
    if ending in (*_TIFF, ".nc"):
        if target.is_dir():
            raise UsageError(f"{target} is a folder", hint="choose another name")
        if ending == ".nc":
            netcdf.check_installed()
        return ".nc" if ending == ".nc" else ".tif"
    if target.is_dir() or (not ending and not target.exists()):
        return "folder"
    raise UsageError(f"cannot write {target.name}: no format has that ending", hint=_HINT)
