"""Reducers and choices of the oracle, against numbers worked out by hand."""

import math

import pytest
from tests.oracle.choices import choose
from tests.oracle.reducers import reduced

NAN = math.nan


@pytest.mark.parametrize(
    ("name", "values", "right"),
    [
        ("median", [3, 1, 2], 2),
        ("median", [4, 1, 3, 2], 2.5),
        ("median", [7], 7),
        ("median", [5, 5, 1, 1], 3),
        ("mean", [1, 2, 6], 3),
        ("std", [2, 4, 4, 4, 5, 5, 7, 9], 2),  # divided by 8, not by 7
        ("std", [3], 0),
        ("min", [2, -1, 3], -1),
        ("max", [2, -1, 3], 3),
        ("first", [9, 1, 5], 9),
        ("last", [9, 1, 5], 5),
        ("count", [9, 1, 5], 3),
        ("count", [], 0),
    ],
)
def test_numbers(name, values, right):
    assert reduced(name, values) == right


@pytest.mark.parametrize(
    ("q", "right"), [(0, 10), (1, 40), (0.5, 25), (0.1, 13), (0.25, 17.5), (0.9, 37), (2 / 3, 30)]
)
def test_quantiles_are_linear_between_looks(q, right):
    assert reduced("quantile", [40, 10, 30, 20], q) == pytest.approx(right, abs=1e-12)


def test_a_quantile_of_one_look_is_it():
    assert reduced("quantile", [7], 0.9) == 7


@pytest.mark.parametrize("name", ["median", "mean", "std", "min", "max", "first", "last"])
def test_no_look_gives_nothing(name):
    assert math.isnan(reduced(name, []))


def look(*values, ndvi=NAN, cloud_probability=NAN, cloud_cover=None):
    return {
        "values": list(values),
        "ndvi": ndvi,
        "cloud_probability": cloud_probability,
        "cloud_cover": cloud_cover,
    }


@pytest.mark.parametrize(
    ("name", "looks", "right"),
    [
        ("greenest", [look(1, ndvi=0.2), look(2, ndvi=0.8), look(3, ndvi=0.5)], 1),
        ("greenest", [look(1, ndvi=0.2), look(NAN, ndvi=0.8), look(3, ndvi=0.5)], 2),
        ("greenest", [look(1, ndvi=0.5), look(2, ndvi=0.8), look(3, ndvi=0.8)], 1),
        ("greenest", [look(1), look(2, ndvi=-0.9)], 1),
        ("greenest", [look(1), look(2)], None),
        ("greenest", [look(NAN, 4, ndvi=0.9), look(1, 1, ndvi=0.1)], 0),
        ("lowest_cloud", [look(1, cloud_probability=30), look(2, cloud_probability=2)], 1),
        ("lowest_cloud", [look(1, cloud_probability=2), look(2, cloud_probability=2)], 0),
        ("lowest_cloud", [look(1), look(2, cloud_probability=99)], 1),
        ("clearest_scene", [look(1), look(2, cloud_cover=90.0), look(3, cloud_cover=80.0)], 2),
        ("clearest_scene", [look(1), look(NAN, cloud_cover=0.0)], 0),
        ("clearest_scene", [look(1), look(2)], 0),
        ("clearest_scene", [look(NAN, cloud_cover=1.0), look(NAN)], None),
        ("medoid", [look(0), look(10), look(4)], 2),  # 14, 16, 10
        ("medoid", [look(0), look(1), look(2), look(3)], 1),  # 6, 4, 4, 6
        ("medoid", [look(5), look(9)], 0),
        ("medoid", [look(NAN, 1), look(2, 2)], 1),
        ("medoid", [look(NAN, 1), look(2, NAN)], None),
        ("medoid", [look(0, 0), look(3, 4), look(0, 1)], 2),  # 6, 5 + 18 ** 0.5, 1 + 18 ** 0.5
        ("medoid", [], None),
        ("greenest", [], None),
    ],
)
def test_choices(name, looks, right):
    assert choose(name, looks) == right
