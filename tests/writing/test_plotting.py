"""Pictures: colours by what a variable is, the same for all steps, and titles that say when."""

import matplotlib as mpl
import numpy as np
import pytest
import xarray as xr
from matplotlib import colors
from matplotlib import pyplot as plt

import multisat.accessor  # noqa: F401 - gives cubes their .multisat

mpl.use("agg")
MONTHS = np.array(["2023-05-01", "2023-06-01", "2023-07-01"], "datetime64[ns]")


def cube(times=MONTHS, ends=None, **variables):
    """Variables of 20 x 30 pixels: each is a value a time step, or an array."""
    rng = np.random.default_rng(4)
    dims = ("time", "y", "x") if times is not None else ("y", "x")
    shape = (len(times), 20, 30) if times is not None else (20, 30)
    made = {
        name: (
            dims,
            (np.broadcast_to(np.reshape(v, (-1, 1, 1)), shape) if np.ndim(v) else rng.random(shape) * v),
        )
        for name, v in variables.items()
    }
    coords = {"y": 5340005.0 - 10 * np.arange(20), "x": 600005.0 + 10 * np.arange(30)}
    if times is not None:
        coords |= {"time": times}
    if ends is not None:
        coords |= {"period_end": ("time", np.array(ends, "datetime64[ns]"))}
    return xr.Dataset(made, coords=coords).rio.write_crs(32632)


@pytest.fixture
def drawn():
    """Draw a cube: gives the axes with a picture in them, and closes the figure when the test is over."""
    figures = []

    def draw(data, band=None):
        figures.append(data.multisat.plot(band))
        return [axes for axes in figures[-1].axes if axes.images], figures[-1]

    yield draw
    for figure in figures:
        plt.close(figure)


@pytest.mark.parametrize("name", ["ndvi", "NDVI", "EVI"])
def test_plants_are_green_and_all_steps_have_the_same_colours(drawn, name):
    axes, _ = drawn(cube(**{name: 0.5}))
    assert len(axes) == 3
    assert {(one.images[0].get_clim(), one.images[0].get_cmap().name) for one in axes} == {
        ((-0.2, 0.9), "RdYlGn")
    }


def test_a_change_is_white_where_there_is_none_and_red_where_power_is_lost(drawn):
    data = cube(times=None, vv_before=0.1, vv_change=0.0)
    data["vv_change"][:, :5] = -3
    data["vv_change"].attrs = {
        "units": "dB",
        "long_name": "backscatter VV, after against before",
        "dates": "a, b",
    }
    axes, figure = drawn(data)
    picture = axes[0].images[0]
    low, high = picture.get_clim()
    assert low == -high == pytest.approx(-3, abs=0.01)
    red, _, blue, _ = picture.cmap(picture.norm(-3))
    assert red > blue
    assert min(picture.cmap(picture.norm(0.0))) > 0.95
    assert axes[0].get_title() == "a, b"
    assert "backscatter VV, after against before (dB)" in [one.get_ylabel() for one in figure.axes]


@pytest.mark.parametrize(("kind", "centre"), [("difference", 0), ("standardised", 0), ("ratio", 1)])
def test_an_anomaly_is_centred_on_none(drawn, kind, centre):
    data = cube(NDVI=[centre - 0.2, centre + 0.1, centre])
    data["NDVI"].attrs["anomaly"] = f"{kind} to the same calendar period of 2018-01-01 until 2023-01-01"
    axes, _ = drawn(data)
    low, high = axes[0].images[0].get_clim()
    assert (low + high) / 2 == pytest.approx(centre)


def test_true_colour_is_stretched_alike_in_all_steps(drawn):
    dark = cube(red=[0.02, 0.1, 0.2], green=[0.02, 0.1, 0.2], blue=[0.02, 0.1, 0.2])
    axes, figure = drawn(dark)
    shown = [float(one.images[0].get_array()[..., :3].mean()) for one in axes]
    assert shown[0] < 0.05 < shown[1] < 0.95 < shown[2]
    assert len(figure.axes) == 3  # no bar of colours


@pytest.mark.parametrize(
    ("starts", "ends", "titles"),
    [
        (["2023-05-01", "2023-12-01"], ["2023-06-01", "2024-01-01"], ["2023-05", "2023-12"]),
        (["2022-01-01", "2023-01-01"], ["2023-01-01", "2024-01-01"], ["2022", "2023"]),
        (["2023-05-01", "2023-05-17"], ["2023-05-17", "2023-06-02"], ["2023-05-01 to 2023-05-16", "2023-05-17 to 2023-06-01"]),
        (["2022-12-01", "2023-03-01"], ["2023-03-01", "2023-06-01"], ["2022-12-01 to 2023-02-28", "2023-03-01 to 2023-05-31"]),
        (["2023-05-01", "2023-05-02"], ["2023-05-02", "2023-05-03"], ["2023-05-01", "2023-05-02"]),
    ],
    ids=["months", "years", "16 days", "seasons", "days"],
)  # fmt: skip
def test_a_title_is_a_period_with_its_last_day(drawn, starts, ends, titles):
    axes, _ = drawn(cube(times=np.array(starts, "datetime64[ns]"), ends=ends, red=0.3))
    assert [one.get_title() for one in axes] == titles


def test_overpasses_are_titled_by_day(drawn):
    times = np.array(["2023-05-04T10:10:31", "2023-05-14T10:10:31"], "datetime64[ns]")
    axes, _ = drawn(cube(times=times, red=0.3))
    assert [one.get_title() for one in axes] == ["2023-05-04", "2023-05-14"]


def test_empty_periods_are_left_out_and_that_is_said(drawn):
    axes, figure = drawn(cube(NDVI=[0.3, np.nan, 0.4]))
    assert [one.get_title() for one in axes] == ["2023-05-01", "2023-07-01"]
    assert figure.get_suptitle() == "2 of 3 times are shown; empty ones never are"
    axes, _ = drawn(cube(NDVI=[np.nan, np.nan, np.nan]))
    assert len(axes) == 1


def test_of_many_steps_some_are_shown(drawn):
    days = np.datetime64("2023-01-01", "ns") + np.arange(40) * np.timedelta64(1, "D")
    axes, figure = drawn(cube(times=days, red=0.3))
    assert len(axes) <= 12
    assert figure.get_suptitle().startswith(f"{len(axes)} of 40 times")


def test_pixels_without_a_value_are_grey(drawn):
    data = cube(times=None, red=0.3)
    data["red"][:3] = np.nan
    axes, _ = drawn(data)
    assert np.ma.getmaskarray(axes[0].images[0].get_array())[:3].all()
    grey = colors.to_rgb(axes[0].get_facecolor())
    assert len(set(grey)) == 1
    assert 0.8 < grey[0] < 0.95
