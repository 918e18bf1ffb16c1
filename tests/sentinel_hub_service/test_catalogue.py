"""The catalogue lists what the archive has, filters by what it can, and refuses the rest."""

import re

import pytest
from shapely.geometry import shape

SEARCH = "/api/v1/catalog/1.0.0/search"


@pytest.fixture
def search(ask, hub):
    def send(**changes):
        whole = {
            "collections": ["sentinel-2-l2a"],
            "datetime": "2023-01-01T00:00:00Z/2023-12-31T23:59:59Z",
            "intersects": hub.places["munich"],
            "limit": 100,
            **changes,
        }
        return ask(SEARCH, {name: value for name, value in whole.items() if value is not None})

    return send


def ids(answer):
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["features"]]


def test_items_are_products_with_the_time_of_their_tile(search, scene):
    (found,) = search(datetime="2023-05-04T00:00:00Z/2023-05-05T00:00:00Z").json()["features"]
    entry = scene("20230504")
    assert found["id"] == entry.item["properties"]["s2:product_uri"]
    assert found["properties"]["datetime"] == "2023-05-04T10:16:43Z"
    frame = entry.files["B04"].frame
    assert found["properties"]["proj:bbox"] == [frame.x, frame.y - 6000, frame.x + 6000, frame.y]
    assert found["properties"]["multisat:synthetic"] is True
    assert shape(found["geometry"]).equals(shape(entry.item["geometry"]))


def test_pages_follow_each_other_without_gaps(search):
    whole = ids(search())
    first, second = search(limit=7), search(limit=7, next=7)
    assert first.json()["context"] == {"limit": 7, "returned": 7, "next": 7}
    assert "next" not in second.json()["context"]
    assert ids(first) + ids(second) == whole
    assert len(ids(search(limit=None))) == 10


@pytest.mark.parametrize(
    ("expression", "count"),
    [
        ("eo:cloud_cover > 90", 1),
        ("eo:cloud_cover <> 15", 7),
        ("eo:cloud_cover between 5 and 15", 8),
        ("eo:cloud_cover between 5 and 15 and eo:cloud_cover < 12", 3),
        ({"op": "=", "args": [{"property": "eo:cloud_cover"}, 35]}, 1),
        ({"op": "between", "args": [{"property": "eo:cloud_cover"}, 5, 15]}, 8),
        (
            {
                "op": "and",
                "args": [
                    {"op": ">=", "args": [{"property": "eo:cloud_cover"}, 5]},
                    {"op": "<=", "args": [{"property": "eo:cloud_cover"}, 5]},
                ],
            },
            1,
        ),
    ],
)
def test_filters(search, expression, count):
    assert len(ids(search(filter=expression))) == count


@pytest.mark.parametrize(
    "wrong",
    [
        {"filter": "eo:cloud_cover > 10 or eo:cloud_cover < 5"},
        {"filter": "platform = 'sentinel-2a'"},
        {"filter": {"op": "or", "args": [{"op": "=", "args": [{"property": "eo:cloud_cover"}, 5]}]}},
        {"filter": {"op": "like", "args": [{"property": "eo:cloud_cover"}, 5]}},
        {"filter": "eo:cloud_cover in (1, 2)"},
        {"limit": 101},
        {"limit": "ten"},
        {"next": "abc"},
        {"datetime": None},
        {"datetime": "yesterday"},
        {"collections": ["sentinel-2-l2a", "sentinel-1-grd"]},
        {"intersects": None},
        {"bbox": [11, 48, 12, 49]},
        {"intersects": {"type": "Polygon", "coordinates": "x"}},
        {"distinct": "platform"},
    ],
)
def test_what_is_not_understood_is_refused(search, wrong):
    answer = search(**wrong)
    assert (answer.status_code, answer.json()["code"]) == (400, 400)
    assert answer.json()["description"]


def test_unknown_things_are_not_found(search, ask):
    assert search(collections=["sentinel-9"]).status_code == 404
    for path in ("collections/hls", "collections/sentinel-2-l2a/items/other", "elsewhere"):
        assert ask(f"/api/v1/catalog/1.0.0/{path}").status_code == 404


def test_fields_choose_what_an_item_says(search):
    def keys(fields):
        one = search(fields=fields, limit=1).json()["features"][0]
        return set(one) | {f"properties.{name}" for name in one["properties"]}

    always = {"id", "type", "geometry", "bbox", "links", "assets", "properties", "properties.datetime"}
    assert keys({}) == always
    assert keys({"include": ["properties.eo:cloud_cover"]}) == always | {"properties.eo:cloud_cover"}
    assert keys({"exclude": ["geometry", "assets"]}) == always - {"geometry", "assets"}


def test_distinct_days(search):
    found = search(distinct="date").json()
    assert found["features"][:2] == ["2023-05-04", "2023-05-14"]
    assert found["context"]["returned"] == 11


def test_radar_is_filtered_by_its_own_properties(search):
    found = search(collections=["sentinel-1-grd"], filter="sat:orbit_state = 'ascending'").json()["features"]
    assert {one["properties"]["sat:orbit_state"] for one in found} == {"ascending"}
    assert len(found) == 4
    assert all(re.fullmatch(r"S1A_IW_GRDH_1SDV_(\w+)_[0-9A-F]{4}\.SAFE", one["id"]) for one in found)
    assert search(collections=["sentinel-1-grd"], filter="eo:cloud_cover < 5").status_code == 400


def test_collections_name_what_they_are_queried_by(ask):
    listed = [one["id"] for one in ask("/api/v1/catalog/1.0.0/collections").json()["collections"]]
    assert listed == ["sentinel-2-l2a", "sentinel-1-grd", "dem"]
    assert ask("/api/v1/catalog/1.0.0/collections/sentinel-2-l2a").json()["id"] == "sentinel-2-l2a"
    names = ask("/api/v1/catalog/1.0.0/collections/sentinel-2-l2a/queryables").json()["properties"]
    assert list(names) == ["eo:cloud_cover"]
