"""Cubes as files, as the service writes them."""

import tempfile
from pathlib import Path

import numpy as np
import rasterio
from openeo_driver.errors import FeatureUnsupportedException
from pyproj import CRS
from rasterio.transform import from_origin

NOTHING = -32768
"""No data in whole numbers."""
_NETCDF, _TIFF = "application/x-netcdf", "image/tiff; application=geotiff"


def one_file(cube, filename, kind):
    """Write a cube as one file and return its path; a GeoTIFF has all bands of a day, then those of the next."""
    if kind.lower() == "gtiff":
        return str(_tiff(cube, cube.cropped(), Path(filename)))
    folder = tempfile.mkdtemp()
    return next(iter(assets(cube, folder, kind).values()))["href"]


def assets(cube, folder, kind):
    """Write a cube into a folder and return its files by name; a GeoTIFF a day."""
    folder = Path(folder) if Path(folder).is_dir() else Path(folder).parent
    writers = {"netcdf": _netcdfs, "gtiff": _tiffs}
    if kind.lower() not in writers:
        raise FeatureUnsupportedException(message=f"Raster cubes cannot be saved as {kind!r}.")
    paths, media = writers[kind.lower()](cube, folder)
    told = {"roles": ["data"], "type": media, "proj:epsg": int(cube.crs.partition(":")[2])}
    return {path.name: {**told, "href": str(path), "output_dir": str(folder)} for path in paths}


def _netcdfs(cube, folder):
    path = folder / "openEO.nc"
    dataset(cube).to_netcdf(path, engine="h5netcdf")
    return [path], _NETCDF


def dataset(cube):
    """Return a cube as a dataset: a variable a band, or ``var``."""
    data = cube.cropped()
    if "bands" in data.dims:
        found = data.assign_coords(bands=[str(one) for one in data.bands.values]).to_dataset("bands")
    else:
        found = data.to_dataset(name="var")
    for one in found.data_vars.values():
        one.attrs["grid_mapping"] = "crs"
        one.encoding = {
            "dtype": cube.kind,
            "_FillValue": NOTHING if cube.kind == "int16" else np.float32(np.nan),
        }
        one.encoding |= {"zlib": True, "complevel": 1}
    found["crs"] = ((), 0, CRS(cube.crs).to_cf())
    for axis in "xy":
        found[axis].attrs = {"standard_name": f"projection_{axis}_coordinate", "units": "m"}
    if "t" in found.dims:
        found.t.encoding = {"units": "days since 1990-01-01", "dtype": "int32"}
        found.t.attrs = {"standard_name": "t", "long_name": "t", "axis": "T"}
    return found.assign_attrs(Conventions="CF-1.9", institution="synthetic openEO backend")


def _tiffs(cube, folder):
    data = cube.cropped()
    if "t" not in data.dims:
        return [_tiff(cube, data, folder / "openEO.tif")], _TIFF
    days = [str(one)[:10] for one in data.t.values]
    return [_tiff(cube, data.isel(t=k), folder / f"openEO_{day}Z.tif") for k, day in enumerate(days)], _TIFF


def _tiff(cube, data, path):
    grid = cube.grid
    layers = data.transpose(..., "y", "x").values.reshape(-1, data.sizes["y"], data.sizes["x"])
    whole = cube.kind == "int16"
    layers = np.where(np.isnan(layers), NOTHING, layers) if whole else layers
    profile = {
        "driver": "GTiff",
        "count": len(layers),
        "height": layers.shape[1],
        "width": layers.shape[2],
        "dtype": cube.kind,
        "nodata": NOTHING if whole else np.nan,
        "crs": cube.crs,
        "transform": from_origin(
            data.x.values[0] - grid.size / 2, data.y.values[0] + grid.size / 2, grid.size, grid.size
        ),
        "compress": "deflate",
        "tiled": True,
    }
    names = [str(one) for one in data.bands.values] if "bands" in data.dims else ["var"]
    with rasterio.open(path, "w", **profile) as file:
        file.write(layers.astype(cube.kind))
        file.descriptions = [names[k % len(names)] for k in range(len(layers))]
    return path
