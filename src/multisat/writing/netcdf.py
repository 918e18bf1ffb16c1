"""One netCDF file by the CF conventions."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import xarray as xr

from multisat.errors import UsageError
from multisat.writing.cf import BLOCK, chunks_of, conventional
from multisat.writing.placed import Placed
from multisat.writing.whole import local, whole_file

_DEFLATE: dict[str, Any] = {"zlib": True, "complevel": 4}


def write_netcdf(data: xr.Dataset | xr.DataArray, path: str | Path) -> Path:
    """Write a netCDF 4 file that xarray, rioxarray and GDAL open in the same place.

    ``spatial_ref`` holds the CRS and the transform, times are UTC, chunks are one time step of at
    most 512 x 512 pixels, deflated. The file is whole or not there.

    Args:
        data: Georeferenced pixels; dimensions (y, x) or (time, y, x), eager or Dask.
        path: The file.

    Returns:
        The file.

    Raises:
        UsageError: The data has no CRS, or h5netcdf is not installed.
    """
    check_installed()
    cube = conventional(Placed.of(data))
    for band in cube.data_vars.values():
        size = {str(d): min(BLOCK, band.sizes[d]) if d in ("y", "x") else 1 for d in band.dims}
        band.variable.encoding |= {**_DEFLATE, "chunksizes": chunks_of(band, size)} if size else {}
    target = local(path)
    with whole_file(target) as temporary:
        cube.to_netcdf(temporary, engine="h5netcdf")
    return target


def check_installed() -> None:
    """Raise UsageError if netCDF files cannot be written here."""
    if not (find_spec("h5netcdf") and find_spec("h5py")):
        raise UsageError("writing netCDF needs h5netcdf", hint='pip install "multisat-eo[netcdf]"')
