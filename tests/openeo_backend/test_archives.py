"""The archive of the generated recipes as a service gives it: the oracle's numbers, and its composites."""

from datetime import UTC, datetime

import numpy as np
import pytest
from openeo.processes import if_
from tests.openeo_backend import PASSWORD, USER, shared
from tests.openeo_backend.test_processes import values
from tests.oracle import Ask, compute
from tests.oracle.looks import look
from tests.recipes.archive import build
from tests.recipes.cases import FINE

import openeo

pytestmark = pytest.mark.xdist_group("openeo-backend")

YEAR = ("2021-01-01", "2022-01-01")
EXTENT = {
    "west": FINE.x,
    "north": FINE.y,
    "east": FINE.x + FINE.columns * FINE.size,
    "south": FINE.y - FINE.rows * FINE.size,
    "crs": "EPSG:32632",
}


@pytest.fixture
def recipes(installed):
    backend = shared("recipes")
    backend.heal()
    return openeo.connect(backend.url).authenticate_basic(USER, PASSWORD)


def seen(*collections):
    start, end = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in YEAR)
    return build(*collections).between(start, end)


def test_every_overpass_has_the_oracles_numbers(recipes):
    names = {"blue": "B02", "red": "B04", "nir": "B08", "nir08": "B8A", "swir16": "B11"}
    found = values(
        recipes.load_collection(
            "SENTINEL2_L2A", spatial_extent=EXTENT, temporal_extent=list(YEAR), bands=list(names.values())
        )
    )
    overpasses = seen("sentinel-2-l2a")
    assert [str(t)[:10] for t in found.t.values] == [f"{one.time:%Y-%m-%d}" for one in overpasses]
    for step, overpass in enumerate(overpasses):
        right = look(overpass, tuple(names), FINE, None)
        for name, native in names.items():
            given = (found[native].values[step] * 0.0001).astype(np.float32)
            np.testing.assert_allclose(given, right[name], rtol=0, atol=1e-7, equal_nan=True)


def test_radar_has_the_oracles_numbers(recipes):
    cube = recipes.load_collection(
        "SENTINEL1_GRD", spatial_extent=EXTENT, temporal_extent=list(YEAR), bands=["VV", "VH"]
    ).sar_backscatter(coefficient="gamma0-terrain")
    found = values(cube)
    for step, overpass in enumerate(seen("sentinel-1-rtc")):
        right = look(overpass, ("vv", "vh"), FINE, None)
        np.testing.assert_array_equal(found["VV"].values[step], right["vv"])


def test_a_recipe_has_the_oracles_composite(recipes):
    """Monthly median NDVI without clouds and what is near them; no overpass of two scenes is in this time."""
    start, end = "2021-03-01", "2021-05-14"
    data = recipes.load_collection(
        "SENTINEL2_L2A", spatial_extent=EXTENT, temporal_extent=[start, end], bands=["B04", "B08", "SCL"]
    )
    scl = data.band("SCL")
    near = ((scl == 8) | (scl == 9)).apply_kernel(kernel=weights(3, 0.7)) > 0.0
    hidden = near.merge_cubes(scl.apply(lambda x: if_(x > 0, 0, 1)), overlap_resolver="max")
    ndvi = data.mask(hidden).ndvi(nir="B08", red="B04")
    found = values(ndvi.aggregate_temporal_period("month", "median"))["var"]
    recipe = {
        "index": ["NDVI"],
        "mask": {"classes": ["cloud"], "kernel": {"size": 3, "sigma": 0.7, "threshold": 0.0}},
        "composite": {"period": "month", "reducer": "median"},
    }
    first, last = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (start, end))
    right = compute(recipe, build("sentinel-2-l2a"), Ask(pixels=FINE, start=first, end=last))
    assert [str(t)[:10] for t in found.t.values] == [f"{one:%Y-%m-%d}" for one in right.labels]
    np.testing.assert_allclose(found, right.variables["NDVI"], rtol=1e-6, atol=1e-6, equal_nan=True)
    assert right.count.min() < right.count.max()


def weights(size, sigma):
    side = np.exp(-0.5 * ((np.arange(size) - size // 2) / sigma) ** 2)
    return np.outer(side, side) / side.sum() ** 2
