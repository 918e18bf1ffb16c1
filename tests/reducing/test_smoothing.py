"""Whittaker's smoother against a dense solver, pixel by pixel."""

import math

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from multisat.errors import UsageError
from multisat.reducing import whittaker

NAN = math.nan


def column(*values):
    return np.array(values, dtype=np.float32).reshape(-1, 1, 1)


def dense(series, smoothness, order):
    """Smooth one series of float64 by solving the whole matrix between its first and last value."""
    valid = np.flatnonzero(~np.isnan(series))
    found = series.copy()
    if len(valid) >= order:
        span = slice(valid[0], valid[-1] + 1)
        part, size = series[span], valid[-1] + 1 - valid[0]
        differences = np.diff(np.eye(size), n=order, axis=0)
        weights = np.diag((~np.isnan(part)).astype(float))
        matrix = weights + smoothness * differences.T @ differences
        found[span] = scipy.linalg.solve(matrix, np.nan_to_num(part), assume_a="pos")
    return found


@given(st.data(), st.sampled_from([0.01, 1.0, 10.0, 1e4]), st.integers(1, 3))
def test_it_solves_the_normal_equations(data, smoothness, order):
    shape = data.draw(st.tuples(st.integers(0, 14), st.integers(1, 2), st.integers(1, 3)))
    elements = st.just(NAN) | st.sampled_from([0.0, 1.0]) | st.floats(-10, 10, width=32)
    values = data.draw(arrays(np.float32, shape, elements=elements, fill=st.just(NAN)))
    before = values.copy()
    found = whittaker(values, smoothness=smoothness, order=order)
    assert (found.shape, found.dtype) == (values.shape, np.float32)
    for y, x in np.ndindex(shape[1:]):
        expected = dense(values[:, y, x].astype(np.float64), smoothness, order)
        np.testing.assert_allclose(found[:, y, x], expected, rtol=2e-7, atol=1e-7)
    np.testing.assert_array_equal(values, before)


def test_a_long_series_with_long_gaps_and_much_smoothing():
    rng = np.random.default_rng(4)
    steps = np.arange(400)
    values = (0.5 + 0.3 * np.sin(steps / 50) + rng.normal(0, 0.02, 400)).astype(np.float32)
    values[(steps < 60) | (steps > 350) | ((steps > 150) & (steps < 250)) | (rng.random(400) < 0.6)] = NAN
    found = whittaker(column(*values), smoothness=1e5).ravel()
    np.testing.assert_allclose(found, dense(values.astype(np.float64), 1e5, 2), rtol=1e-7)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_most_smoothing_is_still_exact(order):
    rng = np.random.default_rng(5)
    values = rng.random(400).astype(np.float32)
    values[rng.random(400) < 0.5] = NAN
    found, turned = (
        whittaker(column(*one), smoothness=1e8, order=order).ravel() for one in (values, values[::-1])
    )
    np.testing.assert_allclose(found, turned[::-1], rtol=1e-6)


@pytest.mark.parametrize(
    ("order", "curve"), [(1, lambda t: 3 + 0 * t), (2, lambda t: 3 - 2 * t), (3, lambda t: 1 + t * t)]
)
def test_what_has_no_differences_stays_and_gaps_take_its_course(order, curve):
    steps = np.arange(12.0)
    values = column(*curve(steps))
    values[[0, 3, 4, 7, 11]] = NAN
    found = whittaker(values, smoothness=100, order=order).ravel()
    expected = np.where((steps == 0) | (steps == 11), NAN, curve(steps))
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-7)


def test_no_smoothing_keeps_the_values_and_endless_smoothing_is_the_line_of_least_squares():
    values = column(1, 4, 2, NAN, 8, 5, 7)
    steps = np.arange(7)
    little = whittaker(values, smoothness=1e-9).ravel()
    np.testing.assert_allclose(little[steps != 3], values.ravel()[steps != 3], rtol=1e-6)
    line = np.polyfit(steps[steps != 3], values.ravel()[steps != 3], 1)
    np.testing.assert_allclose(whittaker(values, smoothness=1e8).ravel(), np.polyval(line, steps), rtol=1e-5)


@pytest.mark.parametrize("looks", [(NAN, NAN, NAN, NAN), (NAN, 3, NAN, NAN), (5, 6), (5,)])
def test_a_pixel_with_too_few_values_stays_as_it_is(looks):
    np.testing.assert_array_equal(whittaker(column(*looks), smoothness=10), column(*looks))


def test_two_values_are_joined_by_a_line():
    np.testing.assert_allclose(
        whittaker(column(1, NAN, NAN, 4), smoothness=10).ravel(), [1, 2, 3, 4], rtol=1e-6
    )


def test_empty_steps_before_and_after_change_nothing():
    values = column(0.1, NAN, 0.4, 0.2, NAN, NAN, 0.9)
    longer = column(*[NAN] * 30, *values.ravel(), *[NAN] * 50)
    found = whittaker(longer, smoothness=10)
    assert found[30:37].tobytes() == whittaker(values, smoothness=10).tobytes()
    assert np.isnan(found[:30]).all()
    assert np.isnan(found[37:]).all()


@pytest.mark.parametrize(
    "given_", [{"smoothness": 0}, {"smoothness": -1}, {"smoothness": NAN}, {"smoothness": math.inf}, {"smoothness": 1e9}, {"smoothness": 1, "order": 0}, {"smoothness": 1, "order": 4}]
)  # fmt: skip
def test_nonsense_is_refused(given_):
    with pytest.raises(UsageError) as caught:
        whittaker(column(1, 2, 3), **given_)
    assert caught.value.hint
