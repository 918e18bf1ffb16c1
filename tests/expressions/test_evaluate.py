"""What an expression gives for pixels: float64 inside, float32 and NaN outside."""

from __future__ import annotations

import tracemalloc
import warnings

import numpy as np
import pytest

from multisat.errors import UsageError
from multisat.expressions import evaluate, parse

NDVI = parse("(nir - red) / (nir + red)")


def test_it_is_rounded_once_from_float64():
    """A computation in float32 gives another last bit for some pixels."""
    rng = np.random.default_rng(1)
    nir, red = rng.random((2, 40, 50), dtype=np.float32)
    exact = (nir.astype(float) - red) / (nir.astype(float) + red)
    found = evaluate(NDVI, {"nir": nir, "red": red})
    assert found.dtype == np.float32
    assert (found == exact.astype(np.float32)).all()
    assert (found != (nir - red) / (nir + red)).any()


def test_stored_integers_do_not_wrap_around():
    nir, red = np.array([10, 60000], np.uint16), np.array([20, 60000], np.uint16)
    assert evaluate(parse("nir - red"), {"nir": nir, "red": red}).tolist() == [-10, 0]
    assert evaluate(parse("nir + red"), {"nir": nir, "red": red}).tolist() == [30, 120000]
    assert evaluate(parse("-nir"), {"nir": nir}).tolist() == [-10, -60000]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 / x", 0),
        ("-1 / x", 0),
        ("x / x", 0),
        ("log(x)", 0),
        ("log(x)", -1),
        ("log10(x)", -1),
        ("sqrt(x)", -1e-9),
        ("x ** 0.5", -1),
        ("x ** (1 / 3)", -8),
        ("exp(x)", 1000),
        ("x * 1e300 * 1e300", 1),
        ("x * 1e39", 1),  # finite in float64, not in float32
        ("nd(x, -x)", 2),
        ("x", np.inf),
        ("1 / 0", 0),
    ],
)
def test_what_is_not_finite_is_nan_without_a_warning(source, value):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = evaluate(parse(source), {"x": np.array([value, 1, np.nan])[:1]})
    assert np.isnan(found).all()


def test_operations_inside_follow_ieee_754():
    assert evaluate(parse("1 / (1 / x)"), {"x": 0.0}) == 0
    assert evaluate(parse("exp(log(x))"), {"x": 0.0}) == 0
    assert evaluate(parse("x * 1e30 * 1e30 / 1e60"), {"x": 0.5}) == 0.5
    assert np.isnan(evaluate(parse("x * 1e300 * 1e300 / 1e300"), {"x": 0.5}))


@pytest.mark.parametrize(
    "source",
    [
        "x + 1",
        "0 * x",
        "x ** 0",
        "x ** (0 / 1)",
        "1 ** x",
        "x ** y",
        "y ** x",
        "min(x, y)",
        "max(y, x)",
        "max(1, y, x)",
        "nd(x, y)",
        "abs(x)",
        "x - x",
        "(x - y) ** 0 + 1",
    ],
)
def test_no_data_stays_no_data(source):
    found = evaluate(parse(source), {"x": np.array([np.nan, 0.5]), "y": np.array([0.0, 1.0])})
    assert np.isnan(found).tolist() == [True, False]


def test_functions_do_what_they_are_called():
    x = np.array([-0.25, 0.5, 4])
    got = {f: evaluate(parse(f"{f}(abs(x))"), {"x": x}) for f in ("sqrt", "exp", "log", "log10")}
    for name, found in got.items():
        np.testing.assert_allclose(found, getattr(np, name)(np.abs(x)), rtol=1e-7)
    assert evaluate(parse("abs(x)"), {"x": x}).tolist() == [0.25, 0.5, 4]
    assert evaluate(parse("min(x, 0.5, 1)"), {"x": x}).tolist() == [-0.25, 0.5, 0.5]
    assert evaluate(parse("max(x, 0.5, 1)"), {"x": x}).tolist() == [1, 1, 4]
    assert evaluate(parse("nd(x, 1)"), {"x": x})[2] == np.float32(0.6)


@pytest.mark.parametrize("shape", [(), (1,), (7,), (3, 5), (2, 130, 170), (0,), (4, 0, 3)])
def test_any_shape_comes_back(shape):
    nir, red = np.full(shape, 0.5, np.float32), np.full(shape, 0.25)
    found = evaluate(NDVI, {"nir": nir, "red": red})
    assert found.shape == shape
    assert np.allclose(found, 1 / 3)


def test_arrays_laid_out_in_any_way_keep_their_pixels():
    rng = np.random.default_rng(2)
    a = rng.random((60, 80, 9)).transpose(2, 1, 0)[::2, ::-1]
    b = np.asfortranarray(rng.random(a.shape, dtype=np.float32))
    c = rng.random(a.shape).astype(">f4")
    d = np.broadcast_to(rng.random(a.shape[-1]), a.shape)
    found = evaluate(parse("a - b / (c + d)"), {"a": a, "b": b, "c": c, "d": d})
    np.testing.assert_array_equal(found, (a - b.astype(float) / (c.astype(float) + d)).astype(np.float32))
    assert found.flags.c_contiguous


def test_numbers_join_arrays_and_stand_alone():
    nir = np.array([[0.5, 0.75]])
    assert evaluate(NDVI, {"nir": nir, "red": 0.25}).tolist() == [[np.float32(1 / 3), 0.5]]
    assert evaluate(NDVI, {"nir": 3, "red": np.float64(1)}) == 0.5
    assert evaluate(parse("2 ** 3 / 4"), {}) == 2
    assert evaluate(parse("2"), {"nir": nir}).shape == ()


def test_the_inputs_are_left_alone():
    nir = np.array([0.5, np.inf, np.nan])
    nir.flags.writeable = False
    evaluate(parse("-nir"), {"nir": nir})
    found = evaluate(parse("nir"), {"nir": nir})
    assert not np.shares_memory(found, nir)
    assert nir[1] == np.inf


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"nir": 1.0}, "no value for red"),
        ({}, "no value for nir, red"),
        ({"nir": np.ones(3), "red": np.ones(4)}, "shapes differ: nir .3,., red .4,."),
        ({"nir": np.ones((2, 3)), "red": np.ones(3)}, "shapes differ"),
        ({"nir": np.ones(3), "red": np.ones(3, complex)}, "red holds complex128"),
        ({"nir": np.ones(3), "red": np.ones(3, bool)}, "red holds bool"),
        ({"nir": np.ones(3), "red": "0.5"}, "red holds <U3"),
        ({"nir": np.ones(3), "red": None}, "red holds object"),
        ({"nir": np.ma.masked_less(np.ones(3), 2), "red": 1}, "nir is a masked array"),
    ],
)
def test_values_that_do_not_fit_are_named(values, words):
    with pytest.raises(UsageError, match=words):
        evaluate(NDVI, values)


def test_more_names_than_can_be_walked_together_are_refused():
    def sums(names):
        half = len(names) // 2
        return f"({sums(names[:half])} + {sums(names[half:])})" if half else names[0]

    many = [f"b{i}" for i in range(61)]
    assert evaluate(parse(sums(many[:60])), dict.fromkeys(many, 1)) == 60
    with pytest.raises(UsageError, match="more than 60 names"):
        evaluate(parse(sums(many)), dict.fromkeys(many, 1))


def test_only_the_result_takes_memory():
    nir, red, blue = np.random.default_rng(3).random((3, 1000, 1000), dtype=np.float32)
    evi = parse("2.5 * (nir - red) / (nir + 6 * red - 7.5 * blue + 1)")
    tracemalloc.start()
    try:
        found = evaluate(evi, {"nir": nir, "red": red, "blue": blue})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < found.nbytes + 2_000_000
