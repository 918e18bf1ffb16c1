"""Requests, grids, outcomes and accesses as values."""

import copy
import json
import pickle
from dataclasses import FrozenInstanceError

import orjson
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import multisat as ms
from multisat.contracts import Access
from multisat.errors import AOIError, MultisatError, ProviderTimeout, TimeRangeError, UsageError
from multisat.model import AOI, Grid, Outcome, PropertyFilter, Request, Status, TimeRange

AREA = (11, 48, 12, 49)
FULL = {
    "collections": ["hls", "landsat"], "max_cloud": 20, "limit": 5, "sort": "-cloud_cover",
    "filters": {"platform": {"landsat-9", "landsat-8"}, "view:sun_elevation": {"gte": 30, "lt": 60.5}, "a": True},
}  # fmt: skip


@pytest.mark.parametrize(
    "options",
    [{}, FULL, {"collections": "hls"}, {"max_cloud": 0}, {"max_cloud": 12.5}, {"collections": ("a",)}],
)
@pytest.mark.parametrize("time", [None, "2023-05", "2023/..", "../2023-01-01T00:00:00.000001Z"])
@pytest.mark.parametrize(
    "aoi",
    [
        AREA,
        (179, -17, -179, -16),
        AOI(geometry=shapely.box(6e5, 5e6, 6.1e5, 5.1e6), crs="EPSG:32632", name="x"),
    ],
)
def test_a_request_is_hashable_and_travels_as_json(aoi, time, options):
    one = Request.of(aoi, time, **options)
    for again in (Request.from_dict(json.loads(json.dumps(one.to_dict()))), pickle.loads(pickle.dumps(one))):
        assert again == one
        assert hash(again) == hash(one)
        assert again.to_dict() == one.to_dict()
    with pytest.raises(FrozenInstanceError):
        one.limit = 3


def test_what_a_request_holds():
    one = Request.of(AREA, "2023-05", **FULL)
    assert one.time == TimeRange.of("2023-05")
    assert one.collections == ("hls", "landsat")
    assert PropertyFilter(name="platform", op="in", value=("landsat-8", "landsat-9")) in one.filters
    assert len(one.filters) == 4
    assert Request.of(AREA, collections="hls").collections == ("hls",)
    assert (
        len({Request.of(AREA), Request.of(AREA, limit=1), Request.of(AREA, "2023"), Request.of((1, 2))}) == 4
    )


@pytest.mark.parametrize("options", [
    {"max_cloud": 101}, {"max_cloud": -1}, {"max_cloud": float("nan")}, {"max_cloud": "20"}, {"max_cloud": True},
    {"limit": 0}, {"limit": -3}, {"limit": 2.5}, {"limit": "5"}, {"limit": True}, {"sort": "size"}, {"sort": None},
])  # fmt: skip
def test_a_request_that_cannot_be_is_refused(options):
    with pytest.raises(UsageError, match=f"{next(iter(options.values()))}") as caught:
        Request.of(AREA, **options)
    assert caught.value.hint


def test_its_parts_are_refused_with_their_own_errors():
    with pytest.raises(AOIError):
        Request.of((1, 2, 3))
    with pytest.raises(TimeRangeError):
        Request.of(AREA, "2023-13")
    with pytest.raises(TypeError, match="cloud"):
        ms.search(AREA, "2023", cloud=3)


GRID = Grid(crs="EPSG:32632", transform=(10, 0, 600000, 0, -20, 5300000), shape=(100, 50))


def test_a_grid_is_a_geobox():
    assert GRID.resolution == (20, 10)
    assert GRID.bounds == (600000, 5298000, 600500, 5300000)
    assert Grid(crs="EPSG:4326", transform=(0.5, 0, -10, 0, 0.25, 40), shape=(4, 2)).bounds == (
        -10,
        40,
        -9,
        41,
    )
    assert tuple(GRID.geobox.boundingbox) == GRID.bounds
    assert GRID.geobox.shape == (100, 50)
    assert Grid.of("EPSG:32632", [10, 0, 0, 0, -10, 0, 0, 0, 1], [3, 4]).shape == (3, 4)
    assert Grid.of("EPSG:32632", GRID.transform, (100.0, 50.0)) == GRID


steps, places, sizes = st.floats(0.01, 100), st.floats(-1e6, 1e6), st.integers(1, 20000)


@settings(max_examples=50, deadline=None)
@given(st.tuples(steps, steps), st.tuples(places, places), st.tuples(sizes, sizes))
def test_a_grid_survives_a_geobox(pixel, corner, shape):
    (across, down), (x, y), (rows, columns) = pixel, corner, shape
    grid = Grid(crs="EPSG:32632", transform=(across, 0, x, 0, -down, y), shape=(rows, columns))
    assert Grid.from_geobox(grid.geobox) == grid
    left, bottom, right, top = grid.bounds
    assert ((right - left) / columns, (top - bottom) / rows) == pytest.approx(grid.resolution[::-1], rel=1e-6)


@pytest.mark.parametrize(("transform", "shape"), [
    ([10, 0], [3, 4]), ([10, 0, 0, 0, -10, 0], [3]), ([10, 0, 0, 0, -10, 0], [1, 3, 4]), ([0, 0, 0, 0, 0, 0], [3, 4]),
    ([10, 0, None, 0, -10, 0], [3, 4]), ([10, 1, 0, 1, -10, 0], [3, 4]), ([10, 0, float("nan"), 0, -10, 0], [3, 4]),
    ([10, 0, 0, 0, -10, 0], [0, 4]), ([10, 0, 0, 0, -10, 0], [3, -4]), ([10, 0, 0, 0, -10, 0], [None, 4]), (["x"] * 6, [3, 4]),
])  # fmt: skip
def test_fields_that_are_no_grid(transform, shape):
    assert Grid.of("EPSG:32632", transform, shape) is None


def test_an_outcome_travels_as_json():
    error = ProviderTimeout("no answer", provider="archive", hint="wait longer")
    one = Outcome(
        provider="archive", status=Status.TIMED_OUT, error=error, notes=("a",), seconds=1.23456, matched=0
    )
    again = Outcome.from_dict(orjson.loads(orjson.dumps(one.to_dict())))
    assert (again.status, again.notes, again.complete, again.matched) == (Status.TIMED_OUT, ("a",), False, 0)
    assert str(again.error) == "archive: no answer (wait longer)"
    assert isinstance(again.error, MultisatError)
    assert Outcome.from_dict(again.to_dict()).to_dict() == one.to_dict()
    for status in Status:
        fine = Outcome(
            provider="a", status=status, scenes=3, requests=2, complete=True, resume="t", seconds=0.125
        )
        assert Outcome.from_dict(json.loads(json.dumps(fine.to_dict()))) == fine


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_an_access_shows_nothing_and_stays_where_it_is(protocol):
    access = Access(href="https://h/x?sig=SECRET", headers={"Authorization": "SECRET"}, gdal={"K": "SECRET"})
    assert "SECRET" not in f"{access} {access!r} {[access]}"
    for carry in (
        lambda: pickle.dumps({"a": [access]}, protocol=protocol),
        lambda: copy.copy(access),
        lambda: copy.deepcopy(access),
    ):
        with pytest.raises(TypeError, match="never pickled") as caught:
            carry()
        assert "SECRET" not in str(caught.value)
