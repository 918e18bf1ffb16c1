"""Filling, smoothing, anomalies and polygons of the oracle, against numbers worked out by hand."""

import math
from datetime import UTC, datetime

import pytest
from tests.oracle.later import anomaly, filled, inside, whittaker

NAN = math.nan


def days(*numbers):
    return [datetime(2023, 5, number, tzinfo=UTC) for number in numbers]


@pytest.mark.parametrize(
    ("limit", "right"),
    [
        (None, [NAN, 1, 2, 4, 4, 0, NAN]),
        (3, [NAN, 1, 2, 4, NAN, 0, NAN]),
        (2.9, [NAN, 1, NAN, 4, NAN, 0, NAN]),
    ],
)
def test_lines_between_values(limit, right):
    values, times = [NAN, 1, NAN, 4, NAN, 0, NAN], days(1, 2, 3, 5, 5, 9, 10)
    assert filled(values, times, limit) == pytest.approx(right, nan_ok=True)


def test_whittaker_of_three_values():
    # (I + s D'D) z = y with D = (1, -2, 1), s = 1: z = y - D' (D y) s / (1 + 6 s), D y = 7
    assert whittaker([0, 0, 7], 1) == pytest.approx([-1, 2, 6])


def test_whittaker_fills_on_a_line_and_makes_nothing_outside():
    assert whittaker([NAN, 1, NAN, NAN, 7, NAN], 10) == pytest.approx([NAN, 1, 3, 5, 7, NAN], nan_ok=True)
    assert whittaker([NAN, 4, NAN], 10) == pytest.approx([NAN, 4, NAN], nan_ok=True)
    assert all(map(math.isnan, whittaker([NAN, NAN], 10)))


def test_whittaker_weighs_a_gap_as_nothing():
    # without the third: a line through 0, 1, 3, 4 costs nothing
    assert whittaker([0, 1, NAN, 3, 4], 5) == pytest.approx([0, 1, 2, 3, 4])


MAYS = [datetime(year, month, 1, tzinfo=UTC) for year in (2020, 2021, 2022) for month in (5, 6)]


@pytest.mark.parametrize(
    ("kind", "right"),
    [("difference", [6, NAN]), ("ratio", [2.5, NAN]), ("standardised", [3, NAN])],
)
def test_anomalies(kind, right):
    # of the Mays 2 and 6 the mean is 4 and the standard deviation 2; there is no June
    labels = [datetime(2023, 5, 1, tzinfo=UTC), datetime(2023, 6, 1, tzinfo=UTC)]
    found = anomaly([10, 1], labels, [2, NAN, NAN, NAN, 6, NAN], MAYS, "month", kind)
    assert found == pytest.approx(right, nan_ok=True)


def test_no_spread_gives_no_standardised_anomaly():
    labels = [datetime(2023, 5, 1, tzinfo=UTC)]
    assert math.isnan(anomaly([10], labels, [2, 0, 2, 0, 2, 0], MAYS, "month", "standardised")[0])


RING = ((0, 0), (10, 0), (10, 10), (5, 2), (0, 10))
HOLE = ((1, 1), (3, 1), (3, 2), (1, 2))


@pytest.mark.parametrize(
    ("x", "y", "right"),
    [
        (1, 5, True),
        (5, 5, False),
        (9, 5, True),
        (11, 5, False),
        (-1, 5, False),
        (2, 1.5, False),
        (5, 1, True),
    ],
)
def test_polygons(x, y, right):
    assert inside(x, y, (RING, HOLE)) is right
