"""Kernels laid over masks against plain loops."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from multisat.errors import UsageError
from multisat.reducing import gaussian_kernel, spread


@pytest.mark.parametrize(("size", "sigma"), [(1, 1.0), (3, 0.5), (11, 1.6), (17, 3.0)])
def test_a_gaussian_is_its_formula(size, sigma):
    kernel = gaussian_kernel(size, sigma)
    half = size // 2
    plain = [
        [math.exp(-(i * i + j * j) / (2 * sigma * sigma)) for i in range(-half, half + 1)]
        for j in range(-half, half + 1)
    ]
    total = math.fsum(w for row in plain for w in row)
    np.testing.assert_allclose(kernel, np.array(plain) / total, rtol=1e-13)
    assert (kernel.shape, kernel.dtype) == ((size, size), np.float64)
    assert math.isclose(kernel.sum(), 1, rel_tol=1e-12)


@pytest.mark.parametrize(
    ("size", "sigma"), [(0, 1), (4, 1), (-3, 1), (3, 0), (3, -1), (3, math.nan), (3, math.inf)]
)
def test_what_is_no_gaussian_is_refused(size, sigma):
    with pytest.raises(UsageError):
        gaussian_kernel(size, sigma)


def slow(mask, kernel, threshold):
    """Add the kernel around every masked pixel."""
    down, right = kernel.shape[0] // 2, kernel.shape[1] // 2
    total = np.zeros((mask.shape[0] + 2 * down, mask.shape[1] + 2 * right))
    for y, x in zip(*np.nonzero(mask), strict=True):
        total[y : y + kernel.shape[0], x : x + kernel.shape[1]] += kernel
    return total[down : down + mask.shape[0], right : right + mask.shape[1]] > threshold


masks = arrays(np.bool_, st.tuples(st.integers(0, 9), st.integers(0, 9)))
odd = st.sampled_from([1, 3, 5, 13])


@given(masks, st.sampled_from([(3, 0.7), (11, 1.6), (31, 6.0)]), st.floats(0.001, 0.999))
def test_a_gaussian_spreads_a_mask(mask, shape, threshold):
    kernel = gaussian_kernel(*shape)
    found = spread(mask, kernel, threshold)
    assert found.dtype == np.bool_
    np.testing.assert_array_equal(found, slow(mask, kernel, threshold))


@given(masks, st.tuples(odd, odd).flatmap(lambda shape: arrays(np.int8, shape)), st.integers(-300, 300))
def test_any_kernel_of_numbers_is_a_convolution(mask, kernel, threshold):
    kernel = kernel.astype(np.float64)
    np.testing.assert_array_equal(spread(mask, kernel, threshold + 0.5), slow(mask, kernel, threshold + 0.5))


@given(
    masks,
    st.lists(st.integers(-9, 9), min_size=3, max_size=3),
    st.lists(st.integers(-9, 9), min_size=5, max_size=5),
)
def test_a_product_of_a_column_and_a_row_is_a_convolution(mask, down, right):
    kernel = np.outer(down, right).astype(np.float64)
    for threshold in (-0.5, 0.5, 20.5):
        np.testing.assert_array_equal(spread(mask, kernel, threshold), slow(mask, kernel, threshold))


def test_the_threshold_itself_is_not_enough():
    mask = np.zeros((5, 5), dtype=bool)
    mask[2, 1:4] = True
    box = np.ones((3, 3))
    assert spread(mask, box, 2).sum() == 3
    assert spread(mask, box, 3).sum() == 0
    assert not spread(~mask, np.zeros((3, 3)), 0).any()
    assert spread(mask, box, -1).all()


def test_a_kernel_has_a_side():
    mask = np.zeros((3, 3), dtype=bool)
    mask[1, 1] = True
    for kernel in (np.array([[0.0, 0, 1]]), np.array([[0.0, 0, 1], [0, 0, 0], [1, 0, 0]])):
        np.testing.assert_array_equal(spread(mask, kernel, 0.5), slow(mask, kernel, 0.5))
    assert spread(mask, np.array([[0.0, 0, 1]]), 0.5)[1].tolist() == [False, False, True]


@given(st.integers(1, 59), st.integers(1, 59), st.booleans(), st.integers(0, 2**32))
def test_blocks_with_a_margin_equal_the_whole(down, right, product, seed):
    mask = np.random.default_rng(seed).random((60, 60)) < 0.1
    kernel = gaussian_kernel(7, 1.5)
    if not product:
        kernel[0, 0] *= 2
    threshold = kernel[3, 3]  # sums that meet it exactly are there
    whole = spread(mask, kernel, threshold)
    for rows in (slice(0, down), slice(down, 60)):
        for columns in (slice(0, right), slice(right, 60)):
            wide = [slice(max(0, one.start - 3), one.stop + 3) for one in (rows, columns)]
            inner = tuple(
                slice(one.start - w.start, one.stop - w.start)
                for one, w in zip((rows, columns), wide, strict=True)
            )
            assert (
                spread(mask[tuple(wide)], kernel, threshold)[inner].tobytes()
                == whole[rows, columns].tobytes()
            )


@pytest.mark.parametrize(
    "kernel",
    [
        np.ones((2, 3)),
        np.ones((3, 4)),
        np.ones(3),
        np.ones((0, 0)),
        np.full((3, 3), np.nan),
        np.full((1, 1), np.inf),
    ],
)
def test_what_is_no_kernel_is_refused(kernel):
    with pytest.raises(UsageError):
        spread(np.zeros((3, 3), dtype=bool), kernel, 0.5)
