"""Asynchronous and batch requests go through their states, and deliver into a bucket."""

import json
import sqlite3

import numpy as np
import pytest
import requests
from pyogrio.raw import read, write
from rasterio.io import MemoryFile
from shapely import to_wkb
from shapely.geometry import Polygon, box
from tests.sentinel_hub_service.scripts import BANDS, one

from multisat.sandbox.sentinel_hub.bucket import ACCESS_KEY, BUCKET, SECRET_KEY

MAY = {"from": "2023-05-04T00:00:00Z", "to": "2023-05-04T23:59:59Z"}


def place(path):
    return {"s3": {"url": f"s3://{BUCKET}/{path}", "accessKey": ACCESS_KEY, "secretAccessKey": SECRET_KEY}}


@pytest.fixture
def fetch(hub):
    """Read, write or list the bucket over HTTP: ``fetch("a/b.tif")``."""
    url = hub.environment["MULTISAT_SENTINEL_HUB_BUCKET_URL"]
    signed = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/20250101/x/s3/aws4_request, Signature=0"
    }

    def send(key, method="GET", headers=signed, **more):
        return requests.request(method, f"{url}/{BUCKET}/{key}", headers=headers, timeout=30, **more)

    return send


@pytest.fixture
def geopackage(corner, fetch, tmp_path):
    """A GeoPackage of two polygons of Munich in the bucket; returns where it is."""
    x, y = corner
    shapes = [
        box(x + 1000, y - 2300, x + 1400, y - 2000),
        Polygon([(x, y - 500), (x + 600, y - 500), (x, y)]),
    ]
    columns = {
        "identifier": np.array(["field", "wood"]),
        "width": np.array([40, np.nan]),
        "height": np.array([30, np.nan]),
        "resolution": np.array([np.nan, 20.0]),
    }
    write(
        tmp_path / "areas.gpkg",
        to_wkb(np.array(shapes, dtype=object)),
        field_data=list(columns.values()),
        fields=list(columns),
        layer="areas",
        driver="GPKG",
        geometry_type="Polygon",
        crs="EPSG:32632",
    )
    assert fetch("input/areas.gpkg", "PUT", data=(tmp_path / "areas.gpkg").read_bytes()).status_code == 200
    return place("input/areas.gpkg")


def test_an_asynchronous_request_runs_and_is_forgotten(ask, body, fetch):
    whole = body(BANDS, (MAY["from"], MAY["to"]), output__delivery=place("async"))
    number = ask("/api/v1/async/process", whole).json()["id"]
    assert ask(f"/api/v1/async/process/{number}").json() == {"id": number, "status": "RUNNING"}
    assert ask(f"/api/v1/async/process/{number}").status_code == 404
    with MemoryFile(fetch(f"async/{number}/default.tif").content) as memory, memory.open() as file:
        assert (file.count, file.width, file.height) == (4, 40, 30)
    kept = fetch(f"async/{number}/request.json")
    assert kept.json()["costPU"] == 10
    assert SECRET_KEY not in kept.text


def test_what_fails_after_it_was_taken_is_told_in_the_bucket(ask, body, fetch):
    whole = body(one("s.B04").replace("return [s", "return [nothing"), output__delivery=place("async"))
    number = ask("/api/v1/async/process", whole).json()["id"]
    ask(f"/api/v1/async/process/{number}")
    assert "nothing is not defined" in fetch(f"async/{number}/error.json").json()["error"]


@pytest.fixture
def batch(body):
    """A batch process request over a GeoPackage or a grid."""

    def make(features, folder="batch", script=BANDS, **output):
        asked = body(script, (MAY["from"], MAY["to"]))
        asked["output"] = {"responses": asked["output"]["responses"]}
        if features["type"] == "geopackage":
            del asked["input"]["bounds"]
        delivery = {"type": "raster", "delivery": place(folder), **output}
        return {"processRequest": asked, "input": features, "output": delivery}

    return make


def states(ask, path, most=20):
    """The states a job goes through until it ends."""
    found = []
    while not found or (
        found[-1] not in {"DONE", "FAILED", "STOPPED", "CREATED", "ANALYSIS_DONE"} and len(found) < most
    ):
        found.append(ask(path).json()["status"])
    return found


def test_a_batch_over_a_geopackage(ask, batch, geopackage, fetch, scene, tmp_path):
    created = ask("/api/v2/batch/process", batch({"type": "geopackage", "features": geopackage}))
    assert (created.status_code, created.json()["status"]) == (201, "CREATED")
    assert SECRET_KEY not in created.text
    number = created.json()["id"]
    path = f"/api/v2/batch/process/{number}"
    assert ask(f"{path}/analyse", {}).status_code == 204
    assert states(ask, path) == ["ANALYSING", "ANALYSIS_DONE"]
    (tmp_path / "manifest.gpkg").write_bytes(fetch(f"batch/featureManifest-{number}.gpkg").content)
    meta, _, _, columns = read(tmp_path / "manifest.gpkg")
    manifest = dict(zip(meta["fields"], columns, strict=True))
    assert manifest["identifier"].tolist() == ["field", "wood"]
    assert manifest["path"].tolist() == [f"batch/{number}/{name}/default.tif" for name in ("field", "wood")]
    assert (manifest["width"].tolist(), manifest["height"].tolist()) == ([40, 30], [30, 25])
    assert ask(f"{path}/start", {}).status_code == 204
    assert states(ask, path) == ["PROCESSING"] * 3 + ["DONE"]
    done = ask(path).json()
    assert (done["completionPercentage"], done["costPU"], done["userAction"]) == (100, 100, "START")
    with MemoryFile(fetch(f"batch/{number}/field/default.tif").content) as memory, memory.open() as file:
        raw = scene("20230504").files["B04"].stored()[200:230, 100:140].astype(int)
        np.testing.assert_array_equal(file.read(1), np.maximum(raw - 1000, 0))
    with MemoryFile(fetch(f"batch/{number}/wood/default.tif").content) as memory, memory.open() as file:
        assert 0.4 < file.read(4).mean() < 0.6  # the polygon is half of its box
    base = sqlite3.connect(":memory:")
    base.deserialize(fetch(f"batch/execution-{number}.sqlite").content)
    assert base.execute("SELECT name, status, delivered FROM features").fetchall() == [
        ("field", "DONE", 1),
        ("wood", "DONE", 1),
    ]
    base.close()


def test_a_batch_over_a_grid_whose_tile_fails(ask, batch, hub, fetch):
    tiled = {"type": "tiling-grid", "id": 1, "resolution": 20}
    number = ask("/api/v2/batch/process", batch(tiled, "tiles/<tileName>-<outputId>.<format>")).json()["id"]
    hub.sentinel_hub.broken.add("32632_68_535")
    ask(f"/api/v2/batch/process/{number}/start", {})
    assert states(ask, f"/api/v2/batch/process/{number}")[-1] == "FAILED"
    hub.sentinel_hub.broken.clear()
    number = ask("/api/v2/batch/process", batch(tiled, "tiles/<tileName>-<outputId>.<format>")).json()["id"]
    ask(f"/api/v2/batch/process/{number}/start", {})
    assert states(ask, f"/api/v2/batch/process/{number}")[-1] == "DONE"
    with MemoryFile(fetch("tiles/32632_68_535-default.tif").content) as memory, memory.open() as file:
        assert (file.width, file.height, file.transform.c, file.transform.f) == (500, 500, 680000, 5360000)


@pytest.mark.parametrize(
    ("output", "ends"), [({}, "FAILED"), ({"overwrite": True}, "DONE"), ({"skipExisting": True}, "DONE")]
)
def test_files_that_are_there_fail_are_replaced_or_are_left(ask, batch, geopackage, hub, output, ends):
    bucket, whole = hub.sentinel_hub.bucket, {"type": "geopackage", "features": geopackage}
    for name in ("field", "wood"):
        bucket.put(f"again/{name}.tif", b"old")
    number = ask("/api/v2/batch/process", batch(whole, "again/<tileName>.<format>", **output)).json()["id"]
    ask(f"/api/v2/batch/process/{number}/start", {})
    assert states(ask, f"/api/v2/batch/process/{number}")[-1] == ends
    assert (bucket.get("again/field.tif") != b"old") == ("overwrite" in output)


def test_templates_must_tell_features_apart(ask, batch, geopackage):
    whole = batch({"type": "geopackage", "features": geopackage}, "same/<requestId>.tif")
    answer = ask("/api/v2/batch/process", whole)
    assert (answer.status_code, "<tileName>" in answer.json()["error"]["message"]) == (400, True)


def test_what_has_no_features_fails_in_the_analysis(ask, batch, geopackage, corner):
    whole = batch({"type": "geopackage", "features": geopackage})
    x, y = corner
    far = {"bbox": [x + 4000, y - 5000, x + 5000, y - 4000]}
    far["properties"] = {"crs": "http://www.opengis.net/def/crs/EPSG/0/32632"}
    whole["processRequest"]["input"]["bounds"] = far
    for change, words in (
        (whole, "no features"),
        (batch({"type": "geopackage", "features": place("no.gpkg")}), "no GeoPackage"),
    ):
        number = ask("/api/v2/batch/process", change).json()["id"]
        ask(f"/api/v2/batch/process/{number}/analyse", {})
        assert states(ask, f"/api/v2/batch/process/{number}") == ["ANALYSING", "FAILED"]
        assert words in ask(f"/api/v2/batch/process/{number}").json()["error"]


def test_jobs_can_be_stopped_and_actions_depend_on_the_state(ask, batch, geopackage):
    number = ask("/api/v2/batch/process", batch({"type": "geopackage", "features": geopackage})).json()["id"]
    path = f"/api/v2/batch/process/{number}"
    assert ask(f"{path}/stop", {}).status_code == 400
    ask(f"{path}/start", {})
    assert ask(f"{path}/stop", {}).status_code == 204
    stopped = ask(path).json()
    assert (stopped["status"], stopped["stoppedStatusReason"]) == ("STOPPED", "USER_ACTION")
    assert ask("/api/v2/batch/process/unknown").status_code == 404
    assert number in {job["id"] for job in ask("/api/v2/batch/process").json()["data"]}


def test_jobs_want_a_reserve_of_units(ask, batch, geopackage, hub):
    account = hub.sentinel_hub.account
    whole = batch({"type": "geopackage", "features": geopackage})
    account.limit = account.spent + 999
    assert ask("/api/v2/batch/process", whole).status_code == 403
    account.limit = account.spent + 1001
    number = ask("/api/v2/batch/process", whole).json()["id"]
    ask(f"/api/v2/batch/process/{number}/start", {})
    ask(f"/api/v2/batch/process/{number}")
    account.limit = account.spent + 999
    assert states(ask, f"/api/v2/batch/process/{number}") == ["PROCESSING", "STOPPED"]


@pytest.mark.parametrize("wrong", [{"url": "s3://other/x"}, {"accessKey": "no"}, {"url": "https://x/y"}])
def test_buckets_that_cannot_be_opened_are_refused(ask, batch, wrong):
    whole = batch({"type": "tiling-grid", "id": 1, "resolution": 20})
    whole["output"]["delivery"]["s3"] |= wrong
    answer = ask("/api/v2/batch/process", whole)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "COMMON_BAD_PAYLOAD")


def test_batch_statistics_write_one_file_a_feature(ask, geopackage, hub, fetch):
    script = """//VERSION=3
function setup() {
  return {input: ["B04", "dataMask"], output: [{id: "red", bands: 1}, {id: "dataMask", bands: 1}]};
}
function evaluatePixel(s) { return {red: [s.B04], dataMask: [s.dataMask]}; }
"""
    every = {"of": "P1M"}
    times = {"from": "2023-05-01T00:00:00Z", "to": "2023-07-01T00:00:00Z"}
    whole = {
        "input": {"features": geopackage, "data": [{"type": "sentinel-2-l2a"}]},
        "aggregation": {
            "timeRange": times,
            "aggregationInterval": every,
            "evalscript": script,
            "resx": 20,
            "resy": 20,
        },
        "output": place("stats"),
    }
    hub.sentinel_hub.broken.add("wood", times=1)
    number = ask("/api/v1/statistics/batch", whole).json()["id"]
    path = f"/api/v1/statistics/batch/{number}"
    ask(f"{path}/start", {})
    assert states(ask, f"{path}/status")[-1] == "DONE"
    first = json.loads(fetch(f"stats/{number}/1.json").content)
    assert (first["id"], first["identifier"], first["response"]["status"]) == (1, "field", "OK")
    assert len(first["response"]["data"]) == 2
    assert fetch(f"stats/{number}/2.json").json() == {
        "id": 2,
        "identifier": "wood",
        "error": {"type": "EXECUTION_ERROR"},
    }


def test_the_bucket_lists_reads_parts_and_wants_its_key(fetch):
    fetch("list/a.txt", "PUT", data=b"hello")
    fetch("list/b.txt", "PUT", data=b"")
    listed = fetch("?list-type=2&prefix=list/").text
    assert "<Key>list/a.txt</Key>" in listed
    assert "<Size>5</Size>" in listed
    part = fetch("list/a.txt", "HEAD")
    assert (part.headers["Content-Length"], part.content) == ("5", b"")
    assert fetch("list/c.txt").status_code == 404
    assert fetch("list/a.txt", headers={}).status_code == 403


def test_own_collections_are_listed(ask):
    (found,) = ask("/api/v1/byoc/collections").json()["data"]
    assert found["s3Bucket"] == BUCKET
    assert ask(f"/api/v1/byoc/collections/{found['id']}").json() == {"data": found}
    assert ask("/api/v1/byoc/collections/other").status_code == 404
