"""Zarr stores, written at once and block by block, read with xarray, rioxarray and GDAL."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
import xarray as xr
import zarr

import multisat as ms
from multisat.writing import write_zarr

NEW_GDAL = tuple(map(int, rasterio.__gdal_version__.split(".")[:2])) >= (3, 12)


@pytest.mark.parametrize("shape", [(3, 20, 30), (1, 1, 1)])
@pytest.mark.parametrize("lazy", [False, True])
def test_xarray_and_rioxarray_read_everything_back(cube, comes_back, opened, tmp_path, place, shape, lazy):
    data = cube(place, shape=shape)
    path = write_zarr(data.chunk(time=2, y=7) if lazy else data, tmp_path / "cube.zarr")
    comes_back(path, data, place)
    with opened(path) as again:
        assert again.red.encoding["grid_mapping"] == "spatial_ref"
    assert zarr.open_group(path, mode="r").metadata.zarr_format == 3


def test_plain_xarray_opens_it_without_a_warning(cube, tmp_path):
    data = cube()
    with xr.open_zarr(write_zarr(data, tmp_path / "cube.zarr")) as again:
        np.testing.assert_array_equal(again.red, data.red)


@pytest.mark.skipif(
    not NEW_GDAL, reason=f"GDAL {rasterio.__gdal_version__} cannot read Zarr 3 as it is today"
)
def test_gdal_reads_the_same(cube, crs, transform, tmp_path, place):
    data = cube(place)
    path = write_zarr(data, tmp_path / "cube.zarr")
    with rasterio.open(f'ZARR:"{path}":/red') as file:
        assert file.crs == crs(place)
        assert file.transform.almost_equals(transform(place), 1e-9)
        np.testing.assert_array_equal(file.read(), data.red)


def test_whole_numbers_keep_no_data_and_scale(cube, opened, tmp_path):
    data = cube(raw=True)
    path = write_zarr(data, tmp_path / "raw.zarr")
    with opened(path, mask_and_scale=False) as again:
        for name in ("red", "scl", "mask"):
            assert again[name].dtype == data[name].dtype
            np.testing.assert_array_equal(again[name], data[name])
        assert again.red.rio.nodata == 0
    with opened(path) as again:
        np.testing.assert_allclose(again.red, data.red.where(data.red != 0) * 0.0001 - 0.1, atol=1e-6)


@pytest.mark.parametrize(
    ("chunked", "wanted", "expected"),
    [
        (None, None, (1, 512, 512)),
        (None, {"time": -1, "y": 100, "x": 200}, (2, 100, 200)),
        ({"time": 1, "y": 256, "x": 300}, None, (1, 256, 300)),
        ({"time": 2, "y": (100, 500), "x": (300, 400)}, None, (2, 100, 300)),
    ],
)
def test_chunks(cube, opened, tmp_path, chunked, wanted, expected):
    data = cube(shape=(2, 600, 700), mask=False)
    path = write_zarr(data.chunk(chunked) if chunked else data, tmp_path / "c.zarr", chunks=wanted)
    assert zarr.open_group(path, mode="r")["red"].chunks == expected
    with opened(path) as again:
        np.testing.assert_array_equal(again.red, data.red)


def test_an_empty_store_is_filled_block_by_block(cube, opened, crs, tmp_path):
    data = cube(shape=(3, 40, 50), raw=True).assign(ndvi=cube(shape=(3, 40, 50)).red)
    path = write_zarr(data, tmp_path / "cube.zarr", compute=False, chunks={"y": 16, "x": 16})
    assert not list(path.glob("ndvi/c/**/*"))
    with opened(path) as empty:
        assert np.isnan(empty.ndvi).all()
        assert np.isnan(empty.scl).all()
        assert (empty["mask"] == 255).all()
        np.testing.assert_array_equal(empty.time, data.time)
    kept = {p: p.read_bytes() for p in path.rglob("zarr.json")}
    write_zarr(
        data.isel(y=slice(0, 16), x=slice(16, 50)), path, region={"y": slice(0, 16), "x": slice(16, None)}
    )
    write_zarr(data.isel(y=slice(16, 40)).chunk(y=5), path, region="auto")
    write_zarr(data.isel(time=slice(1, 3), y=slice(0, 16), x=slice(0, 16)), path, region="auto")
    with opened(path, mask_and_scale=False) as again:
        for name in data.data_vars:
            np.testing.assert_array_equal(again[name][1:], data[name][1:])
        assert np.isnan(again.ndvi[0, :16, :16]).all()
        np.testing.assert_array_equal(again.ndvi[0, :, 16:], data.ndvi[0, :, 16:])
        assert again.rio.crs == crs("utm")
    assert {p: p.read_bytes() for p in path.rglob("zarr.json")} == kept


@pytest.mark.parametrize(
    ("region", "said"),
    [
        (
            {"y": slice(0, 10), "x": slice(0, 16)},
            r"0:10 along y cuts a chunk of red, which are time 1, y 16, x 16",
        ),
        ({"y": slice(8, 24), "x": slice(0, 16)}, "cuts a chunk"),
        ({"y": slice(16, 40), "x": slice(32, 49)}, "cuts a chunk"),
    ],
)
@pytest.mark.parametrize("auto", [False, True])
def test_a_region_that_cuts_a_chunk_is_refused(cube, opened, tmp_path, region, said, auto):
    data = cube(shape=(3, 40, 50))
    path = write_zarr(data, tmp_path / "cube.zarr", compute=False, chunks={"y": 16, "x": 16})
    with pytest.raises(ms.UsageError, match=said):
        write_zarr(data.isel(region), path, region="auto" if auto else region)
    with opened(path) as again:
        assert np.isnan(again.red).all()


@pytest.mark.parametrize(
    ("spoil", "region", "said"),
    [
        (lambda d: d, {"y": slice(16, 32)}, "elsewhere along y"),
        (lambda d: d, {"y": slice(0, 32)}, "has 32 along y, the data 16"),
        (lambda d: d, {"band": slice(0, 1)}, "no dimension band"),
        (lambda d: d, "all", "region cannot be 'all'"),
        (lambda d: d.assign_coords(x=d.x + 3), "auto", "not in the store along x"),
        (lambda d: d.rio.write_crs(32633), "auto", "another CRS"),
        (lambda d: d.rename(red="blue"), "auto", "no variable blue"),
        (lambda d: d.astype("float64"), "auto", "red is float64"),
    ],
)
def test_a_block_from_elsewhere_is_refused(cube, tmp_path, spoil, region, said):
    data = cube(shape=(3, 40, 50))
    path = write_zarr(data, tmp_path / "cube.zarr", compute=False, chunks={"y": 16, "x": 16})
    with pytest.raises(ms.UsageError, match=said):
        write_zarr(spoil(data.isel(y=slice(0, 16))), path, region=region)


FILL = """
import sys, xarray as xr
from multisat.writing import write_zarr
source, target, first = sys.argv[1], sys.argv[2], int(sys.argv[3])
blocks = [(y, x) for y in range(0, 64, 16) for x in range(0, 64, 16)]
with xr.open_dataset(source, engine="zarr", decode_coords="all", chunks={}) as data:
    for y, x in blocks[first::2]:
        write_zarr(data.isel(y=slice(y, y + 16), x=slice(x, x + 16)), target, region="auto")
"""


def test_processes_write_side_by_side(cube, opened, tmp_path):
    data = cube(shape=(3, 64, 64))
    source = write_zarr(data, tmp_path / "source.zarr")
    target = write_zarr(data, tmp_path / "target.zarr", compute=False, chunks={"time": 3, "y": 16, "x": 16})
    running = [
        subprocess.Popen([sys.executable, "-c", FILL, str(source), str(target), first])
        for first in ("0", "1")
    ]
    assert [one.wait(timeout=100) for one in running] == [0, 0]
    with opened(target) as again:
        for name in data.data_vars:
            np.testing.assert_array_equal(again[name], data[name])


def test_a_store_is_replaced_only_if_asked_and_only_a_store(cube, opened, tmp_path):
    path = write_zarr(cube(), tmp_path / "cube.zarr")
    with pytest.raises(ms.UsageError, match="there already"):
        write_zarr(cube(), path)
    write_zarr(cube(seed=2), path, mode="w")
    with opened(path) as again:
        np.testing.assert_array_equal(again.red, cube(seed=2).red)
    folder = tmp_path / "photos.zarr"
    folder.mkdir()
    (folder / "one.jpg").write_bytes(b"dear")
    with pytest.raises(ms.UsageError, match="no Zarr store"):
        write_zarr(cube(), folder, mode="w")
    assert (folder / "one.jpg").read_bytes() == b"dear"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cube.zarr", "photos.zarr"]


def test_an_interrupted_write_leaves_what_was_there(cube, breaking, opened, tmp_path):
    path = write_zarr(cube(), tmp_path / "cube.zarr")
    with pytest.raises(OSError, match="disk is full"):
        write_zarr(breaking, path, mode="w")
    with opened(path) as again:
        np.testing.assert_array_equal(again.red, cube().red)
    assert [p.name for p in tmp_path.iterdir()] == ["cube.zarr"]


def test_hostile_text_stays_text(cube, opened, tmp_path):
    names = ["../../etc/passwd", "a/b\\c:d", "https://host.example/a.tif?sig=s3cr3t"]
    path = write_zarr(cube().assign_coords(item=("time", names)), tmp_path / "cube.zarr")
    with opened(path) as again:
        assert [str(v) for v in again.item.values] == [*names[:2], "https://host.example/a.tif"]
    assert {p.name for p in path.iterdir() if p.is_dir()} <= {*map(str, cube().variables)}
    with pytest.raises(ms.UsageError, match="cannot be called"):
        write_zarr(cube().rename(red="../../red"), tmp_path / "other.zarr")
    assert not Path(tmp_path / "other.zarr").exists()
