"""Rows: limits, ranking, tables, pictures."""

import csv
import datetime as dt

import numpy as np
import pytest

import multisat as ms
from multisat.model import Acquisition, Scene
from multisat.screening import SHARES, Screened, Screening

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}


def scene(name, cloud, day):
    return Scene(
        provider="disk",
        collection="hls-s30",
        native_id="hls-s30",
        id=name,
        datetime=dt.datetime(2023, 5, day, 10, tzinfo=dt.UTC),
        footprint=SQUARE,
        cloud_cover=cloud,
        assets={},
        acquisition=Acquisition(collection="hls-s30", platform="", tile="", name=name),
        item={},
    )


def row(aoi, day, *, clear=50.0, cloud=10.0, covered=100.0, snow=None, scene_cloud=30.0, failed=False):
    one = scene(f"S{day}", scene_cloud, day)
    shares = dict.fromkeys(SHARES, 0.0) | {
        "clear": clear,
        "cloud": cloud,
        "covered": covered,
        "snow": snow,
    }
    if failed:
        return Screened(aoi=aoi, time=one.datetime, scenes=(one,), error="it is gone (404)")
    return Screened(
        aoi=aoi,
        time=one.datetime,
        scenes=(one,),
        read=(one,),
        shares=shares,
        level=0,
        resolution=20.0,
        bound=0.0,
    )


def screening(*rows):
    areas = ms.AOIs(tuple(ms.AOI.of(SQUARE, name=name) for name in ("b", "a")))
    return Screening.of(rows, areas=areas, mask=("nodata",), access=lambda _, asset: None)


@pytest.fixture
def found():
    return screening(
        row("a", 3, clear=90.0, cloud=5.0),
        row("b", 2, clear=80.0, cloud=6.0),
        row("a", 1, clear=90.0, cloud=4.0, covered=95.0),
        row("a", 2, failed=True),
        row("b", 1, clear=80.0, cloud=5.000001, scene_cloud=None),
    )


def keys(rows):
    return [(one.aoi, one.time.day) for one in rows]


def test_by_area_then_time(found):
    assert keys(found) == [("b", 1), ("b", 2), ("a", 1), ("a", 3)]
    assert keys(found.failed) == [("a", 2)]
    assert not found.complete
    assert repr(found) == "<Screening 4 looks at 2 areas, 1 not read>"


@pytest.mark.parametrize(
    ("limits", "left"),
    [
        ({"max_cloud": 5}, [("a", 1), ("a", 3)]),
        ({"max_cloud": None}, [("b", 1), ("b", 2), ("a", 1), ("a", 3)]),
        ({"max_cloud": 5, "min_covered": 99}, [("a", 3)]),
        ({"min_clear": 90}, [("a", 1), ("a", 3)]),
        ({"max_snow": 0}, [("b", 1), ("b", 2), ("a", 1), ("a", 3)]),
        ({"max_scene_cloud": 20}, [("b", 1)]),
    ],
)
def test_limits_are_inclusive_and_keep_the_unknown(found, limits, left):
    kept = found.filter(**limits)
    assert keys(kept) == left
    assert keys(kept.failed) == [("a", 2)]


@pytest.mark.parametrize("limits", [{"cloud": 5}, {"max_fog": 5}, {"max_cloud": -1}, {"min_clear": 100.5}])
def test_limits_that_are_none(found, limits):
    with pytest.raises(ms.UsageError):
        found.filter(**limits)


def test_the_best_of_each_area(found):
    assert keys(found.best()) == [("b", 1), ("a", 3)]
    assert keys(found.best(2)) == [("b", 1), ("b", 2), ("a", 3), ("a", 1)]
    with pytest.raises(ms.UsageError):
        found.best(0)


def test_scenes_to_load(found):
    assert [one.id for one in found.scenes_for("a")] == ["S1", "S3"]
    assert [one.id for one in found.best().scenes_for("b")] == ["S1"]
    with pytest.raises(ms.AOIError, match="no area is called c"):
        found.scenes_for("c")


def test_a_slice_is_a_screening(found):
    assert keys(found[1:3]) == [("b", 2), ("a", 1)]
    assert found[0].aoi == "b"


def test_the_table(found):
    table = found.to_dataframe()
    assert list(zip(table.aoi, table.time.dt.day, table.status, strict=True)) == [
        ("b", 1, "ok"), ("b", 2, "ok"), ("a", 1, "ok"), ("a", 2, "failed"), ("a", 3, "ok"),
    ]  # fmt: skip
    assert np.isnan(table.cloud[3])
    assert table["snow"].isna().all()
    assert str(table.time.dt.tz) == "UTC"
    assert table.error[3] == "it is gone (404)"
    assert list(screening().to_dataframe().columns) == list(table.columns)


def test_the_file(found, tmp_path):
    path = found.save(tmp_path / "new" / "overview.csv")
    with path.open() as file:
        rows = list(csv.DictReader(file))
    assert [(r["aoi"], r["scene_cloud"], r["cloud"]) for r in rows] == [
        ("b", "", "5.000001"), ("b", "30.0", "6.0"), ("a", "30.0", "4.0"), ("a", "30.0", ""), ("a", "30.0", "5.0"),
    ]  # fmt: skip
    assert [p.name for p in path.parent.iterdir()] == ["overview.csv"]
    with pytest.raises(ms.UsageError, match=r"name it \.csv"):
        found.save(tmp_path / "overview.xlsx")


def test_the_picture(found):
    from matplotlib import pyplot as plt

    axes = found.plot()
    points = {str(one.get_label()): one.get_offsets().tolist() for one in axes.collections}
    assert points == {"b": [[30.0, 6.0]], "a": [[30.0, 4.0], [30.0, 5.0]]}
    assert "1 more in scenes of unknown cloud" in axes.get_title()
    assert "whole scene" in axes.get_xlabel()
    plt.close(axes.figure)


def test_many_areas_have_one_colour():
    from matplotlib import pyplot as plt

    names = [str(n) for n in range(30)]
    areas = ms.AOIs(tuple(ms.AOI.of(SQUARE, name=name) for name in names))
    found = Screening.of([row(n, 1) for n in names], areas=areas, mask=(), access=lambda _, asset: None)
    _, axes = plt.subplots()
    assert found.plot(axes) is axes
    assert [len(one.get_offsets()) for one in axes.collections] == [30]
    assert axes.get_legend() is None
    plt.close(axes.figure)
