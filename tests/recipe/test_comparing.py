"""One recipe at several places: how far the numbers are apart."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import multisat as ms
from multisat.recipe.comparing import differences

NAN = np.nan


def cube(*values):
    return xr.Dataset({"NDVI": (("time", "y", "x"), np.array([[values]], dtype="float32"))})


def test_what_differs_is_counted_and_measured():
    found = differences({"here": cube(1, 2, NAN, 400), "there": cube(1, 2.5, 3, 408)}).iloc[0]
    assert found.to_dict() == {
        "variable": "NDVI",
        "at": "there",
        "against": "here",
        "values": 3,
        "differ": 2,
        "largest": 8.0,
        "relative": 0.25,
        "only_one": 1,
    }


def test_tables_are_compared_by_their_numbers():
    one, two = (pd.DataFrame({"id": ["a", "b"], "NDVI_mean": [0.5, last]}) for last in (0.25, 0.75))
    found = differences({"here": one, "there": two})
    assert found[["variable", "differ", "largest"]].values.tolist() == [["NDVI_mean", 1, 0.5]]


def test_all_are_compared_with_the_first():
    found = differences({"a": cube(1), "b": cube(2), "c": cube(4)})
    assert found[["at", "against", "largest"]].values.tolist() == [["b", "a", 1.0], ["c", "a", 3.0]]


def test_nothing_in_common():
    found = differences({"here": cube(NAN), "there": cube(1)}).iloc[0]
    assert (found["values"], found["largest"], found["only_one"]) == (0, 0.0, 1)


def test_other_times_are_refused():
    with pytest.raises(
        ms.UsageError, match=r"NDVI has the shape \(1, 1, 2\) at here and \(1, 1, 1\) at there"
    ):
        differences({"here": cube(1, 2), "there": cube(1)})


def test_two_archives_with_the_same_scenes_agree(field):
    recipe = ms.Recipe().mask("clear").index("NDVI").composite("month", "median")
    found = recipe.compare(field, "2023-05", on=["earth-search", "planetary-computer"])
    assert set(found["variable"]) == {"NDVI", "count"}
    assert found["largest"].max() < 1e-6
    assert found["only_one"].sum() == 0


def test_one_place_is_compared_with_nothing(field):
    with pytest.raises(ms.UsageError, match="one place is compared with nothing"):
        ms.Recipe().bands("red").compare(field, "2023-05", on="earth-search")
