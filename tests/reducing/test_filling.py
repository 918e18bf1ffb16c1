"""Filling along time against NumPy's interpolation, pixel by pixel."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from multisat.errors import UsageError
from multisat.reducing import interpolate

NAN = math.nan


def column(*values):
    return np.array(values, dtype=np.float32).reshape(-1, 1, 1)


def expected(values, days, limit):
    found = values.astype(np.float64)
    for y, x in np.ndindex(values.shape[1:]):
        valid = np.flatnonzero(~np.isnan(values[:, y, x]))
        for before, after in pairwise(valid):
            if days[after] - days[before] <= limit:
                ends = values[[before, after], y, x].astype(np.float64)
                between = days[before + 1 : after]
                found[before + 1 : after, y, x] = np.interp(between, days[[before, after]], ends)
    return found


@given(st.data(), st.none() | st.floats(0, 60))
def test_gaps_are_filled_along_a_line_in_time(data, limit):
    shape = data.draw(st.tuples(st.integers(0, 9), st.integers(1, 2), st.integers(1, 3)))
    values = data.draw(
        arrays(np.float32, shape, elements=st.just(NAN) | st.floats(-1e3, 1e3, width=32), fill=st.just(NAN))
    )
    steps = data.draw(arrays(np.float64, shape[0], elements=st.sampled_from([0.1, 1.0, 5.0, 16.5])))
    days = 19500.25 + np.cumsum(steps)
    before = values.copy()
    found = interpolate(values, days, limit=limit)
    assert found.dtype == np.float32
    np.testing.assert_allclose(
        found, expected(values, days, math.inf if limit is None else limit), rtol=1e-6, atol=1e-6
    )
    known = ~np.isnan(values)
    assert found[known].tobytes() == values[known].tobytes()
    np.testing.assert_array_equal(values, before)


def test_by_hand():
    found = interpolate(column(NAN, 0, NAN, NAN, 8, NAN, 9, NAN), [0, 10, 12, 18, 18.0, 30, 42, 50])
    np.testing.assert_array_equal(found.ravel(), [NAN, 0, 2, 8, 8, 8.5, 9, NAN])


@pytest.mark.parametrize(("limit", "filled"), [(None, True), (20, True), (19.99, False), (0, False)])
def test_the_limit_is_the_time_between_the_two_looks(limit, filled):
    found = interpolate(column(1, NAN, 3), [0, 10, 20], limit=limit)
    np.testing.assert_array_equal(found.ravel(), [1, 2 if filled else NAN, 3])


def test_two_looks_at_one_time_are_no_gap():
    found = interpolate(column(1, NAN, 3, NAN, 5), [4, 4, 4, 5, 6])
    np.testing.assert_array_equal(found.ravel(), [1, 1, 3, 4, 5])


def test_one_look_fills_nothing():
    np.testing.assert_array_equal(interpolate(column(NAN, 1, NAN), [0, 1, 2]).ravel(), [NAN, 1, NAN])


@pytest.mark.parametrize("days", [[0, 1], [0, 2, 1], [0, 1, NAN], [[0, 1, 2]], [0, 1, math.inf]])
def test_days_that_are_no_time_are_refused(days):
    with pytest.raises(UsageError, match="one each, ascending"):
        interpolate(column(1, NAN, 3), days)


@pytest.mark.parametrize("limit", [-1, NAN])
def test_a_limit_that_is_no_time_is_refused(limit):
    with pytest.raises(UsageError, match="positive number of days"):
        interpolate(column(1, NAN, 3), [0, 1, 2], limit=limit)
