"""Expressions as JavaScript against those of this machine."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from py_mini_racer import MiniRacer
from tests.recipes.drawing import expressions

from multisat.expressions import evaluate, names, parse
from multisat.expressions.lookup import index, indices
from multisat_sentinel_hub.javascript import HELPERS, javascript

BANDS = ("blue", "green", "red", "nir", "swir16")


@pytest.fixture(scope="module")
def v8():
    context = MiniRacer()
    context.eval(HELPERS)
    return context


def by_script(v8, expression, values):
    """Return what a script computes of each pixel; JSON has no NaN, so null stands for it."""
    wanted = names(expression)
    columns = [[None if np.isnan(v) else float(v) for v in values[name]] for name in wanted]
    code = (
        f"((c) => c[0].map((_, p) => (({', '.join(wanted)}) => single({javascript(expression)}))"
        "(...c.map((one) => one[p] === null ? NaN : one[p]))))"
    )
    found = json.loads(v8.eval(f"JSON.stringify({code}({json.dumps(columns)}))"))
    return np.array([np.nan if v is None else v for v in found], dtype=np.float32)


def pixels(bands, count=60):
    """Reflectance with clouds, dark water, negatives, zeros, equal bands and no data."""
    rng = np.random.default_rng(7)
    found = {band: rng.uniform(-0.1, 1.2, count).astype(np.float32) for band in bands}
    for place, value in enumerate((0.0, -0.0, 1.0, -1.0, 0.5)):
        for values in found.values():
            values[place] = value
    for place, values in enumerate(found.values(), 5):
        values[place] = np.nan
    return found


def alike(found, right):
    np.testing.assert_array_equal(np.isnan(found), np.isnan(right))
    np.testing.assert_allclose(found, right, rtol=1e-6, atol=1e-6)


def test_every_index_of_the_catalogue(v8):
    known = [index(name) for name in indices()]
    assert len(known) > 200
    for one in known:
        values = pixels(names(one.expression))
        if values:
            alike(by_script(v8, one.expression, values), evaluate(one.expression, values))


@settings(max_examples=60, deadline=None)
@given(text=expressions(BANDS))
def test_what_nobody_thought_of(v8, text):
    expression = parse(text)
    values = pixels(names(expression))
    alike(by_script(v8, expression, values), evaluate(expression, values))


@pytest.mark.parametrize(
    ("text", "red", "right"),
    [
        ("red ** 0", np.nan, np.nan),
        ("1 ** (1 / red)", 0.0, 1.0),
        ("(-1) ** (1 / red)", 0.0, 1.0),
        ("min(red, 0.5)", np.nan, np.nan),
        ("log(red)", -1.0, np.nan),
        ("red / (red - red)", 1.0, np.nan),
        ("exp(red * 1e5)", 1.0, np.nan),
        ("-red ** 2", 3.0, -9.0),
        ("2 ** -red", 1.0, 0.5),
    ],
)
def test_what_is_no_number_here_is_none_there(v8, text, red, right):
    values = {"red": np.array([red], dtype=np.float32)}
    expression = parse(text)
    alike(by_script(v8, expression, values), np.array([right], dtype=np.float32))
    alike(evaluate(expression, values), np.array([right], dtype=np.float32))
