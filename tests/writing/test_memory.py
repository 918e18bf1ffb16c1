"""What is written is let go of, without waiting until Python looks for circles."""

import gc
import weakref

import numpy as np
import pytest
import xarray as xr

from multisat.writing import write_cog, write_netcdf, write_zarr

WAYS = {"cog": (write_cog, "a.tif"), "netcdf": (write_netcdf, "a.nc"), "zarr": (write_zarr, "a.zarr")}


@pytest.fixture
def uncollected():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("way", WAYS)
def test_pixels_go_with_their_cube(way, tmp_path, uncollected):
    write, name = WAYS[way]
    pixels = np.zeros((64, 64), "float32")
    gone = weakref.ref(pixels)
    cube = _cube(pixels)
    write(cube, tmp_path / name)
    del cube, pixels
    assert gone() is None


def _cube(pixels):
    """Pixels of 10 m in UTM zone 32; the CRS is written before they are there, for ``.rio`` keeps its cube."""
    y, x = 5_000_000 - 10.0 * np.arange(64), 500_000 + 10.0 * np.arange(64)
    placed = xr.Dataset(coords={"y": y, "x": x}).rio.write_crs(32632)
    return placed.assign(red=(("y", "x"), pixels, {"grid_mapping": "spatial_ref"}))
