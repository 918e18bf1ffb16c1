"""Statistics along time against plain loops, exact arithmetic and NumPy."""

import math
import statistics
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from multisat.errors import UsageError
from multisat.reducing import quantiles, reduce

NAMES = ("median", "mean", "min", "max", "first", "last", "count", "std")
NAN = math.nan

numbers = st.sampled_from([0.0, 0.25, -0.25, 1.0]) | st.floats(-1e6, 1e6, width=32)
sizes = st.tuples(st.integers(0, 9), st.integers(1, 3), st.integers(1, 4))
cubes = arrays(np.float32, sizes, elements=numbers | st.just(NAN), fill=st.just(NAN))


def column(*values):
    return np.array(values, dtype=np.float32).reshape(-1, 1, 1)


def per_pixel(values, one):
    """Apply a function of a list of float64 to the numbers of each pixel that are not NaN."""
    found = np.full(values.shape[1:], NAN)
    for y, x in np.ndindex(found.shape):
        looks = [float(v) for v in values[:, y, x] if not math.isnan(v)]
        if looks:
            found[y, x] = one(looks)
    return found


EXACT = {"min": min, "max": max, "first": lambda looks: looks[0], "last": lambda looks: looks[-1]}


@given(cubes)
def test_counts_extremes_order_and_median_are_exact(values):
    before = values.copy()
    for name, one in EXACT.items() | {("median", statistics.median)}:
        found = reduce(values, name)
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, per_pixel(values, one).astype(np.float32), err_msg=name)
    counted = reduce(values, "count")
    assert counted.dtype == np.uint16
    np.testing.assert_array_equal(counted, np.nan_to_num(per_pixel(values, len)))
    np.testing.assert_array_equal(values, before)


@given(cubes)
def test_mean_and_population_deviation_are_those_of_exact_arithmetic(values):
    for name, one in {"mean": statistics.fmean, "std": statistics.pstdev}.items():
        found = reduce(values, name)
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, per_pixel(values, one), rtol=1e-7, atol=1e-9, err_msg=name)


def _exact_quantile(looks, q):
    ordered = [Fraction(v) for v in sorted(looks)]
    place = Fraction(q * (len(looks) - 1))
    low = math.floor(place)
    return float(ordered[low] + (ordered[math.ceil(place)] - ordered[low]) * (place - low))


@given(cubes, st.lists(st.floats(0, 1) | st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]), min_size=1, max_size=3))
def test_quantiles_are_linear_between_looks(values, qs):
    found = quantiles(values, qs)
    assert (found.shape, found.dtype) == ((len(qs), *values.shape[1:]), np.float32)
    for q, one in zip(qs, found, strict=True):
        expected = per_pixel(values, lambda looks, q=q: _exact_quantile(looks, q))
        np.testing.assert_allclose(one, expected, rtol=1e-7, atol=1e-9)
        assert one.tobytes() == reduce(values, "quantile", q=q).tobytes()
    assert quantiles(values, [0.5])[0].tobytes() == reduce(values, "median").tobytes()


@pytest.mark.parametrize("steps", [1, 2, 7, 8])
def test_they_agree_with_numpy(series, steps):
    values = series(steps, 20, 30, missing=0.2)
    values = values[:, :, ~np.isnan(values).all(axis=(0, 1))]
    some = ~np.isnan(values).all(axis=0)
    wide = values.astype(np.float64)[:, some]
    known = {"median": np.nanmedian, "mean": np.nanmean, "std": np.nanstd, "min": np.nanmin, "max": np.nanmax}
    for name, judge in known.items():
        np.testing.assert_allclose(reduce(values, name)[some], judge(wide, axis=0), rtol=1e-6, atol=1e-7)
        assert np.isnan(reduce(values, name)[~some]).all()
    for q in (0, 0.05, 0.5, 0.9, 1):
        judge = np.nanquantile(wide, q, axis=0)
        np.testing.assert_allclose(reduce(values, "quantile", q=q)[some], judge, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([3, NAN, 1], {"median": 2, "mean": 2, "min": 1, "max": 3, "first": 3, "last": 1, "count": 2, "std": 1}),
        ([NAN, 7, NAN], dict.fromkeys(NAMES, 7) | {"count": 1, "std": 0}),
        ([5, 5, 5, 5], dict.fromkeys(NAMES, 5) | {"count": 4, "std": 0}),
        ([NAN, NAN], dict.fromkeys(NAMES, NAN) | {"count": 0}),
        ([], dict.fromkeys(NAMES, NAN) | {"count": 0}),
        ([4, 1, 3, 2, NAN], {"median": 2.5, "first": 4, "last": 2, "std": math.sqrt(1.25)}),
    ],
)  # fmt: skip
def test_by_hand(looks, expected):
    for name, value in expected.items():
        np.testing.assert_array_equal(reduce(column(*looks), name), np.float32([[value]]), err_msg=name)


def test_sums_do_not_lose_small_numbers_beside_large_ones():
    many = column(2**24, *[1.0] * 100)
    assert reduce(many, "mean").item() == np.float32((2**24 + 100) / 101)
    shifted = column(10000.25, 10000.75)
    assert reduce(shifted, "std").item() == 0.25
    assert reduce(column(2**24, 2**24 + 2), "std").item() == 1
    third = np.float32(1 / 3)
    assert reduce(column(*[third] * 30), "mean").item() == third
    assert reduce(column(*[third] * 30), "std").item() == 0
    assert reduce(column(0.1, 0.2), "median").item() == np.float32(
        (float(np.float32(0.1)) + float(np.float32(0.2))) / 2
    )


def test_sums_are_made_in_order_of_time():
    assert reduce(column(2**60, -(2**60), 3), "mean").item() == 1
    assert reduce(column(3, 2**60, -(2**60)), "mean").item() == 0


@pytest.mark.parametrize("name", [name for name in NAMES if name != "count"])
def test_equal_numbers_are_equal_bytes(name):
    zeros = np.array([0.0, -0.0], dtype=np.float32)
    nans = np.array([0x7FC00000, 0xFFC00001], dtype=np.uint32).view(np.float32)
    for looks, expected in (
        (zeros, 0.0),
        (zeros[::-1], 0.0),
        (zeros[1:], 0.0),
        (nans, NAN),
        (nans[::-1], NAN),
    ):
        assert reduce(column(*looks), name).tobytes() == np.float32(expected).tobytes()


def test_infinite_numbers_are_numbers():
    looks = column(math.inf, 1, NAN)
    assert reduce(looks, "count").item() == 2
    assert (reduce(looks, "min").item(), reduce(looks, "max").item(), reduce(looks, "first").item()) == (
        1,
        math.inf,
        math.inf,
    )
    assert reduce(looks, "mean").item() == math.inf
    assert math.isnan(reduce(looks, "std").item())


@pytest.mark.parametrize(
    ("name", "q", "said"),
    [
        ("sum", None, "no reducer is called 'sum' .*median"),
        ("quantile", None, "belong together"),
        ("median", 0.5, "belong together"),
        ("quantile", 1.1, "give 0 to 1"),
        ("quantile", -0.1, "give 0 to 1"),
        ("quantile", NAN, "give 0 to 1"),
    ],
)
def test_what_is_no_reducer_is_refused(name, q, said):
    with pytest.raises(UsageError, match=said):
        reduce(column(1, 2), name, q=q)


@pytest.mark.parametrize(
    "values", [np.zeros((2, 3, 4)), np.zeros((2, 3, 4), np.int16), np.zeros((3, 4), np.float32)]
)
def test_other_types_and_shapes_are_refused(values):
    for name in ("median", "mean"):
        with pytest.raises(UsageError, match="give float32 of shape"):
            reduce(values, name)


def test_more_steps_than_a_count_can_hold_are_refused():
    with pytest.raises(UsageError, match="too many"):
        reduce(np.zeros((65536, 1, 1), np.float32), "count")
    assert reduce(np.zeros((65535, 1, 1), np.float32), "count").item() == 65535
