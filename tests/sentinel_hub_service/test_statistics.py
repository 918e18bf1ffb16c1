"""Statistics are those of the pixels, interval by interval."""

import numpy as np
import pytest
from rasterio.io import MemoryFile
from tests.sentinel_hub_service.scripts import one

from multisat.sandbox.sentinel_hub.counting import histogram
from multisat.sandbox.sentinel_hub.intervals import intervals

STATISTICS = "/api/v1/statistics"
SCRIPT = """//VERSION=3
function setup() {
  return {input: [{bands: ["B04", "SCL", "dataMask"]}],
          output: [{id: "red", bands: ["B04"]}, {id: "class", bands: 1, sampleType: "UINT8"},
                   {id: "dataMask", bands: 1}]};
}
function evaluatePixel(s) {
  return {red: [s.B04], class: [s.SCL], dataMask: [s.dataMask && s.SCL !== 9 ? 1 : 0]};
}
"""


@pytest.fixture
def statistics(ask, body):
    def send(
        script=SCRIPT, start="2023-05-01", end="2023-08-01", of="P1M", calculations=None, last=None, **more
    ):
        whole = body(script)
        every = {"of": of, **({"lastIntervalBehavior": last} if last else {})}
        times = {"from": f"{start}T00:00:00Z", "to": f"{end}T00:00:00Z"}
        size = {"width": 40, "height": 30}
        bounds = {**whole["input"]["bounds"], **more}
        return ask(
            STATISTICS,
            {
                "input": {"bounds": bounds, "data": [{"type": "sentinel-2-l2a"}]},
                "aggregation": {
                    "timeRange": times,
                    "aggregationInterval": every,
                    "evalscript": script,
                    **size,
                },
                **({"calculations": calculations} if calculations else {}),
            },
        )

    return send


@pytest.fixture
def rows(statistics):
    def get(*given, **more):
        answer = statistics(*given, **more)
        assert answer.status_code == 200, answer.text
        assert answer.json()["status"] == "OK"
        return answer.json()["data"]

    return get


def test_numbers_are_those_of_the_process_api(rows, ask, body):
    ranks = {"default": {"statistics": {"default": {"percentiles": {"k": [10, 50]}}}}}
    (first, *_) = rows(calculations=ranks)
    times = ("2023-05-01T00:00:00Z", "2023-05-31T23:59:59Z")
    script = one("s.B04, s.SCL, s.dataMask", bands=("B04", "SCL", "dataMask"), count=3)
    with MemoryFile(ask("/api/v1/process", body(script, times)).content) as memory, memory.open() as file:
        red, classes, mask = file.read().astype(float)
    kept = red[(mask == 1) & (classes != 9)]
    found = first["outputs"]["red"]["bands"]["B04"]["stats"]
    assert 0 < kept.size < red.size
    assert (found["sampleCount"], found["noDataCount"]) == (1200, 1200 - kept.size)
    for name, value in (
        ("min", kept.min()),
        ("max", kept.max()),
        ("mean", kept.mean()),
        ("stDev", kept.std()),
    ):
        assert found[name] == pytest.approx(value, abs=1e-12)
    assert found["percentiles"] == {
        "10.0": pytest.approx(np.percentile(kept, 10, method="inverted_cdf")),
        "50.0": pytest.approx(np.percentile(kept, 50, method="inverted_cdf")),
    }


def test_intervals_without_scenes_are_absent_and_without_pixels_not_a_number(rows):
    found = rows(start="2023-06-01", end="2023-06-15", of="P1D")
    assert [one["interval"]["from"][:10] for one in found] == ["2023-06-03", "2023-06-13"]
    stats = found[1]["outputs"]["red"]["bands"]["B04"]["stats"]
    assert (stats["mean"], stats["noDataCount"]) == ("NaN", 1200)
    assert "percentiles" not in stats


def test_bins_of_classes_and_of_a_width(rows):
    wanted = {
        "class": {"histograms": {"default": {"bins": [3, 4, 5, 10]}}},
        "default": {"histograms": {"B04": {"nBins": 2, "lowEdge": 0.0, "highEdge": 0.1}}},
    }
    outputs = rows(calculations=wanted, end="2023-06-01", of="P1M")[0]["outputs"]
    classes = outputs["class"]["bands"]["B0"]["histogram"]
    red = outputs["red"]["bands"]["B04"]
    assert [(one["lowEdge"], one["highEdge"]) for one in classes["bins"]] == [(3, 4), (4, 5), (5, 10)]
    valid = red["stats"]["sampleCount"] - red["stats"]["noDataCount"]
    for found in (classes, red["histogram"]):
        counts = sum(one["count"] for one in found["bins"])
        assert counts + found["overflowCount"] + found["underflowCount"] == valid
    assert [one["highEdge"] for one in red["histogram"]["bins"]] == [0.05, 0.1]


def test_a_histogram_holds_its_upper_edge_and_fits_its_width():
    found = histogram(np.array([0.0, 1.0, 2.0, 3.0]), {"nBins": 3})
    assert [one["count"] for one in found["bins"]] == [1, 1, 2]
    wide = histogram(np.array([0.1, 0.53]), {"binWidth": 0.05, "lowEdge": 0.0})
    assert len(wide["bins"]) == 11
    assert wide["bins"][-1]["highEdge"] == pytest.approx(0.55)
    over = histogram(np.array([-1.0, 0.5, 9.0]), {"bins": [0, 1]})
    assert (over["underflowCount"], over["overflowCount"]) == (1, 1)


def test_masks_can_differ_by_output(rows):
    script = """//VERSION=3
function setup() {
  return {input: ["B04", "dataMask"],
          output: [{id: "a", bands: 1}, {id: "b", bands: 1}, {id: "c", bands: 1}, {id: "dataMask", bands: ["a", "b"]}]};
}
function evaluatePixel(s) { return {a: [1], b: [1], c: [1], dataMask: [0, 1]}; }
"""
    outputs = rows(script, end="2023-06-01")[0]["outputs"]
    assert {name: one["bands"]["B0"]["stats"]["noDataCount"] for name, one in outputs.items()} == {
        "a": 1200,
        "b": 0,
        "c": 0,
    }


def test_samples_outside_a_polygon_are_without_data(rows, corner):
    x, y = corner
    ring = [[x + 1000, y - 2300], [x + 1400, y - 2300], [x + 1000, y - 2000], [x + 1000, y - 2300]]
    area = {"type": "Polygon", "coordinates": [ring]}
    stats = rows(end="2023-05-05", of="P4D", geometry=area)[0]["outputs"]["red"]["bands"]["B04"]["stats"]
    assert stats["sampleCount"] == 1200
    assert 580 < stats["noDataCount"] < 620


def test_units_are_those_of_every_interval(statistics):
    answer = statistics(start="2023-05-01", end="2023-07-01")
    assert float(answer.headers["x-processingunits-spent"]) == pytest.approx(2 * 0.01 * 2 / 3, abs=1e-6)
    nothing = statistics(start="2020-05-01", end="2020-06-01")
    assert nothing.json() == {"data": [], "status": "OK"}
    assert float(nothing.headers["x-processingunits-spent"]) == 0.01


def test_intervals_that_fail_say_so_and_may_succeed_later(rows, hub):
    hub.sentinel_hub.broken.add("2023-06-01T00:00:00Z", "TIMEOUT", times=1)
    assert [one.get("error") for one in rows()] == [None, {"type": "TIMEOUT"}, None]
    assert not any("error" in one for one in rows())


@pytest.mark.parametrize(
    "changes",
    [
        {"of": "PT1H"},
        {"of": "P0D"},
        {"of": "month"},
        {"start": "2023-08-01", "end": "2023-05-01"},
        {"calculations": {"default": {"histograms": {"default": {"lowEdge": 0}}}}},
        {"calculations": {"default": {"statistics": {"default": {"percentiles": {"k": [101]}}}}}},
        {"script": one("s.B04")},
        {"of": "P1D", "start": "2015-01-01", "end": "2023-01-01"},
    ],
)
def test_what_cannot_be_computed_is_refused(statistics, changes):
    answer = statistics(**changes)
    assert (answer.status_code, answer.json()["error"]["status"]) == (400, 400)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("SKIP", ["01-31 02-28", "02-28 03-31"]),
        ("SHORTEN", ["01-31 02-28", "02-28 03-31", "03-31 04-15"]),
        ("EXTEND", ["01-31 02-28", "02-28 03-31", "03-31 04-30"]),
    ],
)
def test_months_keep_their_day_and_the_rest_is_as_asked(last, expected):
    found = intervals("2023-01-31T00:00:00Z", "2023-04-15T00:00:00Z", "P1M", last)
    assert [f"{one.start:%m-%d} {one.end:%m-%d}" for one in found] == expected


def test_durations_of_weeks_years_and_hours():
    def count(of, end):
        return len(intervals("2023-01-01T00:00:00Z", end, of))

    assert count("P1W", "2023-01-29T00:00:00Z") == 4
    assert count("P1Y", "2025-01-01T00:00:00Z") == 2
    assert count("PT48H", "2023-01-07T00:00:00Z") == 3
