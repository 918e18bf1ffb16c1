"""The unmodified sentinelhub client talks to the stand-in."""

import numpy as np
import pytest
from shapely.geometry import Polygon, shape
from tests.sentinel_hub_service.scripts import BANDS, one

from multisat.sandbox import Fault
from multisat.sandbox.sentinel_hub.bucket import ACCESS_KEY, BUCKET, SECRET_KEY

sentinelhub = pytest.importorskip("sentinelhub")
pytestmark = pytest.mark.filterwarnings("ignore::sentinelhub.exceptions.SHDeprecationWarning")
YEAR = ("2023-01-01", "2023-12-31")


@pytest.fixture
def box(corner):
    x, y = corner
    return sentinelhub.BBox((x + 1000, y - 2300, x + 1400, y - 2000), crs=sentinelhub.CRS(32632))


@pytest.fixture
def request_for(settings, collection, box):
    def make(script, responses=("default",), times=("2023-05-04", "2023-05-04"), **more):
        kinds = {"userdata": sentinelhub.MimeType.JSON}
        return sentinelhub.SentinelHubRequest(
            evalscript=script,
            input_data=[sentinelhub.SentinelHubRequest.input_data(collection, time_interval=times, **more)],
            responses=[
                sentinelhub.SentinelHubRequest.output_response(n, kinds.get(n, sentinelhub.MimeType.TIFF))
                for n in responses
            ],
            bbox=box,
            resolution=(10, 10),
            config=settings,
        )

    return make


def test_search_follows_pages_and_filters(settings, collection, hub):
    catalog = sentinelhub.SentinelHubCatalog(config=settings)
    where = sentinelhub.BBox(shape(hub.places["munich"]).bounds, crs=sentinelhub.CRS.WGS84)
    before = len(hub.received("sentinel-hub"))
    found = list(catalog.search(collection, bbox=where, time=YEAR, limit=5))
    assert (len(found), len(hub.received("sentinel-hub")) - before) == (12, 3)
    assert all(one["id"].endswith(".SAFE") for one in found)
    clear = list(catalog.search(collection, bbox=where, time=YEAR, filter="eo:cloud_cover < 15"))
    assert {one["properties"]["eo:cloud_cover"] for one in clear} == {0.0, 5.0, 10.0}
    as_json = {"op": "<", "args": [{"property": "eo:cloud_cover"}, 15]}
    again = list(catalog.search(collection, bbox=where, time=YEAR, filter=as_json, filter_lang="cql2-json"))
    assert again == clear
    days = list(catalog.search(collection, bbox=where, time=YEAR, distinct="date"))
    assert (days[0], len(days)) == ("2023-05-04", 11)
    assert catalog.get_feature(collection, found[0]["id"]) == found[0]
    listed = [one["id"] for one in catalog.get_collections()]
    assert "sentinel-2-l2a" in listed
    assert "hls" not in listed


def test_pixels_arrive_with_what_they_cost(request_for, scene):
    response = request_for(BANDS)
    found = response.get_data()[0]
    raw = scene("20230504").files["B04"].stored()[200:230, 100:140].astype(int)
    np.testing.assert_array_equal(found[..., 0], np.maximum(raw - 1000, 0))
    headers = response.get_data(decode_data=False)[0].headers
    assert float(headers["x-processingunits-spent"]) == pytest.approx(0.01)  # 0.01 of the area, three bands


def test_several_responses_come_as_a_tar(request_for):
    script = one("s.B04", "UINT16").replace("[s.B04]", "{a: [s.B04], b: [1]}")
    script = script.replace("{bands: 1, sampleType", "[{id: 'a', bands: 1}, {id: 'b', bands: 1, sampleType")
    script = script.replace('"UINT16"}', '"UINT16"}]')
    found = request_for(script, ("a", "b", "userdata")).get_data()[0]
    assert sorted(found) == ["a.tif", "b.tif", "userdata.json"]
    assert (found["a.tif"].dtype, found["b.tif"].dtype) == (np.uint8, np.uint16)


def test_too_many_requests_wait_for_milliseconds(request_for, hub):
    hub.inject(Fault(provider="sentinel-hub", kind="429", match="/process", times=1, retry_after="120"))
    before = len(hub.received("sentinel-hub"))
    with pytest.warns(sentinelhub.exceptions.SHRateLimitWarning):
        request_for(BANDS).get_data()
    first, second = hub.received("sentinel-hub")[before:]
    assert 0.1 < second.time - first.time < 60


def test_statistics_of_a_polygon(settings, collection, corner):
    x, y = corner
    ring = Polygon([(x + 1000, y - 2300), (x + 1400, y - 2300), (x + 1000, y - 2000)])
    script = """//VERSION=3
function setup() {
  return {input: ["B04", "B08", "dataMask"], output: [{id: "index", bands: ["ndvi"]}, {id: "dataMask", bands: 1}]};
}
function evaluatePixel(s) { return {index: [(s.B08 - s.B04) / (s.B08 + s.B04)], dataMask: [s.dataMask]}; }
"""
    kind = sentinelhub.SentinelHubStatistical
    request = kind(
        aggregation=kind.aggregation(
            evalscript=script,
            time_interval=("2023-05-01", "2023-08-01"),
            aggregation_interval="P1M",
            resolution=(10, 10),
        ),
        input_data=[kind.input_data(collection)],
        geometry=sentinelhub.Geometry(ring, sentinelhub.CRS(32632)),
        calculations={"default": {"statistics": {"default": {"percentiles": {"k": [5, 50, 95]}}}}},
        config=settings,
    )
    rows = request.get_data()[0]["data"]
    assert [row["interval"]["from"][:7] for row in rows] == ["2023-05", "2023-06", "2023-07"]
    stats = rows[0]["outputs"]["index"]["bands"]["ndvi"]["stats"]
    assert stats["sampleCount"] == 1200
    assert 580 < stats["sampleCount"] - stats["noDataCount"] < 620
    assert list(stats["percentiles"]) == ["5.0", "50.0", "95.0"]
    assert stats["min"] <= stats["percentiles"]["50.0"] <= stats["max"]


def test_batch_jobs(settings, request_for, hub):
    client = sentinelhub.BatchProcessClient(config=settings)
    store = client.s3_specification(
        f"s3://{BUCKET}/client", access_key=ACCESS_KEY, secret_access_key=SECRET_KEY
    )
    job = client.create(
        request_for(BANDS),
        input=client.tiling_grid_input(grid_id=1, resolution=20),
        output=client.raster_output(store),
        description="by the client",
    )
    client.start_analysis(job)
    states = [client.get_request(job).status.name for _ in range(2)]
    client.start_job(job)
    states += [client.get_request(job).status.name for _ in range(3)]
    assert states == ["ANALYSING", "ANALYSIS_DONE", "PROCESSING", "PROCESSING", "DONE"]
    assert client.get_request(job).cost_PU == 100
    assert job.request_id in {one.request_id for one in client.iter_requests()}
    assert [grid["id"] for grid in client.iter_tiling_grids()] == [0, 1, 2]
    assert client.get_tiling_grid(0)["properties"]["tileWidth"] == 20040
    assert f"client/{job.request_id}/32632_68_535/default.tif" in hub.sentinel_hub.bucket.keys("client/")
    with pytest.raises(sentinelhub.exceptions.DownloadFailedException):
        client.stop_job(job)


def test_own_collections(settings):
    (found,) = sentinelhub.SentinelHubBYOC(config=settings).iter_collections()
    assert found["name"] == "synthetic yields"


def test_a_batch_of_statistics(settings, collection, hub, corner, tmp_path):
    import numpy as np
    from pyogrio.raw import write
    from shapely import to_wkb
    from shapely.geometry import box as rectangle

    x, y = corner
    shapes = np.array([rectangle(x + 1000, y - 2300, x + 1400, y - 2000)], dtype=object)
    where = tmp_path / "one.gpkg"
    write(
        where, to_wkb(shapes), field_data=[], fields=[], layer="a", geometry_type="Polygon", crs="EPSG:32632"
    )
    hub.sentinel_hub.bucket.put("client/one.gpkg", where.read_bytes())
    client = sentinelhub.SentinelHubBatchStatistical(config=settings)

    def store(path):
        return client.s3_specification(
            f"s3://{BUCKET}/{path}", access_key=ACCESS_KEY, secret_access_key=SECRET_KEY
        )

    script = """//VERSION=3
function setup() { return {input: ["dataMask"], output: [{id: "a", bands: 1}, {id: "dataMask", bands: 1}]}; }
function evaluatePixel(s) { return {a: [7], dataMask: [s.dataMask]}; }
"""
    kind = sentinelhub.SentinelHubStatistical
    job = client.create(
        input_features=store("client/one.gpkg"),
        input_data=[kind.input_data(collection)],
        aggregation=kind.aggregation(
            evalscript=script,
            time_interval=("2023-05-01", "2023-06-01"),
            aggregation_interval="P1M",
            resolution=(10, 10),
        ),
        calculations={"default": {}},
        output=store("client"),
    )
    client.start_job(job)
    states = [client.get_status(job)["status"] for _ in range(4)]
    assert states == ["ANALYSING", "PROCESSING", "PROCESSING", "DONE"]
    assert client.get_request(job).status.name == "DONE"
    assert f"client/{job.request_id}/1.json" in hub.sentinel_hub.bucket.keys("client/")
