"""COGs that any tool opens, written whole or not at all."""

import os
import stat

import numpy as np
import pytest
import rasterio
import xarray as xr

import multisat as ms
from multisat.cube import write_cog


@pytest.fixture
def cube(box):
    found = ms.search(box.places["munich"], "2023-05", collections="sentinel-2-l2a")
    return found.load(["red", "nir"], mask="clear")


def test_one_file_per_step_opens_with_everything_in_place(cube, tmp_path):
    paths = write_cog(cube, tmp_path / "out")
    assert [p.name for p in paths] == [
        "20230504T101643_sentinel-2-l2a_sentinel-2a.tif",
        "20230514T101643_sentinel-2-l2a_sentinel-2a.tif",
    ]
    for index, path in enumerate(paths):
        with rasterio.open(path) as file:
            assert file.descriptions == ("red", "nir", "mask")
            assert file.crs.to_epsg() == 32632
            assert file.transform == cube.rio.transform()
            assert np.isnan(file.nodata)
            assert file.units[:2] == ("1", "1")
            assert "always applies" in file.tags(1)["why"]
            tags = file.tags()
            assert tags["PROVIDER"] == "earth-search"
            assert tags["ITEM"] == str(cube.item.values[index])
            assert tags["TIME"].startswith("2023-05-")
            assert tags["MASK"].startswith("nodata, saturated")
            assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
            np.testing.assert_array_equal(file.read(1), cube.red.values[index])


def test_a_raster_without_time_is_one_file(cube, tmp_path):
    (path,) = write_cog(ms.ndvi(cube).median("time").rename("ndvi"), tmp_path / "ndvi.tif")
    with rasterio.open(path) as file:
        assert file.count == 1
        assert file.descriptions == ("ndvi",)


def test_stored_numbers_keep_their_type_and_no_data(box, tmp_path):
    raw = ms.search(box.places["munich"], "2023-05-04", collections="sentinel-2-l2a").load(["red"], raw=True)
    with rasterio.open(write_cog(raw, tmp_path / "raw")[0]) as file:
        assert (file.dtypes[0], file.nodata) == ("uint16", 0)


def test_names_from_the_network_are_no_paths(cube, tmp_path):
    hostile = cube.assign_coords(platform=("time", ["../../etc/passwd", "a/b\\c:d"]))
    paths = write_cog(hostile, tmp_path / "out")
    assert {p.parent for p in paths} == {tmp_path / "out"}
    assert len({p.name for p in paths}) == 2


def test_two_steps_at_one_time_do_not_overwrite_each_other(cube, tmp_path):
    same = cube.assign_coords(time=[cube.time.values[0]] * 2)
    assert len(set(write_cog(same, tmp_path / "out"))) == 2


def test_nothing_is_left_of_a_file_that_failed(cube, tmp_path):
    folder = tmp_path / "locked"
    folder.mkdir()
    (folder / "ndvi.tif").mkdir()
    with pytest.raises(IsADirectoryError):
        write_cog(ms.ndvi(cube).median("time").rename("ndvi"), folder / "ndvi.tif")
    assert [p.name for p in folder.iterdir()] == ["ndvi.tif"]


def test_the_mode_of_a_file_follows_the_umask(cube, tmp_path):
    old = os.umask(0o022)
    try:
        (path,) = write_cog(ms.ndvi(cube).median("time").rename("ndvi"), tmp_path / "ndvi.tif")
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_data_without_a_place_is_refused(tmp_path):
    with pytest.raises(ms.UsageError, match="no CRS"):
        write_cog(xr.DataArray(np.zeros((2, 2)), dims=("y", "x")), tmp_path / "x.tif")
