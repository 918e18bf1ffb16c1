"""Which windows are read, and what share of each pixel counts."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from multisat.raster import Window
from multisat.screening.pieces import SIDE, pieces, size, windows
from multisat.screening.weights import coverage

WINDOWS = st.builds(
    Window,
    row=st.integers(-50, 5000),
    column=st.integers(-50, 5000),
    height=st.integers(1, SIDE),
    width=st.integers(1, SIDE),
)


@given(st.lists(WINDOWS, min_size=1, max_size=12))
@settings(max_examples=100)
def test_pieces_hold_every_window_once(wanted):
    made = pieces(list(enumerate(wanted)))
    assert sorted(index for piece in made for index, _ in piece.parts) == list(range(len(wanted)))
    for piece in made:
        whole = piece.window
        assert whole.height <= SIDE
        assert whole.width <= SIDE
        for index, part in piece.parts:
            assert part == wanted[index]
            assert whole.row <= part.row
            assert part.row + part.height <= whole.row + whole.height
            assert whole.column <= part.column
            assert part.column + part.width <= whole.column + whole.width


def test_near_windows_are_one_request_and_far_ones_are_not():
    near = [Window(row=10, column=10, height=50, width=50), Window(row=300, column=400, height=60, width=40)]
    far = Window(row=4000, column=4000, height=50, width=50)
    assert [size(p.window) for p in pieces(list(enumerate([*near, far])))] == [350 * 430, 2500]


def test_a_large_outline_is_cut_and_empty_corners_are_left_out():
    whole = shapely.box(100, -9000, 9000, -100)
    triangle = shapely.Polygon([(100, -100), (9000, -100), (100, -9000)])
    cut = windows(whole, whole)
    assert sum(map(size, cut)) == 8900 * 8900
    assert max(map(size, cut)) == SIDE * SIDE
    assert 0.5 * 8900**2 < sum(map(size, windows(triangle, whole))) < 0.75 * 8900**2
    assert windows(shapely.box(0, -10, 10, 0), shapely.box(50, -60, 60, -50)) == []


POINTS = st.tuples(st.floats(-3, 23), st.floats(-23, 3))


@given(st.lists(POINTS, min_size=3, max_size=9))
@settings(max_examples=150, deadline=None)
def test_shares_of_pixels_equal_cuts_by_shapely(points):
    shape = shapely.make_valid(shapely.Polygon(points)).buffer(0)
    window = Window(row=2, column=3, height=14, width=11)
    j, i = np.meshgrid(np.arange(3, 14), np.arange(2, 16))
    expected = shapely.area(shapely.intersection(shapely.box(j, -i - 1, j + 1, -i), shape))
    np.testing.assert_allclose(coverage(shape, window), expected, atol=2e-6)


def test_parts_add_up():
    shape = shapely.Point(2100, -2050).buffer(900).difference(shapely.Point(2000, -2000).buffer(400))
    total = sum(float(coverage(shape, one).sum(dtype=float)) for one in windows(shape, shape))
    assert total == pytest.approx(shape.area, rel=1e-6)
