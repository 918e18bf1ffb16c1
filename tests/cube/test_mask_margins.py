"""Margins and specks of masks in metres, against counting every pair of pixels."""

import numpy as np
import pytest

from multisat.cube import load
from multisat.cube.masking import cleaned

RNG = np.random.default_rng(5)


def near(there, radius):
    """Pixels whose centre is at most so far from the centre of one of them, pair by pair."""
    rows, columns = np.nonzero(there)
    i, j = np.indices(there.shape)
    found = np.zeros(there.shape, bool)
    for row, column in zip(rows, columns, strict=True):
        found |= (i - row) ** 2 + (j - column) ** 2 <= radius**2 + 1e-9
    return found


@pytest.mark.parametrize("dilate", [0, 0.9, 1, 1.5, 3, 4.3, 60])
def test_margins(dilate):
    bad = RNG.random((40, 50)) < 0.01
    np.testing.assert_array_equal(cleaned(bad, opening=0, dilate=dilate), near(bad, dilate))


@pytest.mark.parametrize("opening", [0.5, 1, 2, 2.3])
def test_specks(opening):
    bad = near(RNG.random((40, 50)) < 0.01, 2.5) | (RNG.random((40, 50)) < 0.02)
    eroded = bad & ~near(~bad, opening)
    np.testing.assert_array_equal(cleaned(bad, opening=opening, dilate=0), bad & near(eroded, opening))


@pytest.mark.parametrize("bad", [np.zeros((9, 9), bool), np.ones((9, 9), bool)])
def test_nothing_and_everything_stay(bad):
    np.testing.assert_array_equal(cleaned(bad, opening=2, dilate=3), bad)


@pytest.mark.parametrize("opening", [0, 25])
def test_margins_are_metres_on_any_grid(write, scene, plain, opening):
    codes = np.full((300, 300), 4, "uint8")
    codes[100:104, 100:104] = 9
    codes[200, 200] = 9
    codes[:, :3] = 0
    red, _ = write("red")
    scl, _ = write("scl", size=20, count=300, dtype="uint8", values=codes)
    cube = load(
        [scene("one", red=red, scl=scl)], ["red"], access=plain, mask="cloud", dilate=55, opening=opening
    )
    cloud = codes.repeat(2, 0).repeat(2, 1) == 9
    if opening:
        cloud[400:402, 400:402] = False
        patch = cloud[190:220, 190:220]
        patch &= near(patch & ~near(~patch, 2.5), 2.5)
    wanted = near(cloud, 5.5)
    wanted[:, :6] = True  # no data has no margin
    np.testing.assert_array_equal(cube["mask"].values[0].astype(bool), wanted)
    assert cube["mask"].attrs["dilation_metres"] == 55
    assert np.isnan(cube.red.values[0][wanted]).all()


def test_margins_reach_in_from_outside_the_area(write, scene, plain):
    codes = np.full((300, 300), 4, "uint8")
    codes[100:110, 100:110] = 9
    red, _ = write("red")
    scl, _ = write("scl", size=20, count=300, dtype="uint8", values=codes)
    one = scene("one", red=red, scl=scl)
    whole = load([one], ["red"], access=plain, mask="cloud", dilate=80)
    part = whole.isel(y=slice(222, 260), x=slice(150, 300))
    again = load([one], ["red"], access=plain, mask="cloud", dilate=80, like=part)
    assert part["mask"].any()
    np.testing.assert_array_equal(again["mask"], part["mask"])


@pytest.mark.parametrize("words", [{"dilate": -1}, {"opening": -2}, {"dilate": 10, "mask": None}])
def test_distances_that_make_no_sense_are_refused(write, scene, plain, words):
    red, _ = write("red")
    with pytest.raises(ValueError, match=r"distance|margin"):
        load([scene("one", red=red)], ["red"], access=plain, **{"mask": "clear", **words})
