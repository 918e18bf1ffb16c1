"""No body makes the service fall over."""

import copy
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.sentinel_hub_service.scripts import BANDS, one

ODD = [None, [], {}, "x", -1, 1e308, True, [[]], 0]
DAY = ("2023-05-04T00:00:00Z", "2023-05-04T23:59:59Z")


def places(value, path=()):
    """Give the path of everything inside a body."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in inner:
        yield (*path, name)
        yield from places(part, (*path, name))


def changed(body, path, value):
    whole = copy.deepcopy(body)
    *inner, last = path
    place = whole
    for name in inner:
        place = place[name]
    place[last] = value
    return whole


def hold(ask, address, body, hub):
    assert ask(address, body).status_code == 200
    for path in places(body):
        for value in ODD:
            answer = ask(address, changed(body, path, value))
            assert answer.status_code in {200, 400, 404}, (path, value, hub.sentinel_hub.crashes)
            assert answer.status_code == 200 or answer.json()


def test_process_bodies(ask, body, hub):
    whole = body(one("s.B04"), DAY, output__width=4, output__height=3)
    west, south, east, north = whole["input"]["bounds"]["bbox"]
    ring = [[west, south], [east, south], [east, north], [west, south]]
    whole["input"]["bounds"]["geometry"] = {"type": "Polygon", "coordinates": [ring]}
    whole["input"]["data"][0]["processing"] = {"harmonizeValues": True}
    whole["input"]["data"][0]["dataFilter"] |= {"maxCloudCoverage": 50, "mosaickingOrder": "leastCC"}
    hold(ask, "/api/v1/process", whole, hub)


def test_statistical_bodies(ask, body, hub):
    script = """//VERSION=3
function setup() { return {input: ["B04"], output: [{id: "default", bands: 1}, {id: "dataMask", bands: 1}]}; }
function evaluatePixel(s) { return {default: [s.B04], dataMask: [1]}; }
"""
    times = {"from": "2023-05-04T00:00:00Z", "to": "2023-05-05T00:00:00Z"}
    every = {"of": "P1D", "lastIntervalBehavior": "SKIP"}
    size = {"width": 4, "height": 3}
    whole = {
        "input": body(script, DAY)["input"],
        "aggregation": {"timeRange": times, "aggregationInterval": every, "evalscript": script, **size},
        "calculations": {
            "default": {
                "statistics": {"default": {"percentiles": {"k": [50]}}},
                "histograms": {"default": {"nBins": 3, "lowEdge": 0, "highEdge": 1}},
            }
        },
    }
    hold(ask, "/api/v1/statistics", whole, hub)


def test_search_bodies(ask, hub):
    whole = {
        "collections": ["sentinel-2-l2a"],
        "datetime": "2023-01-01T00:00:00Z/2023-12-31T23:59:59Z",
        "intersects": hub.places["munich"],
        "limit": 5,
        "next": 0,
        "fields": {"include": ["id"], "exclude": ["bbox"]},
        "filter": {"op": "and", "args": [{"op": "<", "args": [{"property": "eo:cloud_cover"}, 50]}]},
        "filter-lang": "cql2-json",
        "distinct": "date",
    }
    hold(ask, "/api/v1/catalog/1.0.0/search", whole, hub)


@pytest.mark.parametrize(
    "address", ["/api/v1/async/process", "/api/v2/batch/process", "/api/v1/statistics/batch"]
)
def test_bodies_of_jobs(ask, address, hub):
    for value in (*ODD, {"input": {}}, {"output": {"delivery": {"s3": {"url": 5}}}}):
        assert ask(address, value, "POST").status_code == 400


def test_many_at_once_get_the_same_answer(ask, body):
    whole = body(BANDS, DAY)
    first = ask("/api/v1/process", whole).content
    with ThreadPoolExecutor(8) as pool:
        assert {
            answer.content for answer in pool.map(lambda _: ask("/api/v1/process", whole), range(16))
        } == {first}
