"""A pixel gives the same bytes in any block."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multisat.reducing import (
    Highest,
    Lowest,
    Medoid,
    Order,
    best,
    interpolate,
    quantiles,
    reduce,
    take,
    whittaker,
)

STEPS, HEIGHT, WIDTH = 13, 7, 9
DAYS = np.cumsum(np.arange(STEPS) % 4 + 0.3)


def _chosen(values, make):
    index = best({"red": values, "nir": values[::-1]}, make(values))
    return np.stack([index, take(values, index).view(np.int32)])


WORK = {
    **{name: lambda v, n=name: reduce(v, n) for name in ("median", "mean", "min", "max", "first", "last", "count", "std")},
    "quantiles": lambda v: quantiles(v, (0.1, 0.9)),
    "highest": lambda v: _chosen(v, lambda c: Highest(values=c)),
    "lowest": lambda v: _chosen(v, lambda c: Lowest(values=c)),
    "order": lambda v: _chosen(v, lambda c: Order(ranks=[i % 5 for i in range(len(c))])),
    "medoid": lambda v: _chosen(v, lambda _: Medoid()),
    "interpolate": lambda v: interpolate(v, DAYS[: len(v)], limit=5),
    "whittaker": lambda v: whittaker(v, smoothness=3),
}  # fmt: skip


@pytest.fixture(scope="module")
def values(series):
    return series(STEPS, HEIGHT, WIDTH, seed=1)


@pytest.fixture(scope="module")
def wholes(values):
    return {name: work(values) for name, work in WORK.items()}


@given(
    rows=st.sets(st.integers(1, HEIGHT - 1)),
    columns=st.sets(st.integers(1, WIDTH - 1)),
    name=st.sampled_from(sorted(WORK)),
)
def test_blocks_equal_the_whole(values, wholes, rows, columns, name):
    whole = wholes[name]
    for part in _parts(rows, columns):
        assert WORK[name](values[part]).tobytes() == whole[part].tobytes()


def _parts(rows, columns):
    downs, rights = ([0, *sorted(cuts), size] for cuts, size in ((rows, HEIGHT), (columns, WIDTH)))
    for top, bottom in pairwise(downs):
        for left, right in pairwise(rights):
            yield np.s_[..., top:bottom, left:right]


@pytest.mark.parametrize("name", WORK)
def test_single_pixels_and_other_layouts_equal_the_whole(values, wholes, name):
    whole = wholes[name]
    for y, x in np.ndindex(HEIGHT, WIDTH):
        pixel = np.ascontiguousarray(values[:, y : y + 1, x : x + 1])
        assert WORK[name](pixel).tobytes() == whole[..., y : y + 1, x : x + 1].tobytes()
    turned = np.asfortranarray(values)
    np.testing.assert_array_equal(WORK[name](turned).view(np.uint8), whole.view(np.uint8))


@pytest.mark.parametrize("name", WORK)
def test_threads_equal_one_after_another(series, name):
    values = series(STEPS, 400, 450, seed=2)  # more numbers than one thread takes
    whole = WORK[name](values)
    for part in (np.s_[..., :177, :], np.s_[..., 177:178, :], np.s_[..., 178:, :]):
        assert WORK[name](values[part]).tobytes() == whole[part].tobytes()


@pytest.mark.parametrize("shape", [(0, 2, 3), (3, 0, 2), (3, 2, 0)])
@pytest.mark.parametrize("name", WORK)
def test_nothing_gives_nothing(name, shape):
    found = WORK[name](np.zeros(shape, np.float32))
    assert found.shape[-2:] == shape[1:]
    if name == "count":
        assert not found.any()
    elif found.dtype == np.float32:
        assert np.isnan(found).all()
    else:
        assert (found[0] == -1).all()
