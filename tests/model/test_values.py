"""Requests, filters, grids, outcomes, scenes and accesses as values."""

import pickle

import orjson
import pytest

import multisat as ms
from multisat.contracts import Access
from multisat.errors import ProviderTimeout, UsageError
from multisat.model import AOI, Grid, Outcome, PropertyFilter, Request, Status
from multisat.model.filters import parse_filters

AREA = (11, 48, 12, 49)


def test_a_request_is_hashable_and_travels_as_json():
    one = Request.of(
        AREA, "2023-05", collections="hls", max_cloud=20, limit=5, sort="-datetime",
        filters={"platform": ["landsat-9", "landsat-8"], "view:sun_elevation": {"gte": 30, "lt": 60}},
    )  # fmt: skip
    again = Request.from_dict(orjson.loads(orjson.dumps(one.to_dict())))
    assert again == one
    assert hash(again) == hash(one)
    bare = Request.of(AREA)
    assert Request.from_dict(bare.to_dict()) == bare


@pytest.mark.parametrize("options", [{"max_cloud": 101}, {"max_cloud": -1}, {"limit": 0}, {"sort": "size"}])
def test_a_request_that_cannot_be_is_refused(options):
    with pytest.raises(UsageError) as caught:
        Request.of(AREA, **options)
    assert caught.value.hint


def test_an_unknown_option_is_an_error():
    with pytest.raises(TypeError, match="cloud"):
        ms.search(AREA, "2023", cloud=3)


@pytest.mark.parametrize(
    ("text", "name", "op", "value"),
    [
        ("platform=landsat-9", "platform", "eq", "landsat-9"),
        ("view:sun_elevation >= 30.5", "view:sun_elevation", "gte", 30.5),
        ("a<=1", "a", "lte", 1),
        ("a<1", "a", "lt", 1),
        ("a>1", "a", "gt", 1),
        ("a!=x y", "a", "neq", "x y"),
        ("earthsearch:boa_offset_applied=true", "earthsearch:boa_offset_applied", "eq", True),
        ("s2:processing_baseline='05.09'", "s2:processing_baseline", "eq", "05.09"),
    ],
)
def test_filters_from_text(text, name, op, value):
    assert parse_filters([text]) == (PropertyFilter(name=name, op=op, value=value),)


@pytest.mark.parametrize("value", ["platform", "=3", {"a": {"near": 3}}, {"a": object()}, 3])
def test_filters_that_cannot_be_read(value):
    with pytest.raises(UsageError):
        parse_filters(value)


@pytest.mark.parametrize(
    ("op", "wanted", "have", "met"),
    [("lte", 20, 20, True), ("lt", 20, 20, False), ("eq", "a", None, False), ("neq", "a", None, False),
     ("gte", 3, "text", False), ("in", ("a", "b"), "b", True), ("neq", "a", "b", True)],
)  # fmt: skip
def test_filters_need_the_property(op, wanted, have, met):
    assert PropertyFilter(name="x", op=op, value=wanted).met_by(have) is met


def test_a_grid_is_a_geobox():
    grid = Grid(crs="EPSG:32632", transform=(10, 0, 600000, 0, -20, 5300000), shape=(100, 50))
    assert grid.resolution == (20, 10)
    assert grid.bounds == (600000, 5298000, 600500, 5300000)
    assert Grid.from_geobox(grid.geobox) == grid
    assert Grid.of("EPSG:32632", [10, 0, 0, 0, -10, 0, 0, 0, 1], [3, 4]).shape == (3, 4)
    assert Grid.of("EPSG:32632", [10, 0], [3, 4]) is None


def test_an_outcome_keeps_its_message_as_json():
    error = ProviderTimeout("no answer", provider="archive", hint="wait longer")
    one = Outcome(provider="archive", status=Status.TIMED_OUT, error=error, notes=("a",))
    again = Outcome.from_dict(orjson.loads(orjson.dumps(one.to_dict())))
    assert (again.status, again.notes, again.complete) == (Status.TIMED_OUT, ("a",), False)
    assert str(again.error) == "archive: no answer (wait longer)"


def test_an_access_shows_nothing_and_stays_where_it_is():
    access = Access(href="https://h/x?sig=SECRET", headers={"Authorization": "SECRET"}, gdal={"K": "SECRET"})
    assert "SECRET" not in repr(access)
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(access)


def test_a_scene_tells_what_it_is_and_leaves_its_item_alone():
    item = {
        "id": "S2A_MSIL2A_20230504T101031_R022_T32UPU_20230504T221031",
        "collection": "sentinel-2-l2a",
        "geometry": AOI.of(AREA).geojson,
        "properties": {"datetime": "2023-05-04T10:10:31Z", "platform": "Sentinel-2A"},
        "assets": {"B04": {"href": "https://h/B04.tif"}},
    }
    before = orjson.dumps(item)
    scene = ms.provider("planetary-computer").scene(item)
    assert repr(scene) == f"<Scene planetary-computer {item['id']} 2023-05-04T10:10Z cloud unknown>"
    with pytest.raises(ms.BaselineMissing):
        scene.assets["red"]
    assert scene.with_baseline("03.00").assets["red"].offset == 0
    assert scene.with_baseline("04.00").assets["red"].offset == -0.1
    with pytest.raises(UsageError, match="no processing baseline"):
        scene.with_baseline("4")
    marked = scene.with_alternates([scene]).to_item()
    assert marked["properties"]["multisat:provider"] == "planetary-computer"
    assert len(marked["multisat:alternates"]) == 1
    assert orjson.dumps(item) == before
