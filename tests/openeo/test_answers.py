"""Files of any form, placed on the grid of the task or refused."""

import numpy as np
import pytest
import rasterio
import xarray as xr
from pyproj import CRS
from rasterio.transform import from_origin

from multisat.errors import InvalidAnswer
from multisat.model import Grid
from multisat_openeo.answers import slices

GRID = Grid(crs="EPSG:32632", transform=(10.0, 0.0, 600000.0, 0.0, -10.0, 5340000.0), shape=(3, 4))
NUMBERS = np.arange(12, dtype=np.float32).reshape(3, 4)


def dataset(numbers=NUMBERS, *, x=600005.0, y=5339995.0, crs="EPSG:32632", step=10.0):
    """A file as back-ends write them."""
    rows, columns = numbers.shape[-2:]
    coords = {
        "t": np.array(["2023-05-01"], "datetime64[ns]"),
        "y": y - step * np.arange(rows),
        "x": x + step * np.arange(columns),
    }
    cube = xr.Dataset({"red": (("t", "y", "x"), numbers[None])}, coords=coords)
    cube["crs"] = ((), 0, CRS(crs).to_cf())
    return cube


def read(cube, folder, engine="h5netcdf"):
    path = folder / "result.nc"
    cube.to_netcdf(path, engine=engine)
    return slices([path], GRID)


@pytest.mark.parametrize("engine", ["h5netcdf", "scipy"])
def test_netcdf(tmp_path, engine):
    (found,) = read(dataset(), tmp_path, engine)
    assert found.time == np.datetime64("2023-05-01")
    np.testing.assert_array_equal(found.layers["red"], NUMBERS)


def test_rows_from_south_to_north_and_other_orders_of_dimensions(tmp_path):
    (found,) = read(dataset().isel(y=slice(None, None, -1)).transpose("x", "y", "t"), tmp_path)
    np.testing.assert_array_equal(found.layers["red"], NUMBERS)


def test_more_pixels_are_cut_and_missing_ones_are_empty(tmp_path):
    wide = np.pad(NUMBERS, ((1, 0), (1, 0)), constant_values=-1)[:, :-1]
    (found,) = read(dataset(wide, x=599995.0, y=5340005.0), tmp_path)
    np.testing.assert_array_equal(found.layers["red"][:, :3], NUMBERS[:, :3])
    assert np.isnan(found.layers["red"][:, 3]).all()


def test_numbers_without_data_are_empty(tmp_path):
    cube = dataset()
    cube["red"].encoding = {"dtype": "int16", "_FillValue": -32768}
    cube["red"][0, 0, 0] = np.nan
    (found,) = read(cube, tmp_path)
    assert np.isnan(found.layers["red"][0, 0])
    assert found.layers["red"][2, 3] == 11


def test_other_pixels_are_never_resampled(tmp_path):
    for wrong in (dataset(x=600009.0), dataset(step=20.0)):
        with pytest.raises(InvalidAnswer, match="not those of the plan"):
            read(wrong, tmp_path)
    with pytest.raises(InvalidAnswer, match="EPSG:32633"):
        read(dataset(crs="EPSG:32633"), tmp_path)


def tiff(path, *, bands=("red", "nir")):
    at = from_origin(600000, 5340000, 10, 10)
    profile = {"driver": "GTiff", "count": len(bands), "height": 3, "width": 4, "dtype": "float32"}
    with rasterio.open(path, "w", **profile, crs="EPSG:32632", transform=at, nodata=np.nan) as file:
        file.write(np.stack([NUMBERS + number for number in range(len(bands))]))
        file.descriptions = bands
    return path


def test_a_geotiff_a_day(tmp_path):
    paths = [tiff(tmp_path / f"openEO_2023-0{month}-01Z.tif") for month in (5, 6)]
    first, second = slices(paths, GRID)
    assert (str(first.time)[:10], str(second.time)[:10]) == ("2023-05-01", "2023-06-01")
    np.testing.assert_array_equal(first.layers["nir"], NUMBERS + 1)


def test_a_geotiff_of_several_times_is_refused(tmp_path):
    with pytest.raises(InvalidAnswer, match="does not say which"):
        slices([tiff(tmp_path / "openEO.tif", bands=("red", "red"))], GRID)


def test_what_is_no_raster_is_refused(tmp_path):
    path = tmp_path / "result.nc"
    path.write_bytes(b'{"a": 1}')
    with pytest.raises(InvalidAnswer, match="neither netCDF nor GeoTIFF"):
        slices([path], GRID)
