"""Whole recipes of the oracle, against numbers worked out by hand."""

from datetime import UTC, datetime

import numpy as np
import pytest
import xarray as xr
from tests.oracle import Archive, Ask, Overpass, Pixels, StoredBand, StoredScene, compare, compute

NAN = np.nan
PIXELS = Pixels(x=0, y=10, size=10, rows=1, columns=3)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def scene(when, red, nir, scl=(4, 4, 4), name="a", cloud_cover=None):
    """Stored numbers of three pixels: tenths, 0 is no data."""
    bands = {
        key: StoredBand(numbers=np.array([numbers]), pixels=PIXELS, nodata=0, scale=0.1)
        for key, numbers in {"red": red, "nir": nir}.items()
    }
    bands["scl"] = StoredBand(numbers=np.array([scl]), pixels=PIXELS, nodata=0)
    return StoredScene(
        name=name, collection="sentinel-2-l2a", time=at(when), bands=bands, cloud_cover=cloud_cover
    )


def archive(*passes):
    passes = [one if isinstance(one, tuple) else (one,) for one in passes]
    return Archive(overpasses=tuple(Overpass(scenes=scenes) for scenes in passes))


LOOKS = archive(
    scene("2023-04-30T23:59:59", (1, 1, 1), (9, 9, 9)),
    scene("2023-05-01T00:00", (1, 1, 1), (3, 1, 0), cloud_cover=50.0),
    scene("2023-05-10T10:00", (1, 1, 1), (9, 9, 4), (4, 9, 4)),
    scene("2023-05-31T23:59:59", (2, 2, 2), (2, 6, 4), (4, 4, 11), cloud_cover=10.0),
    scene("2023-07-01T00:00", (1, 1, 1), (9, 9, 9)),
)
NDVI = {"first": (0.5, 0, NAN), "second": (0.8, NAN, 0.6), "third": (0, 0.5, 1 / 3)}
"""Of the looks of May, with clouds masked."""
ASK = Ask(
    pixels=PIXELS, start=at("2023-05-01"), end=at("2023-07-01"), rings=(((0, 0), (25, 0), (25, 10), (0, 10)),)
)


@pytest.mark.parametrize(
    ("reducer", "may", "count"),
    [
        ("median", (0.5, 0.25, 1.4 / 3), (3, 2, 2)),
        ("mean", (1.3 / 3, 0.25, 1.4 / 3), (3, 2, 2)),
        ("max", (0.8, 0.5, 0.6), (3, 2, 2)),
        ("first", (0.5, 0, 0.6), (3, 2, 2)),
        ("last", (0, 0.5, 1 / 3), (3, 2, 2)),
        ("std", ((98 / 900) ** 0.5, 0.25, 0.4 / 3), (3, 2, 2)),
        ("greenest", (0.8, 0.5, 0.6), (3, 2, 2)),
        ("clearest_scene", (0, 0.5, 1 / 3), (3, 2, 2)),
        ("medoid", (0.5, 0, 0.6), (3, 2, 2)),
    ],
)
def test_a_month_and_an_empty_month(reducer, may, count):
    recipe = {
        "mask": {"classes": ["cloud"]},
        "index": ["NDVI"],
        "composite": {"period": "month", "reducer": reducer},
    }
    found = compute(recipe, LOOKS, ASK)
    assert found.labels == [at("2023-05-01"), at("2023-06-01")]
    np.testing.assert_allclose(found.variables["NDVI"], [[may], [(NAN, NAN, NAN)]], rtol=1e-6)
    np.testing.assert_array_equal(found.count, [[count], [(0, 0, 0)]])


def test_counts_of_a_variable_and_of_looks():
    # two variables: the first look at the third pixel has red only
    recipe = {
        "mask": {"classes": "cloud"},
        "bands": ["red"],
        "index": ["NDVI"],
        "composite": {"period": None, "reducer": "count"},
    }
    found = compute(recipe, LOOKS, ASK)
    assert found.labels == [at("2023-05-01")]
    np.testing.assert_array_equal(found.variables["NDVI"], [[(3, 2, 2)]])
    np.testing.assert_array_equal(found.variables["red"], [[(3, 2, 3)]])
    np.testing.assert_array_equal(found.count, [[(3, 2, 3)]])


def test_time_steps_are_kept_without_a_composite():
    found = compute({"mask": {"classes": "cloud"}, "index": ["NDVI"]}, LOOKS, ASK)
    assert found.labels == [at("2023-05-01"), at("2023-05-10T10:00"), at("2023-05-31T23:59:59")]
    right = [[one] for one in NDVI.values()]
    np.testing.assert_array_equal(found.variables["NDVI"], np.array(right, np.float32))
    assert found.count is None


def test_of_two_scenes_the_first_valid_one_fills_a_pixel():
    pair = (
        scene("2023-05-04T10:01", (5, 0, 5), (0, 5, 5), (4, 4, 9)),
        scene("2023-05-04T10:00", (7, 7, 7), (7, 7, 7), (4, 9, 4), name="b"),
    )
    found = compute({"bands": ["red", "nir"], "mask": {"classes": "cloud"}}, archive(pair), ASK)
    assert found.labels == [at("2023-05-04T10:00")]
    np.testing.assert_allclose(found.variables["red"], [[(0.5, NAN, 0.7)]], rtol=1e-6)
    np.testing.assert_allclose(found.variables["nir"], [[(0.7, 0.5, 0.7)]], rtol=1e-6)


def test_what_comes_after_a_composite():
    recipe = {
        "index": [{"name": "double", "expression": "2 * nir"}],
        "composite": {"period": "month", "reducer": "max"},
        "smooth": {"method": "linear"},
        "clip": True,
    }
    ask = Ask(pixels=PIXELS, start=at("2023-05-15"), end=at("2023-08-01"), rings=ASK.rings)
    found = compute(recipe, LOOKS, ask)
    # from 0.4, 1.2 on 1 May to 1.8 on 1 July, 61 days; June begins on the 32nd
    right = [(0.4, 1.2), (0.4 + 1.4 * 31 / 61, 1.2 + 0.6 * 31 / 61), (1.8, 1.8)]
    np.testing.assert_allclose(found.variables["double"], [[(*one, NAN)] for one in right], rtol=1e-6)
    np.testing.assert_array_equal(found.count, [[(1, 1, 0)], [(0, 0, 0)], [(1, 1, 0)]])


def test_an_anomaly_takes_its_baseline_from_its_own_range():
    recipe = {
        "bands": ["red"],
        "composite": {"period": "month", "reducer": "mean"},
        "anomaly": {"baseline": "2023-05-01T00:00:00+00:00/2023-05-31T00:00:00+00:00"},
    }
    found = compute(recipe, LOOKS, ASK)
    # the looks of May have 0.1, 0.1 and 0.2, those before the 31st 0.1
    np.testing.assert_allclose(found.variables["red"], [[[1 / 30] * 3], [[NAN] * 3]], rtol=1e-5)


@pytest.mark.parametrize(
    ("expression", "right"),
    [
        ("nir / red", (3, 1, NAN)),
        ("1 / (nir - red)", (5, NAN, NAN)),
        ("red ** 0 + nir * 0", (1, 1, NAN)),
        ("sqrt(red - nir)", (NAN, 0, NAN)),
        ("-red ** 2", (-0.01, -0.01, -0.01)),
        ("min(red, nir, 0.2) + max(red, 0.5)", (0.6, 0.6, NAN)),
        ("nd(nir, red)", (0.5, 0, NAN)),
        ("red * (-2) ** 0.5", (NAN, NAN, NAN)),
        ("red + 1 / (1 / 0)", (0.1, 0.1, 0.1)),
        ("(0 / (nir - red)) ** 0", (1, NAN, NAN)),
        ("1 ** (0 / (nir - red))", (1, NAN, NAN)),
        ("red - (red - nir) / 2 / 5", (0.12, 0.1, NAN)),
    ],
)
def test_expressions(expression, right):
    recipe = {"index": [{"name": "made", "expression": expression}]}
    ask = Ask(pixels=PIXELS, start=at("2023-05-01"), end=at("2023-05-02"))
    found = compute(recipe, LOOKS, ask)
    np.testing.assert_allclose(found.variables["made"], [[right]], rtol=1e-5, atol=1e-9)


RIGHT = compute({"index": ["NDVI"], "composite": {"period": "month", "reducer": "mean"}}, LOOKS, ASK)


def dataset(values=None, count=None, times=None):
    labels = [one.replace(tzinfo=None) for one in RIGHT.labels]
    dims = ("time", "y", "x")
    values = RIGHT.variables["NDVI"].copy() if values is None else values
    variables = {"NDVI": (dims, values), "count": (dims, RIGHT.count if count is None else count)}
    return xr.Dataset(variables, coords={"time": np.array(times or labels, "datetime64[ns]")})


def test_what_is_right_passes():
    near = RIGHT.variables["NDVI"] * np.float32(1 + 5e-7)
    compare(dataset(), RIGHT)
    compare(dataset(near), RIGHT)


def test_what_is_wrong_does_not():
    off, gap, some = (RIGHT.variables["NDVI"].copy() for _ in range(3))
    off[0, 0, 0] += 1e-4
    gap[0, 0, 1] = NAN
    some[1, 0, 2] = 0
    wrong = [
        dataset(off),
        dataset(gap),
        dataset(some),
        dataset(off.astype("float64")),
        dataset(count=RIGHT.count + 1),
        dataset(times=["2023-05-01", "2023-06-02"]),
    ]
    for one in wrong:
        with pytest.raises(AssertionError):
            compare(one, RIGHT)


def test_what_is_chosen_is_equal_to_the_last_bit():
    right = compute({"bands": ["nir"], "composite": {"period": None, "reducer": "max"}}, LOOKS, ASK)
    values = right.variables["nir"]
    coords = {"time": np.array(["2023-05-01"], "datetime64[ns]")}
    dims = ("time", "y", "x")
    compare(xr.Dataset({"nir": (dims, values), "count": (dims, right.count)}, coords=coords), right)
    values = np.nextafter(values, np.float32(9))
    with pytest.raises(AssertionError, match="nir: 3 of 3 differ"):
        compare(xr.Dataset({"nir": (dims, values), "count": (dims, right.count)}, coords=coords), right)
