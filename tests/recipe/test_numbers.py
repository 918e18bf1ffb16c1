"""Three lines against scripts that know every asset key, scale, offset, class code and EPSG code."""

import socket
import subprocess
import sys
from json import dumps, loads

import numpy as np
import odc.stac
import pystac
import pytest
import requests
import xarray as xr
from pyproj import Transformer
from rasterio.io import MemoryFile

import multisat as ms
from multisat.cube import MultisatWarning
from multisat.sandbox import truth

CLEAR_NOT = (0, 1, 3, 7, 8, 9, 10)
"""Codes of Sen2Cor's scene classification that hide the ground, and no data."""
YEAR = "2023-01-01T00:00:00Z/2023-12-31T23:59:59Z"


@pytest.fixture(scope="module")
def three_lines(box):
    """NDVI, monthly median, cloud masked, over my field, 2023."""
    recipe = ms.Recipe().mask("clear").index("NDVI").composite("month", "median")
    return recipe.run(box.places["munich"], "2023", on="planetary-computer")


def items(box):
    """All items over the field in 2023, as Planetary Computer gives them."""
    body = {
        "collections": ["sentinel-2-l2a"],
        "intersects": box.places["munich"],
        "datetime": YEAR,
        "limit": 100,
    }
    found = requests.post(f"{box.urls['planetary-computer']}/search", json=body, timeout=30).json()[
        "features"
    ]
    assert found
    return found


def test_three_lines_equal_a_script_of_rasterio_and_numpy(box, three_lines):
    """Nothing of multisat is used: what is compared is read, scaled, masked and reduced here."""
    bounds = _bounds(box.places["munich"]["coordinates"][0], 32632, 10)
    months = {}
    for item in sorted(items(box), key=lambda one: one["properties"]["datetime"]):
        red, nir = (_read(item["assets"][key]["href"], bounds, 10) for key in ("B04", "B08"))
        codes = _read(item["assets"]["SCL"]["href"], bounds, 20)
        red, nir = (
            np.where(band == 0, np.nan, band * 0.0001 - 0.1) for band in (red, nir)
        )  # since baseline 04.00
        clear = ~np.isin(codes, CLEAR_NOT)
        ndvi = np.where(clear, (nir - red) / (nir + red), np.nan)
        day = item["properties"]["datetime"][:10]
        months.setdefault(day[:7], {}).setdefault(day, []).append(ndvi)
    got = _trimmed(three_lines, bounds)
    for month, days in months.items():
        looks = [np.fmax.reduce(parts) for parts in days.values()]  # halves of a tile do not overlap
        right = _median(np.stack(looks))
        mine = got.sel(time=month).isel(time=0)
        np.testing.assert_array_equal(np.isnan(mine["NDVI"]), np.isnan(right))
        np.testing.assert_allclose(mine["NDVI"], right, atol=1e-6)
        np.testing.assert_array_equal(mine["count"], np.isfinite(looks).sum(axis=0))
    empty = [str(one)[:7] for one in got.time.values if str(one)[:7] not in months]
    assert len(months) + len(empty) == 12
    for month in empty:
        assert got["NDVI"].sel(time=month).isnull().all()
        assert (got["count"].sel(time=month) == 0).all()


@pytest.fixture
def apart():
    """The address of a sandbox in a process of its own: GDAL keeps others of its process from answering."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "multisat", "sandbox", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert next(iter(server.stdout))  # it speaks when it serves
        yield f"http://127.0.0.1:{port}"
        server.terminate()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # odc-stac asks shapely in an old way
def test_three_lines_equal_nine_lines_of_odc_stac(box, apart, three_lines):
    """The usual script, with the constants that a notebook has to know."""
    lons, lats = np.transpose(box.places["munich"]["coordinates"][0])
    cube = odc.stac.load(
        [pystac.Item.from_dict(one) for one in loads(dumps(items(box)).replace(box.url, apart))],
        bands=["B04", "B08", "SCL"],
        bbox=(lons.min(), lats.min(), lons.max(), lats.max()),
        crs="EPSG:32632",
        resolution=10,
        groupby="solar_day",
    )
    valid = (cube.B04 > 0) & (cube.B08 > 0) & ~cube.SCL.isin(CLEAR_NOT)
    red, nir = (cube[key].where(valid) * 0.0001 - 0.1 for key in ("B04", "B08"))
    monthly = ((nir - red) / (nir + red)).resample(time="MS").median()
    mine, right = xr.align(three_lines["NDVI"], monthly.astype("float32"), join="inner")
    assert mine.sizes["time"] == 3  # with overpasses at this archive
    assert min(mine.sizes["y"], mine.sizes["x"]) > 190
    np.testing.assert_allclose(mine, right.transpose(*mine.dims), atol=1e-5)


def test_three_archives_are_one_answer_and_equal_the_truth(box, three_lines):
    """Copies of a datatake in three storings are one look; what is clear is the ground of the day."""
    recipe = ms.Recipe().mask("clear").index("NDVI").composite("day", "mean")
    plan = recipe.plan(box.places["munich"], "2023-05-04")
    assert {c.native_id for s in plan.task.scenes for c in s.copies} == {
        "sentinel-2-l2a",
        "sentinel-2-c1-l2a",
    }
    assert {c.provider for s in plan.task.scenes for c in s.copies} == {"earth-search", "planetary-computer"}
    cube = plan.run()
    assert cube["looks"].values.tolist() == [1]
    assert cube["count"].max() == 1
    to = Transformer.from_crs(32632, 4326, always_xy=True)
    lon, lat = to.transform(*np.meshgrid(cube.x, cube.y))
    day = plan.task.scenes[0].datetime.date()
    red, nir = (truth.ground(band, lon, lat, day) for band in ("red", "nir"))
    land = ~truth.is_water(lon, lat)
    error = np.abs(cube["NDVI"].values[0] - (nir - red) / (nir + red))[land]
    assert np.nanmax(error) < 0.001  # stored in steps of 0.0001
    assert np.isfinite(error).mean() > 0.95


def test_archives_together_have_every_look_of_each(box, three_lines):
    recipe = ms.Recipe().mask("clear").index("NDVI").composite("month", "median")
    with pytest.warns(MultisatWarning, match="lack the band red"):
        every = recipe.run(box.places["munich"], "2023")
    assert (every["looks"].values >= three_lines["looks"].values).all()
    assert every["looks"].values.sum() == 11
    assert three_lines["looks"].values.sum() == 7


def _bounds(ring, epsg, size):
    """The box around a ring in a UTM zone, outwards to whole pixels."""
    edge = np.linspace(ring, np.roll(ring, -1, axis=0), 50).reshape(-1, 2)
    x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(*edge.T)
    low, high = np.floor(np.array([x.min(), y.min()]) / size), np.ceil(np.array([x.max(), y.max()]) / size)
    return [float(v) for v in (*low * size, *high * size)]


def _read(href, bounds, size):
    """Stored numbers of a file over a box, on pixels of 10 m: those of 20 m are repeated."""
    times = size // 10
    left, bottom, right, top = bounds
    body = requests.get(href, timeout=30).content
    with MemoryFile(body) as held, held.open() as file:
        column, row = round((left - file.transform.c) / 10), round((file.transform.f - top) / 10)
        stored = file.read(1).repeat(times, 0).repeat(times, 1).astype("float64")
    return stored[row : row + round((top - bottom) / 10), column : column + round((right - left) / 10)]


def _trimmed(cube, bounds):
    """The pixels of a cube inside a box."""
    left, bottom, right, top = bounds
    return cube.sel(x=slice(left, right), y=slice(top, bottom))


def _median(looks):
    """The median along the first axis without NaN; of an even number the mean of the middle two."""
    ordered = np.sort(looks, axis=0)  # NaN come last
    seen = np.isfinite(looks).sum(axis=0)
    low, high = np.maximum(seen - 1, 0) // 2, seen // 2
    middle = [
        np.take_along_axis(ordered, np.minimum(at, len(looks) - 1)[None], axis=0)[0] for at in (low, high)
    ]
    return np.where(seen > 0, (middle[0] + middle[1]) / 2, np.nan).astype("float32")
