"""What titiler-openeo says of itself is what the plugin goes by, and its numbers are ours."""

import json

import numpy as np
import pytest
import rasterio
import requests
from shapely.geometry import box as rectangle

import multisat as ms
from multisat.errors import UnsupportedOperation
from multisat.model import AOI
from multisat.steps import gaussian
from multisat_openeo import run_graph
from multisat_openeo.graph import processes

pytestmark = pytest.mark.xdist_group("openeo-titiler")
SIDE = 1024
"""Pixels on each side of whatever it gives, as long as nobody asks in words that are not in the standard."""
AREA = AOI(
    geometry=rectangle(680_000, 5_350_000, 680_000 + 10 * SIDE, 5_350_000 + 10 * SIDE), crs="EPSG:32632"
)
"""So large that those pixels are the native ones of 10 m; part of it is outside the synthetic scenes."""
BANDS = ms.Recipe().bands("red", "nir")
HIGHEST = ms.Recipe().index("NDVI").composite("year", "max")
CLEAR = ms.Recipe().mask("clear").index("NDVI")
SOFT = ms.Recipe().mask(["cloud"], kernel=gaussian(5, 1, 0.1)).index("NDVI")


@pytest.fixture
def told(titiler):
    """What the service answers to a question, asked without the plugin."""
    return lambda path: requests.get(f"{titiler}{path}", timeout=60).json()


def test_what_it_says_is_read(openeo, told):
    backend = openeo.engine().backend
    assert openeo.prove().works
    assert backend.processes == {one["id"] for one in told("/processes")["processes"]}
    assert list(backend.collections) == [one["id"] for one in told("/collections")["collections"]]
    dimensions = told("/collections/sentinel-2-l2a")["cube:dimensions"]
    assert list(backend.describe("sentinel-2-l2a").bands) == dimensions["spectral"]["values"]
    assert list(backend.formats) == list(told("/file_formats")["output"])
    assert backend.format == "GTiff"
    assert not backend.writes_netcdf


@pytest.mark.parametrize(
    ("recipe", "lacks"),
    [
        (BANDS, []),
        (HIGHEST, []),
        (CLEAR.composite("month", "mean"), ["filter_bands"]),
        (SOFT.composite("month", "mean"), ["apply_kernel", "filter_bands", "filter_bbox"]),
    ],
    ids=["bands", "highest", "clear", "soft"],
)
def test_exactly_what_it_lacks_is_named(openeo, told, recipe, lacks):
    has = {one["id"] for one in told("/processes")["processes"]}
    plan = recipe.plan(AREA, "2023-05", on="openeo")
    verdict = plan.can_run()
    assert list(verdict.reasons) == [f"the back-end has no process {name}" for name in lacks]
    assert not has & set(lacks)
    assert processes(json.loads(plan.as_code("process-graph"))) <= has


@pytest.mark.parametrize(
    ("recipe", "when"),
    [
        pytest.param(BANDS, "2023-05-04", id="bands"),
        pytest.param(HIGHEST, "2023-05", id="highest", marks=pytest.mark.slow),
    ],
)
def test_the_numbers_are_those_of_this_machine(openeo, tmp_path, recipe, when):
    """Within the scenes: outside them it counts looks that there are not."""
    graph = recipe.plan(AREA, when, on="openeo").as_code("process-graph")
    (path,) = run_graph(graph, tmp_path / "there.tif")
    here = recipe.run(AREA, when, on="planetary-computer")
    with rasterio.open(path) as file:
        there = file.read()
        assert tuple(file.transform)[:6] == tuple(here.rio.transform())[:6]
        assert file.crs == here.rio.crs
    for values, name in zip(there, here.data_vars, strict=True):
        right = here[name].values[0]
        seen = np.isfinite(here[recipe.variables[0]].values[0])
        assert seen.mean() > 0.3
        np.testing.assert_allclose(values[seen], right[seen], rtol=0, atol=1e-6)


def test_a_run_that_needs_a_batch_job_says_that_there_are_none(openeo, told):
    """Its only raster file of many times is a GeoTIFF, which does not say which band is of which time."""
    assert not any(one["path"].startswith("/jobs") for one in told("/")["endpoints"])
    with pytest.raises(UnsupportedOperation, match="batch job") as raised:
        HIGHEST.run(AREA, "2023-05", on="openeo")
    assert "leave out on=" in raised.value.hint
