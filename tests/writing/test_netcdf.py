"""netCDF files that xarray, rioxarray and GDAL open in the same place, with the same numbers."""

import json

import h5netcdf
import numpy as np
import pytest
import rasterio
import rioxarray
from rasterio.drivers import raster_driver_extensions

import multisat as ms
from multisat.writing import write_netcdf

gdal = pytest.mark.skipif(
    "nc" not in raster_driver_extensions(), reason="this GDAL is built without its netCDF driver"
)


@pytest.mark.parametrize("shape", [(3, 20, 30), (1, 1, 1)])
@pytest.mark.parametrize("lazy", [False, True])
def test_xarray_reads_everything_back(cube, comes_back, opened, tmp_path, place, shape, lazy):
    data = cube(place, shape=shape)
    path = write_netcdf(data.chunk(time=2, y=7) if lazy else data, tmp_path / "cube.nc")
    comes_back(path, data, place)
    with opened(path) as again:
        assert again.mask.rio.nodata is None
        assert again.red.attrs["why"] == "a test"
        assert again.attrs["Conventions"] == "CF-1.11"
        assert again.attrs["replaced"] == "one; two"


@gdal
@pytest.mark.parametrize("shape", [(3, 20, 30), (1, 3, 2)])
def test_gdal_reads_the_same(cube, crs, transform, tmp_path, place, shape):
    data = cube(place, shape=shape)
    path = write_netcdf(data, tmp_path / "cube.nc")
    with rasterio.open(f"netcdf:{path}:red") as file:
        assert file.crs == crs(place)
        assert file.transform.almost_equals(transform(place), 1e-9)
        assert np.isnan(file.nodata)
        np.testing.assert_array_equal(file.read(), data.red)
        stamps = [float(file.tags(i + 1)["NETCDF_DIM_time"]) for i in range(file.count)]
        unit = {"milliseconds": "ms"}[file.tags()["time#units"].split()[0]]
    np.testing.assert_array_equal(np.array(stamps).astype(f"M8[{unit}]"), data.time)
    with rasterio.open(f"netcdf:{path}:mask") as file:
        assert file.nodata is None
        np.testing.assert_array_equal(file.read(), data.mask)


@gdal
def test_rioxarray_reads_the_same(cube, crs, tmp_path):
    data = cube()
    path = write_netcdf(data, tmp_path / "cube.nc")
    # rioxarray decodes times with cftime only, whatever the calendar
    with rioxarray.open_rasterio(f"netcdf:{path}:nir", decode_times=False) as again:
        assert again.time.attrs["units"] == "milliseconds since 1970-01-01"
        np.testing.assert_array_equal(again.time.values.astype("M8[ms]"), data.time)
        np.testing.assert_array_equal(again, data.nir)
        assert again.rio.crs == crs("utm")
        assert again.rio.transform() == data.rio.transform()


def test_whole_numbers_keep_no_data_and_scale(cube, opened, tmp_path):
    data = cube(raw=True)
    path = write_netcdf(data, tmp_path / "raw.nc")
    with opened(path, mask_and_scale=False) as again:
        for name in ("red", "scl", "mask"):
            assert again[name].dtype == data[name].dtype
            np.testing.assert_array_equal(again[name], data[name])
        assert again.red.attrs["_FillValue"] == 0
    with opened(path) as again:
        physical = data.red.where(data.red != 0) * 0.0001 - 0.1
        np.testing.assert_allclose(again.red, physical, atol=1e-6)
    if "nc" in raster_driver_extensions():
        with rasterio.open(f"netcdf:{path}:red") as file:
            assert (file.nodata, file.scales[0], file.offsets[0]) == (0, 0.0001, -0.1)


def test_chunks_and_compression(cube, tmp_path):
    path = write_netcdf(cube(shape=(2, 600, 700)), tmp_path / "cube.nc")
    with h5netcdf.File(path) as file:
        assert file["red"].chunks == (1, 512, 512)
        assert (file["red"].compression, file["red"].compression_opts) == ("gzip", 4)
        assert file["time"].attrs["units"].startswith("milliseconds since 1970-01-01")
        assert file["time"].attrs["calendar"] == "standard"
        assert file["red"].attrs["grid_mapping"] == "spatial_ref"
        assert len(file["spatial_ref"].attrs["GeoTransform"].split()) == 6
        assert "crs_wkt" in file["spatial_ref"].attrs
        assert file["mask"].attrs["flag_meanings"] == "clear masked"


def test_what_attributes_cannot_hold_becomes_text(cube, opened, tmp_path):
    data = cube(shape=(1, 3, 3), mask=False)
    data.attrs |= {
        "list": ["a", 1], "numbers": [1, 2.5], "empty": [], "none": None, "yes": True, "mapping": {"a": 1, 2: None},
        "when": data.time.values[0], "signed": "see https://host.example/a.tif?sig=s3cr3t",
    }  # fmt: skip
    data.red.attrs |= {"_FillValue": -1.0, "scale_factor": 2.0, "grid_mapping": "gone"}
    data.red.encoding |= {"dtype": "int16", "_FillValue": -1, "scale_factor": 0.1}
    path = write_netcdf(data, tmp_path / "cube.nc")
    with opened(path) as again:
        assert again.attrs["list"] == "a; 1"
        assert again.attrs["numbers"].tolist() == [1, 2.5]
        assert (again.attrs["empty"], again.attrs["yes"]) == ("", "true")
        assert json.loads(again.attrs["mapping"]) == {"a": 1, "2": None}
        assert "none" not in again.attrs
        np.testing.assert_array_equal(again.red, data.red)
    assert b"s3cr3t" not in path.read_bytes()
    assert data.attrs["list"] == ["a", 1]


@pytest.mark.parametrize(
    "times",
    [
        ["2023-05-04"],
        ["2023-05-04T10:16:43"],
        ["2023-05-04T10:16:43.123456"],
        ["2023-05-04T10:16:43.123456789"],
    ],
)
def test_times_are_exact(cube, opened, tmp_path, times):
    data = cube(shape=(1, 2, 2)).assign_coords(time=np.array(times, dtype="datetime64[ns]"))
    with opened(write_netcdf(data, tmp_path / "cube.nc")) as again:
        np.testing.assert_array_equal(again.time, data.time)


def test_a_raster_without_time_and_an_array(cube, opened, transform, tmp_path):
    ndvi = ms.ndvi(cube()).isel(time=0)
    with opened(write_netcdf(ndvi, tmp_path / "ndvi.nc")) as again:
        np.testing.assert_array_equal(again.ndvi, ndvi)
        assert again.rio.transform() == transform("utm")
        assert again.time.values == ndvi.time.values


def test_an_interrupted_write_leaves_what_was_there(cube, breaking, tmp_path):
    path = write_netcdf(cube(), tmp_path / "cube.nc")
    before = path.read_bytes()
    with pytest.raises(OSError, match="disk is full"):
        write_netcdf(breaking, path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["cube.nc"]
