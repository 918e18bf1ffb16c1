"""Results are written like cubes, and read back the same."""

import numpy as np
import pytest
import rasterio
import xarray as xr

from multisat.engine import blocks, run
from multisat.steps import Steps
from multisat.writing import write_cog, write_netcdf, write_zarr

STEPS = Steps().bands("red").mask(["cloud", "shadow"]).index("NDVI").composite("month").clip()


@pytest.fixture(scope="module")
def cube(archive, plain):
    return run(archive.task(STEPS), access=plain)


def same(read, cube):
    for name in ("red", "NDVI", "count"):
        np.testing.assert_array_equal(read[name], cube[name])
        assert read[name].attrs.get("formula") == cube[name].attrs.get("formula")
    for name in ("time", "period_end", "looks", "x", "y"):
        np.testing.assert_array_equal(read[name], cube[name])
    assert read.attrs["recipe"] == cube.attrs["recipe"]
    assert read["count"].dtype == np.uint16


def test_netcdf(cube, tmp_path):
    with xr.open_dataset(write_netcdf(cube, tmp_path / "cube.nc"), decode_coords="all") as read:
        same(read, cube)
        assert read.rio.crs.to_epsg() == 32632


def test_zarr(cube, tmp_path):
    with xr.open_zarr(write_zarr(cube, tmp_path / "cube.zarr"), decode_coords="all") as read:
        same(read, cube)


def test_zarr_block_by_block(archive, plain, cube, tmp_path):
    lazy = run(archive.task(STEPS), access=plain, chunks={"y": 40, "x": 40})
    store = write_zarr(lazy, tmp_path / "cube.zarr", compute=False)
    for _, part in blocks(archive.task(STEPS), access=plain):
        write_zarr(part, store, region="auto")
    with xr.open_zarr(store, decode_coords="all") as read:
        same(read, cube)


def test_cogs(cube, tmp_path):
    files = write_cog(cube, tmp_path)
    assert len(files) == 4
    for number, path in enumerate(files):
        with rasterio.open(path) as file:
            assert file.descriptions == ("red", "NDVI", "count")
            np.testing.assert_array_equal(file.read(2), cube.NDVI[number])
            np.testing.assert_array_equal(file.read(3), cube["count"][number])
