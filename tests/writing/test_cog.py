"""COGs that any tool opens, written whole or not at all."""

import os
import stat
import subprocess
import sys

import numpy as np
import pytest
import rasterio
import rioxarray
import xarray as xr

import multisat as ms
from multisat.writing import write_cog, write_netcdf


@pytest.fixture
def loaded(box):
    found = ms.search(box.places["munich"], "2023-05", collections="sentinel-2-l2a")
    return found.load(["red", "nir"], mask="clear")


def test_one_file_per_step_opens_with_everything_in_place(loaded, tmp_path):
    paths = write_cog(loaded, tmp_path / "out")
    assert [p.name for p in paths] == [
        "20230504T101643_sentinel-2-l2a_sentinel-2a.tif",
        "20230514T101643_sentinel-2-l2a_sentinel-2a.tif",
    ]
    for index, path in enumerate(paths):
        with rasterio.open(path) as file:
            assert file.descriptions == ("red", "nir", "mask")
            assert file.crs.to_epsg() == 32632
            assert file.transform == loaded.rio.transform()
            assert np.isnan(file.nodata)
            assert file.units[:2] == ("1", "1")
            assert (file.scales, file.offsets) == ((1, 1, 1), (0, 0, 0))
            assert "always applies" in file.tags(1)["why"]
            tags = file.tags()
            assert tags["PROVIDER"] == "earth-search"
            assert tags["ITEM"] == str(loaded.item.values[index])
            assert tags["TIME"].startswith("2023-05-")
            assert tags["MASK"].startswith("nodata, saturated")
            assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
            for band, name in enumerate(loaded.data_vars, 1):
                np.testing.assert_array_equal(file.read(band), loaded[name].values[index])


@pytest.mark.parametrize("shape", [(2, 20, 30), (1, 1, 1), (1, 1, 7)])
@pytest.mark.parametrize("lazy", [False, True])
def test_place_and_numbers_come_back(cube, crs, transform, tmp_path, place, shape, lazy):
    data = cube(place, shape=shape)
    paths = write_cog(data.chunk(y=7, x=11) if lazy else data, tmp_path)
    assert len(paths) == shape[0]
    for index, path in enumerate(paths):
        with rasterio.open(path) as file:
            assert file.crs == crs(place)
            assert file.transform == transform(place)
            np.testing.assert_array_equal(file.read(1), data.red.values[index])
            np.testing.assert_array_equal(file.read(3), data.mask.values[index])
        with rioxarray.open_rasterio(path) as again:
            np.testing.assert_allclose(again.x, data.x, rtol=1e-12)


def test_a_part_of_a_cube_has_its_own_place(cube, transform, tmp_path, place):
    part = cube(place, shape=(1, 20, 30)).isel(y=slice(3, 12), x=slice(5, 6))
    with rasterio.open(write_cog(part, tmp_path)[0]) as file:
        assert file.transform.almost_equals(transform(place) * rasterio.Affine.translation(5, 3), 1e-9)
        np.testing.assert_array_equal(file.read(1), part.red.values[0])
    coarse = cube(place, shape=(1, 20, 30)).isel(y=slice(None, None, 2))
    with rasterio.open(write_cog(coarse, tmp_path / "coarse")[0]) as file:
        assert file.res[1] == pytest.approx(2 * file.res[0])


def test_rows_from_south_to_north_are_turned(cube, transform, tmp_path):
    data = cube(shape=(1, 20, 30))
    with rasterio.open(write_cog(data.isel(y=slice(None, None, -1)), tmp_path)[0]) as file:
        assert file.transform == transform("utm")
        np.testing.assert_array_equal(file.read(1), data.red.values[0])


@pytest.mark.parametrize(("mask", "method"), [(True, "NEAREST"), (False, "AVERAGE")])
def test_it_is_a_cloud_optimised_one(cube, tmp_path, mask, method):
    data = cube(shape=(1, 1100, 1300), mask=mask)
    with rasterio.open(write_cog(data, tmp_path)[0]) as file:
        assert file.profile["tiled"]
        assert file.block_shapes[0] == (512, 512)
        assert file.overviews(1) == [2, 4]
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert file.tags()["OVERVIEWS"] == method
        half = file.read(1, out_shape=(550, 650))
    red = data.red.values[0]
    expected = red[::2, ::2] if mask else np.nanmean(red.reshape(550, 2, 650, 2), axis=(1, 3))
    if mask:
        four = red.reshape(550, 2, 650, 2)
        assert (np.isnan(half) | (four == half[:, None, :, None]).any(axis=(1, 3))).all()
    else:
        np.testing.assert_allclose(half, expected, atol=1e-6)


@pytest.mark.parametrize("dtype", ["int16", "uint16"])
def test_scaled_whole_numbers_open_as_reflectance(cube, tmp_path, dtype):
    data = cube(shape=(1, 40, 50))
    data["red"] = data.red.clip(0 if dtype == "uint16" else -0.05)
    data["nir"] = data.nir.clip(0 if dtype == "uint16" else -0.05)
    data.red.values[0, 1, 1] = 0.0
    (path,) = write_cog(data, tmp_path, dtype=dtype)
    with rasterio.open(path) as file:
        assert set(file.dtypes) == {dtype}
        assert file.scales == (0.0001, 0.0001, 1)
        assert file.nodata == {"int16": -32768, "uint16": 65535}[dtype]
        assert file.read(1)[0, 0] == file.nodata
        np.testing.assert_array_equal(file.read(3), data.mask.values[0])
    with rioxarray.open_rasterio(path, mask_and_scale=True, band_as_variable=True) as again:
        np.testing.assert_allclose(again.band_1, data.red[0], atol=0.5001e-4)
        assert np.isnan(again.band_1.values[0, 0])
        assert again.band_1.values[1, 1] == 0


@pytest.mark.parametrize(
    ("dtype", "value"),
    [("uint16", -0.001), ("uint16", 6.5535), ("int16", 3.3), ("int16", -3.2768), ("int16", np.inf)],
)
def test_values_out_of_range_are_refused_by_name(cube, tmp_path, dtype, value):
    data = cube(shape=(1, 4, 4)).clip(0, 1)
    data.nir.values[0, 2, 2] = value
    with pytest.raises(ms.UsageError, match=r"nir: values from .* do not fit"):
        write_cog(data, tmp_path, dtype=dtype)
    assert list(tmp_path.iterdir()) == []


def test_other_dtypes_are_refused(cube, tmp_path):
    with pytest.raises(ms.UsageError, match="int16, uint16"):
        write_cog(cube(), tmp_path, dtype="int8")


def test_stored_numbers_keep_their_type_and_no_data(box, cube, tmp_path):
    raw = ms.search(box.places["munich"], "2023-05-04", collections="sentinel-2-l2a").load(["red"], raw=True)
    with rasterio.open(write_cog(raw, tmp_path / "raw")[0]) as file:
        assert (file.dtypes[0], file.nodata) == ("uint16", 0)
    data = cube(raw=True, mask=False)
    with rasterio.open(write_cog(data, tmp_path / "both")[0]) as file:
        assert (file.dtypes, file.nodata) == (("uint16", "uint16"), 0)
        assert (file.scales, file.offsets) == ((0.0001, 1), (-0.1, 0))
        np.testing.assert_array_equal(file.read(2), data.scl.values[0])
    with rasterio.open(write_cog(cube(raw=True), tmp_path / "differ")[0]) as file:
        assert file.nodata is None
        assert file.tags(1)["nodata"] == "0"


def test_a_raster_without_time_is_one_file(loaded, tmp_path):
    (path,) = write_cog(ms.ndvi(loaded).median("time").rename("ndvi"), tmp_path / "ndvi.tif")
    with rasterio.open(path) as file:
        assert file.count == 1
        assert file.descriptions == ("ndvi",)


def test_names_from_the_network_are_no_paths(cube, tmp_path):
    names = ["../../etc/passwd", "a/b\\c:d", "\x00..%2f"]
    hostile = cube().assign_coords(platform=("time", names), item=("time", names))
    paths = write_cog(hostile, tmp_path / "out")
    assert {p.parent for p in paths} == {tmp_path / "out"}
    assert len({p.name for p in paths}) == 3
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_two_steps_at_one_time_do_not_overwrite_each_other(cube, tmp_path):
    data = cube(shape=(2, 3, 3))
    same = data.assign_coords(time=[data.time.values[0]] * 2, platform=("time", ["one", "one"]))
    assert len({p.read_bytes() for p in write_cog(same, tmp_path / "out")}) == 2


def test_nothing_is_left_of_a_file_that_failed(cube, tmp_path):
    folder = tmp_path / "locked"
    (folder / "red.tif").mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        write_cog(cube().red.isel(time=0), folder / "red.tif")
    assert [p.name for p in folder.iterdir()] == ["red.tif"]


FULL = """
import resource, sys, xarray
from multisat.writing import write_cog, write_netcdf
cube = xarray.open_dataset(sys.argv[1], decode_coords="all").load()
for limit in map(int, sys.argv[3:]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        write_cog(cube, sys.argv[2])
        print("written")
    except OSError as error:
        print(error.strerror)
"""


def test_a_disk_without_room_for_the_last_byte_is_an_error(cube, tmp_path):
    """Files may have no more than a number of bytes."""
    (path,) = write_cog(cube().red.isel(time=0), tmp_path / "red.tif")
    before = path.read_bytes()
    write_netcdf(cube(seed=2)[["red"]].isel(time=0), tmp_path / "cube.nc")
    (size,) = {p.stat().st_size for p in write_cog(cube(seed=2)[["red"]].isel(time=0), tmp_path / "new.tif")}
    limits = [size // 2, size - 1000, size - 2, size - 1]
    script = [sys.executable, "-c", FULL, tmp_path / "cube.nc", path, *map(str, limits)]
    told = subprocess.run(script, capture_output=True, text=True, check=True, timeout=60).stdout
    assert told.splitlines() == ["File too large"] * 4
    assert path.read_bytes() == before
    names = {"cube.nc", "new.tif", "new.json", "red.tif", "red.json"}
    assert {p.name for p in tmp_path.iterdir()} == names


def test_the_mode_of_a_file_follows_the_umask(cube, tmp_path):
    old = os.umask(0o022)
    try:
        (path,) = write_cog(cube().red.isel(time=0), tmp_path / "red.tif")
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda d: xr.Dataset({"a": (("y", "x"), np.zeros((2, 2)))}), "no CRS"),
        (lambda d: d.rename(y="latitude"), "no dimensions y and x"),
        (lambda d: d.assign_coords(x=np.arange(30.0) ** 2), "uneven steps"),
        (lambda d: d.drop_vars("y"), "no coordinates along y"),
        (lambda d: d.isel(x=slice(0, 0)), "no pixels along x"),
        (lambda d: d.rename(red="../red"), "cannot be called"),
        (lambda d: d.assign(names=("time", ["a", "b", "c"])), "holds no numbers"),
        (lambda d: d.red.expand_dims(band=2), "dimensions"),
        (lambda d: d.drop_vars("time"), "no dates"),
        (lambda d: d.assign(mask=d["mask"].assign_attrs(nodata=-9999)), "cannot mean no data"),
        (lambda d: d.assign(mask=d["mask"].assign_attrs(nodata=np.nan)), "cannot mean no data"),
    ],
)
def test_data_no_file_can_hold_is_refused(cube, tmp_path, spoil, said):
    with pytest.raises(ms.UsageError, match=said):
        write_cog(spoil(cube()), tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def test_addresses_are_refused(cube):
    with pytest.raises(ms.UsageError, match="address"):
        write_cog(cube(), "s3://bucket/out")
