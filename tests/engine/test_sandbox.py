"""Results over the sandbox's archives, against the invented world they show."""

import numpy as np
import pytest
import xarray as xr
from pyproj import Transformer

import multisat as ms
from multisat.engine import run
from multisat.federate.loading import open_asset
from multisat.model import Grid
from multisat.sandbox import truth
from multisat.steps import Steps, Task
from multisat.writing.placed import Placed

pytestmark = pytest.mark.filterwarnings("ignore:.*lack the band.*:multisat.cube.MultisatWarning")


def task_of(found, cube, steps):
    return Task(steps=steps, request=found.request, scenes=tuple(found.scenes), grid=Placed.of(cube).grid)


def test_a_composite_of_two_sensors_is_the_median_of_what_is_loaded(box):
    found = ms.search(
        box.places["munich"], "2023-05/2023-06", collections=["sentinel-2-l2a", "landsat-c2-l2"]
    )
    cube = found.load(["red", "nir"], mask="clear", resolution=30)
    steps = Steps().mask("clear").index("NDVI").composite("month")
    month = run(task_of(found, cube, steps), access=open_asset)
    red, nir = cube.red.astype(np.float64), cube.nir.astype(np.float64)
    ndvi = ((nir - red) / (nir + red)).astype(np.float32)
    for number, name in enumerate(("2023-05", "2023-06")):
        looks = ndvi.sel(time=name)
        right = looks.astype(np.float64).median("time")
        np.testing.assert_allclose(month.NDVI[number], right, rtol=2e-7)
        np.testing.assert_array_equal(month["count"][number], looks.notnull().sum("time"))
        assert month.looks[number] == looks.sizes["time"]


def test_clear_pixels_are_the_ground(box):
    found = ms.search(
        box.places["munich"], "2023-06", collections="sentinel-2-l2a", providers="planetary-computer"
    )
    cube = found.load(["nir"], mask="clear")
    clearest = run(
        task_of(found, cube, Steps().bands("red").mask("clear").composite("month", "clearest_scene")),
        access=open_asset,
    )
    day = found.scenes[0].datetime.date()
    assert day.isoformat() == "2023-06-03"
    to = Transformer.from_crs(cube.rio.crs, 4326, always_xy=True)
    lon, lat = to.transform(*np.meshgrid(cube.x, cube.y))
    clear = truth.weather(lon, lat, day) == truth.CLEAR
    got = clearest.red.values[0]
    seen = clear & ~np.isnan(cube.nir.values[0])
    assert seen.mean() > 0.5
    np.testing.assert_allclose(got[seen], truth.ground("red", lon, lat, day)[seen], atol=1.5e-4)


def test_bands_of_looks_that_are_hidden_are_not_read(box):
    found = ms.search(
        box.places["munich"], "2023-06", collections="sentinel-2-l2a", providers="planetary-computer"
    )
    assert [scene.datetime.day for scene in found] == [3, 13, 23]
    cube = found.load(["red"], mask="clear")
    before = len(box.requests)
    same = run(task_of(found, cube, Steps().bands("red").mask("clear")), access=open_asset)
    asked = [r.path for r in box.requests[before:] if "/files/" in r.path]
    assert any("20230613" in path and "scl" in path.lower() for path in asked)
    assert not any("20230613" in path and "B04" in path for path in asked)
    assert any("20230623" in path and "B04" in path for path in asked)
    xr.testing.assert_equal(same, cube)


def test_tiles_of_one_overpass_are_one_look(box):
    found = ms.search(box.places["overlap"], "2023-05/2023-09", collections="sentinel-2-l2a")
    cube = found.load(["red"], mask="clear", dilate=30)
    assert any("," in item for item in cube.item.values)
    same = run(task_of(found, cube, Steps().bands("red").mask("clear", dilate=30)), access=open_asset)
    xr.testing.assert_equal(same, cube)


def test_lazy_results_hold_unsigned_addresses_only(box):
    import pickle

    found = ms.search(
        box.places["munich"], "2023-06", collections="sentinel-2-l2a", providers="planetary-computer"
    )
    cube = found.load(["red"])
    task = task_of(found, cube, Steps().bands("red").composite("month", "max"))
    lazy = run(task, access=open_asset, chunks={"y": 64})
    graph = pickle.dumps(dict(lazy.red.__dask_graph__()))
    assert b"/files/" in graph
    for word in (b"sig=", b"se=", b"token", b"Bearer", b"Authorization"):
        assert word not in graph
    xr.testing.assert_equal(lazy.compute(), run(task, access=open_asset))


def test_pixels_in_another_crs_do_not_depend_on_chunks(box):
    found = ms.search(box.places["munich"], "2023-05/2023-06", collections="sentinel-2-l2a")
    cube = found.load(["red"], crs="EPSG:3035", resolution=25)
    steps = Steps().mask("clear", dilate=50).index("NDVI").composite("month", "medoid").clip()
    task = task_of(found, cube, steps)
    assert isinstance(task.grid, Grid)
    now = run(task, access=open_asset)
    assert now.NDVI.notnull().any()
    xr.testing.assert_equal(run(task, access=open_asset, chunks={"y": 33, "x": 41}).compute(), now)
