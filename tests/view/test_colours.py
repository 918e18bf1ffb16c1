"""One stretch for all frames, which clouds do not move."""

import numpy as np
import xarray as xr

from multisat.view.colours import NOTHING, coloured, one_stretch


def frames(*steps):
    return xr.DataArray(np.stack(steps).astype("float32"), dims=("time", "y", "x", "colour"))


GROUND = np.random.default_rng(1).uniform(0.02, 0.2, (30, 30, 3))


def test_clouds_do_not_darken_the_ground():
    cloudy = np.where(np.arange(30)[:, None, None] < 15, 0.7, GROUND)
    alone = one_stretch(frames(GROUND, GROUND, GROUND))
    among = one_stretch(frames(GROUND, cloudy, GROUND, np.full_like(GROUND, 0.7)))
    assert (among.low, among.high) == (alone.low, alone.high)
    assert 0.19 < alone.high <= 0.2  # the brightest of the ground, nearly


def test_values_become_colours_in_order_and_gaps_are_grey():
    look = one_stretch(frames(GROUND))
    row = np.repeat(np.array([-1.0, 0.05, 0.1, 0.7, np.nan])[None, :, None], 3, axis=2)
    picture = coloured(row, look)[0, :, 0]
    assert picture.tolist() == [*sorted(picture[:4].tolist()), NOTHING]
    assert picture[0] == 0
    assert picture[3] == 255


def test_a_pixel_that_lacks_one_colour_is_grey():
    frame = np.full((1, 1, 3), 0.1)
    frame[0, 0, 0] = np.nan
    assert (coloured(frame, one_stretch(frames(GROUND))) == NOTHING).all()


def test_nothing_at_all_and_one_value_have_colours_too():
    for values in (np.full((4, 4, 3), np.nan), np.full((4, 4, 3), 0.1)):
        look = one_stretch(frames(values))
        assert look.high > look.low
        assert coloured(values, look).shape == (4, 4, 3)


def test_an_index_has_the_colours_of_its_name():
    ndvi = xr.DataArray(np.linspace(-1, 1, 12).reshape(1, 3, 4), dims=("time", "y", "x"), name="NDVI")
    look = one_stretch(ndvi)
    assert (look.low, look.high) == (-0.2, 0.9)
    bare, lush = coloured(np.array([[0.0, 0.8]]), look)[0]
    assert bare[0] > bare[1]
    assert lush[1] > lush[0]
