"""Cubes with known numbers, as load() makes them and as others do."""

import numpy as np
import pytest
import rioxarray  # noqa: F401 - registers the .rio accessor
import xarray as xr
from affine import Affine
from rasterio.crs import CRS

CUSTOM = CRS.from_proj4(
    "+proj=laea +lat_0=48.3 +lon_0=11.5 +x_0=12345 +y_0=54321 +datum=WGS84 +units=m"
).to_wkt(version="WKT2_2019")
PLACES = {
    "utm": ("EPSG:32632", Affine(10, 0, 684910, 0, -10, 5356050)),
    "degrees": ("EPSG:4326", Affine(0.0001, 0, 11.5, 0, -0.0001, 48.3)),
    "custom": (CUSTOM, Affine(30, 0, 12000, 0, -30, 55000)),
}
TIMES = ("2023-05-04T10:16:43.024", "2023-05-14T10:16:43.500", "2023-06-01")


def make(place="utm", *, shape=(3, 20, 30), raw=False, mask=True, seed=1):
    """A cube (time, y, x): red and nir as reflectance or raw numbers, scl if raw, mask."""
    rng = np.random.default_rng(seed)
    crs, at = PLACES[place]
    steps, rows, columns = shape
    dims = ("time", "y", "x")
    if raw:
        red = rng.integers(0, 12000, shape).astype("uint16")
        scl = rng.integers(0, 12, shape).astype("uint8")
        attrs = {"nodata": 0, "scale": 0.0001, "offset": -0.1, "units": ""}
        found = {"red": (dims, red, attrs), "scl": (dims, scl, {"nodata": 0, "units": ""})}
    else:
        bands = rng.uniform(-0.05, 1.2, (2, *shape)).astype("float32")
        bands[:, :, 0, 0] = np.nan
        attrs = {"units": "1", "why": "a test", "long_name": "a band"}
        found = {"red": (dims, bands[0], attrs), "nir": (dims, bands[1], attrs)}
    if mask:
        found["mask"] = (dims, rng.integers(0, 2, shape).astype("uint8"), {"classes": "nodata, cloud"})
    coords = {
        "time": np.array(TIMES[:steps], dtype="datetime64[ns]"),
        "y": at.f + (np.arange(rows) + 0.5) * at.e,
        "x": at.c + (np.arange(columns) + 0.5) * at.a,
        "platform": ("time", ["sentinel-2a", "sentinel-2b", "landsat-9"][:steps]),
        "collection": ("time", ["sentinel-2-l2a", "sentinel-2-l2a", "landsat-c2-l2"][:steps]),
        "provider": ("time", ["earth-search"] * steps),
        "item": ("time", ["S2A_1,S2A_2", "S2B_1", "LC09_1"][:steps]),
        "cloud_cover": ("time", [12.5, np.nan, 0.0][:steps]),
    }
    attrs = {"skipped": [], "replaced": ["one", "two"], "mask": "nodata, cloud", "left_out": 0}
    bare = xr.Dataset(found, coords=coords, attrs=attrs)
    return bare.rio.write_crs(crs).rio.write_transform(at)


@pytest.fixture
def cube():
    return make


@pytest.fixture
def transform():
    return lambda place: PLACES[place][1]


@pytest.fixture
def crs():
    return lambda place: CRS.from_user_input(PLACES[place][0])


@pytest.fixture(params=PLACES)
def place(request):
    """Each of the places in turn."""
    return request.param


def open_cube(path, **options):
    engine = {".nc": "h5netcdf", ".zarr": "zarr"}[path.suffix]
    return xr.open_dataset(path, engine=engine, decode_coords="all", **options)


@pytest.fixture
def opened():
    """Open a file as a user does with xarray: ``opened(path, mask_and_scale=False)``."""
    return open_cube


@pytest.fixture
def comes_back():
    """Hold that xarray and rioxarray read back what was written: ``comes_back(path, data, "utm")``."""

    def check(path, data, place):
        with open_cube(path) as again:
            for name in ("red", "nir", "mask"):
                np.testing.assert_array_equal(again[name], data[name])
                assert again[name].dtype == data[name].dtype
            for name in ("time", "y", "x", "cloud_cover"):
                np.testing.assert_array_equal(again[name], data[name])
            assert [str(v) for v in again.item.values] == data.item.values.tolist()
            assert again.rio.crs == CRS.from_user_input(PLACES[place][0])
            assert again.rio.transform(recalc=False) == PLACES[place][1]
            assert np.isnan(again.red.rio.encoded_nodata)
        assert list(path.parent.iterdir()) == [path]

    return check


@pytest.fixture
def breaking(cube):
    """A lazy cube whose red cannot be computed: the disk is full."""
    dask = pytest.importorskip("dask.array")

    def fail(_block):
        raise OSError("the disk is full")

    data = cube()
    empty = np.empty((0, 0, 0))
    values = dask.from_array(data.red.values).map_blocks(fail, dtype="float32", meta=empty)
    return data.assign(red=(data.red.dims, values))
