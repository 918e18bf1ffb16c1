"""Masks of the oracle, against pictures drawn by hand."""

import math
from datetime import UTC, datetime

import numpy as np
import pytest
from tests.oracle import Pixels, StoredBand, StoredScene
from tests.oracle.masks import masked, meaning, near, opened, spread


def drawn(text):
    return np.array([[letter == "#" for letter in row] for row in text.split()])


@pytest.mark.parametrize(
    ("layer", "number", "right"),
    [
        ("scl", 0, {"nodata"}),
        ("scl", 4, set()),
        ("scl", 9, {"cloud"}),
        ("scl", 7, {"uncertain"}),
        ("scl", 11, {"snow"}),
        ("qa_pixel", 1, {"nodata"}),
        ("qa_pixel", 0b1001, {"nodata"}),
        ("qa_pixel", 0b1000, {"cloud"}),
        ("qa_pixel", 0b10010010, {"adjacent", "shadow", "water"}),
        ("qa_pixel", 21824, set()),  # clear land in USGS's table of values
        ("qa_pixel", 22280, {"cloud"}),  # high confidence cloud there
        ("fmask", 255, {"nodata"}),
        ("fmask", 0b1001, {"shadow"}),
        ("fmask", 64, set()),
        ("fmask", 0b110, {"cloud", "adjacent"}),
    ],
)
def test_meanings(layer, number, right):
    assert meaning(layer, number) == right


@pytest.mark.parametrize(
    ("radius", "right"),
    [
        (0.9, "..... ..... ..#.. ..... ....."),
        (1, "..... ..#.. .###. ..#.. ....."),
        (1.5, "..... .###. .###. .###. ....."),
        (2, "..#.. .###. ##### .###. ..#.."),
    ],
)
def test_margins_are_discs(radius, right):
    there = drawn("..... ..... ..#.. ..... .....")
    np.testing.assert_array_equal(near(there, radius), drawn(right))


def test_opening_drops_specks_and_threads_and_keeps_the_rest():
    there = drawn("#...... .###... .###### .###... .......")
    np.testing.assert_array_equal(opened(there, 1), drawn("....... ..##... .####.. ..##... ......."))
    np.testing.assert_array_equal(opened(there, 0), there)


def test_a_gaussian_of_three_by_three():
    # weights 1, e^-0.5 and e^-1 by their sum 1 + 4 * 0.60653 + 4 * 0.36788 = 4.89764: 0.204, 0.124, 0.075
    there = drawn("..... ..... ..#.. ..... .....")
    plus, square = "..... ..#.. .###. ..#.. .....", "..... .###. .###. .###. ....."
    for threshold, right in (
        (0.3, "..... " * 5),
        (0.2, "..... ..... ..#.. ..... ....."),
        (0.1, plus),
        (0, square),
    ):
        np.testing.assert_array_equal(spread(there, 3, 1.0, threshold), drawn(right))


def test_a_gaussian_sums_to_one():
    assert spread(np.ones((3, 3), bool), 3, 2.0, 0.999)[1, 1]
    assert not spread(np.ones((3, 3), bool), 3, 2.0, 0.999)[0, 0]  # beyond the array is nothing


def scene(codes):
    pixels = Pixels(x=0, y=80, size=20, rows=4, columns=4)
    layer = StoredBand(numbers=np.array(codes, "uint8"), pixels=pixels, nodata=0)
    when = datetime(2023, 5, 4, tzinfo=UTC)
    return StoredScene(name="a", collection="sentinel-2-l2a", time=when, bands={"scl": layer})


@pytest.mark.parametrize(
    ("mask", "right"),
    [
        ({"classes": ["cloud"]}, "#... .... ...."),
        ({"classes": ["cloud"], "dilate": 10}, "##.. #... ...."),
        ({"classes": "snow"}, ".... ...# ...#"),
        ({"classes": ["cloud", "snow"], "opening": 12}, ".... .... ...#"),
        (
            {"classes": ["cloud"], "kernel": {"size": 3, "sigma": math.inf, "threshold": 0.4}},
            "#... .... ....",
        ),
        (
            {"classes": ["cloud"], "kernel": {"size": 3, "sigma": math.inf, "threshold": 0.2}},
            "##.. #... ....",
        ),
        (None, ".... .... ...."),
    ],
)
def test_codes_are_repeated_on_finer_pixels_and_neighbours_outside_are_real(mask, right):
    # of the cloud, at x 0 to 20 and y 60 to 80, one 10 m pixel is the corner of the grid; of the snow, at
    # x 40 to 80 and y 20 to 60, the upper half of the left column is in it, and opening takes its corner
    codes = [[9, 4, 4, 4], [4, 4, 11, 11], [4, 4, 11, 11], [4, 4, 4, 4]]
    pixels = Pixels(x=10, y=70, size=10, rows=3, columns=4)
    np.testing.assert_array_equal(masked(scene(codes), pixels, mask), drawn(right))


def test_no_data_counts_as_nothing_and_has_no_margin():
    codes = [[4, 4, 4, 4], [4, 0, 0, 4], [4, 0, 9, 4], [4, 4, 4, 4]]
    pixels = Pixels(x=0, y=80, size=20, rows=4, columns=5)
    right = drawn("....# .##.# .##.# ....#")  # the fifth column is outside of the file
    np.testing.assert_array_equal(masked(scene(codes), pixels, {"classes": ["cloud"]}), right)
    right = drawn("....# .##.# .#### ..#.#")
    np.testing.assert_array_equal(masked(scene(codes), pixels, {"classes": ["cloud"], "dilate": 20}), right)
