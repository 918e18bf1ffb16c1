"""The best step of each pixel against plain loops."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from multisat.errors import UsageError
from multisat.reducing import Highest, Lowest, Medoid, Order, best, take

NAN, INF = math.nan, math.inf

sizes = st.tuples(st.integers(0, 7), st.integers(1, 2), st.integers(1, 3))
elements = st.sampled_from([0.0, 0.5, -0.5, 0.25, NAN, NAN, INF, -INF]) | st.floats(-10, 10, width=32)


@st.composite
def stacks(draw, count):
    shape = draw(sizes)
    return [draw(arrays(np.float32, shape, elements=elements, fill=st.just(NAN))) for _ in range(count)]


def loop(shape, chosen):
    """Return the index from a function of one pixel that gives a step or None."""
    found = np.full(shape[1:], -1)
    for y, x in np.ndindex(shape[1:]):
        step = chosen(y, x)
        if step is not None:
            found[y, x] = step
    return found


def earliest(steps, badness):
    return min(steps, key=lambda step: (badness(step), step), default=None)


@given(stacks(3), st.sampled_from([(Highest, -1), (Lowest, 1)]))
def test_the_highest_or_lowest_of_what_is_seen(arrays_, kind):
    red, nir, scores = arrays_
    make, sign = kind

    def chosen(y, x):
        seen = [
            t
            for t in range(len(red))
            if np.isfinite([red[t, y, x], nir[t, y, x]]).any() and np.isfinite(scores[t, y, x])
        ]
        return earliest(seen, lambda t: sign * scores[t, y, x])

    index = best({"red": red, "nir": nir}, make(values=scores))
    assert index.dtype == np.int32
    np.testing.assert_array_equal(index, loop(red.shape, chosen))


@given(stacks(2), st.data())
def test_the_lowest_rank_that_has_a_value_and_unknown_ranks_last(arrays_, data):
    red, nir = arrays_
    ranks = data.draw(
        st.lists(st.sampled_from([None, NAN, 0.0, 10.0, 99.5]), min_size=len(red), max_size=len(red))
    )

    def chosen(y, x):
        seen = [t for t in range(len(red)) if np.isfinite([red[t, y, x], nir[t, y, x]]).any()]
        return earliest(seen, lambda t: INF if ranks[t] is None or math.isnan(ranks[t]) else ranks[t])

    np.testing.assert_array_equal(best({"red": red, "nir": nir}, Order(ranks=ranks)), loop(red.shape, chosen))


@given(stacks(3))
def test_the_medoid_is_nearest_to_all_other_whole_looks(arrays_):
    blue, green, red = arrays_

    def chosen(y, x):
        looks = {t: [float(a[t, y, x]) for a in arrays_] for t in range(len(red))}
        whole = [t for t, look in looks.items() if np.isfinite(look).all()]
        return earliest(whole, lambda t: _sum_of_distances(looks[t], [looks[o] for o in whole if o != t]))

    np.testing.assert_array_equal(best({"b": blue, "g": green, "r": red}, Medoid()), loop(red.shape, chosen))


def _sum_of_distances(look, others):
    total = 0.0
    for other in others:
        squares = 0.0
        for a, b in zip(look, other, strict=True):
            squares += (a - b) * (a - b)
        total += math.sqrt(squares)
    return total


def column(*values):
    return np.array(values, dtype=np.float32).reshape(-1, 1, 1)


def test_a_medoid_is_not_drawn_away_by_one_bright_cloud():
    red = column(0.10, 0.12, 0.90, 0.11, NAN)
    nir = column(0.40, 0.42, 0.95, 0.41, 0.41)
    assert best({"red": red, "nir": nir}, Medoid()).item() == 3


@pytest.mark.parametrize(
    ("looks", "step"),
    [
        ((5, 5, 5), 0),
        ((NAN, 5, 5), 1),
        ((0, 1), 0),
        ((NAN, 7, NAN), 1),
        ((3, 1, 1, 9), 0),
        ((3, 1, 1, 9, 0), 1),
        ((NAN, NAN), -1),
    ],
)
def test_medoids_by_hand(looks, step):
    assert best({"a": column(*looks)}, Medoid()).item() == step


@pytest.fixture(scope="module")
def close():
    """Synthetic looks of which many are equally near to all others but for rounding."""
    few = np.array([0.1, 0.2, 0.3, 0.7], dtype=np.float32)
    rng = np.random.default_rng(3)
    return {name: rng.choice(few, (24, 25, 25)) for name in ("red", "nir", "blue")}


def test_the_order_of_variables_does_not_matter(close):
    turned = dict(reversed(close.items()))
    np.testing.assert_array_equal(best(close, Medoid()), best(turned, Medoid()))


def test_a_close_medoid_is_the_same_in_any_block(close):
    whole = best(close, Medoid())
    for y, x in np.ndindex(whole.shape):
        pixel = {name: values[:, y : y + 1, x : x + 1] for name, values in close.items()}
        assert best(pixel, Medoid()).item() == whole[y, x]


def test_of_many_steps_of_one_rank_the_earliest_is_taken():
    looks = np.ones((200, 1, 1), dtype=np.float32)
    ranks = [30.0, None, 10.0, 20.0] * 50
    looks[:60] = NAN
    assert best({"red": looks}, Order(ranks=ranks)).item() == 62
    looks[np.array(ranks, dtype=float) > 0] = NAN
    assert best({"red": looks}, Order(ranks=ranks)).item() == 61


def test_one_step_gives_all_variables():
    index = np.array([[1, -1], [0, 2]], dtype=np.int32)
    red = np.arange(12, dtype=np.float32).reshape(3, 2, 2)
    np.testing.assert_array_equal(take(red, index), [[4, NAN], [2, 11]])
    nir = np.where(red == 4, np.float32(NAN), -red)
    np.testing.assert_array_equal(take(nir, index), [[NAN, NAN], [-2, -11]])
    assert take(red, index).dtype == np.float32


def test_cloud_probability_in_whole_numbers_is_compared_as_numbers():
    clouds = np.array([0, 200, 100], dtype=np.uint8).reshape(-1, 1, 1)
    assert best({"red": column(1, 2, 3)}, Lowest(values=clouds)).item() == 0
    assert best({"red": column(1, 2, 3)}, Highest(values=clouds)).item() == 1


def test_what_does_not_fit_together_is_refused():
    red, other = np.zeros((2, 3, 4), np.float32), np.zeros((2, 4, 3), np.float32)
    for variables, criterion, said in (
        ({}, Medoid(), "nothing to choose from"),
        ({"a": red, "b": other}, Medoid(), "on one grid"),
        ({"a": red}, Highest(values=other), "on one grid"),
        ({"a": red}, Lowest(values=other), "on one grid"),
        ({"a": red}, Order(ranks=[1]), "1 ranks of 2 time steps"),
        ({"a": red.astype(np.float64)}, Medoid(), "give float32"),
    ):
        with pytest.raises(UsageError, match=said):
            best(variables, criterion)
