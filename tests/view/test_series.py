"""A series and its clouds, as a picture."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from multisat.errors import UsageError
from multisat.view.series import plot_series


def looks(**more):
    """A synthetic table as ``zonal`` gives it for overpasses."""
    start = pd.date_range("2023-05-04", periods=6, freq="10D", tz="UTC")
    columns = {
        "id": "field",
        "start": start,
        "end": pd.DatetimeIndex([pd.NaT] * 6),
        "cloud": [0, 0.35, 0.1, 1, 0.6, 0.05],
        "NDVI_mean": [0.4, 0.45, 0.5, np.nan, 0.6, 0.55],
        "NDVI_valid": [1, 0.65, 0.9, 0, 0.4, 0.95],
    }
    return pd.DataFrame(columns | more)


def drawn(table, **how):
    figure = Figure(figsize=(8, 4), layout="constrained")
    return plot_series(table, ax=figure.subplots(), **how)


def test_it_looks_as_it_should(golden):
    golden(drawn(looks()).figure, "series")


def test_points_are_filled_where_half_is_clear():
    filled, hollow = drawn(looks()).collections
    assert [len(one.get_offsets()) for one in (filled, hollow)] == [4, 1]
    assert hollow.get_offsets()[0, 1] == pytest.approx(0.6)
    assert hollow.get_facecolor()[0].tolist() == [1, 1, 1, 1]


def test_bars_are_what_is_masked_in_percent():
    axes = drawn(looks())
    bars = axes.figure.axes[1].patches
    assert [bar.get_height() for bar in bars] == pytest.approx([0, 35, 10, 100, 60, 5])
    without = drawn(looks().drop(columns="cloud")).figure.axes[1]
    assert [bar.get_height() for bar in without.patches] == pytest.approx([0, 35, 10, 100, 60, 5])
    assert "without a value" in without.get_ylabel()


def test_periods_stand_in_their_middle():
    table = looks(end=pd.date_range("2023-05-14", periods=6, freq="10D", tz="UTC"))
    first = drawn(table).lines[0].get_xdata()[0]
    assert pd.Timestamp(first) == pd.Timestamp("2023-05-09")


def test_several_areas_have_lines_of_their_own():
    both = pd.concat([looks(), looks(id="wood")])
    axes = drawn(both)
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["field", "wood"]


@pytest.mark.parametrize(
    ("table", "variable", "word"),
    [
        (looks().drop(columns="NDVI_mean"), None, "no mean"),
        (looks(), "EVI", "use one of NDVI"),
        (pd.concat([looks(id=str(n)) for n in range(9)]), None, "9 areas"),
    ],
)
def test_what_cannot_be_drawn_is_said(table, variable, word):
    with pytest.raises(UsageError, match=word):
        drawn(table, variable=variable)


def test_no_value_on_any_date_is_said():
    axes = drawn(looks(NDVI_mean=np.nan, NDVI_valid=0.0))
    assert [text.get_text() for text in axes.texts] == ["no value on any date"]
    assert axes.get_yticks().size == 0
