"""The Process API gives the pixels of the archive, computed by the script that was sent."""

import io
import json
import tarfile

import numpy as np
import pytest
import rasterio
from rasterio.io import MemoryFile
from tests.sentinel_hub_service.scripts import BANDS, one

DAY = ("2023-05-04T00:00:00Z", "2023-05-04T23:59:59Z")
HALVES = ("2023-07-03T00:00:00Z", "2023-07-03T23:59:59Z")
RAW = {"harmonizeValues": False}


def pixels(answer):
    assert answer.status_code == 200, answer.text
    with MemoryFile(answer.content) as memory, memory.open() as file:
        return file.read(), file.profile


def test_raw_numbers_are_those_of_the_archive(ask, body, scene):
    found, profile = pixels(ask("/api/v1/process", body(BANDS, DAY, input__data__0__processing=RAW)))
    files = scene("20230504").files
    red = files["B04"].stored()[200:230, 100:140]
    np.testing.assert_array_equal(found[0], red)
    coarse = files["B11"].stored()[100:115, 50:70]
    np.testing.assert_array_equal(found[1], coarse.repeat(2, 0).repeat(2, 1))
    assert found[3].all()
    assert (profile["crs"].to_epsg(), profile["transform"].a, profile["dtype"]) == (32632, 10, "uint16")


def test_harmonised_numbers_have_no_offset_and_nothing_below_zero(ask, body, scene, corner):
    x, y = corner
    lake = {"input__bounds__bbox": [x + 800, y - 3300, x + 1200, y - 3000]}
    raw = scene("20230504").files["B11"].stored()[150:165, 40:60].astype(int)
    assert (raw < 1000).any()
    found, _ = pixels(ask("/api/v1/process", body(one("s.B11", "UINT16", ("B11",), "DN"), DAY, **lake)))
    np.testing.assert_array_equal(found[0], np.maximum(raw - 1000, 0).repeat(2, 0).repeat(2, 1))
    whole = body(one("s.B11", "FLOAT32", ("B11",)), DAY, input__data__0__processing=RAW, **lake)
    found, _ = pixels(ask("/api/v1/process", whole))
    expected = ((raw - 1000) / 10000).astype(np.float32)
    np.testing.assert_allclose(found[0], expected.repeat(2, 0).repeat(2, 1), atol=1e-8)
    assert found.min() < 0


def test_harmonised_numbers_are_those_of_earth_search(ask, body, hub):
    """Its copies have the offset applied."""
    entry = next(e for e in hub.scenes if e.id == "S2A_32UPU_20230514_0_L2A" and e.place == "munich")
    times = ("2023-05-14T00:00:00Z", "2023-05-14T23:59:59Z")
    found, _ = pixels(ask("/api/v1/process", body(one("s.B04", "UINT16", units="DN"), times)))
    np.testing.assert_array_equal(found[0], entry.files["red"].stored()[200:230, 100:140])


def test_the_header_chooses_a_format_if_nothing_else_does(ask, body):
    whole = body(one("s.B04", "UINT8"), DAY)
    del whole["output"]["responses"]
    assert ask("/api/v1/process", whole).headers["Content-Type"] == "image/png"
    assert pixels(ask("/api/v1/process", whole, Accept="image/tiff"))[0].shape == (1, 30, 40)


def test_the_most_recent_scene_is_on_top_and_halves_complete_each_other(ask, body, scene):
    files = [entry.files["B04"] for entry in (scene("20230703T101031_R022_T32UPU_20230703T221031"),)]
    assert (files[0].stored() == 0).any()
    script = one("s.B04, s.dataMask", "UINT16", units="DN", count=2)
    x = 682800
    wide = body(
        script,
        HALVES,
        input__bounds__bbox=[x, 5352000, x + 6000, 5358000],
        output__width=60,
        output__height=60,
    )
    found, _ = pixels(ask("/api/v1/process", wide))
    assert found[1].all()
    assert (found[0] > 0).all()


def test_orbits_are_days_and_samples_are_in_order(ask, body):
    script = one(
        "s.length, scenes.orbits.length, Number(scenes.orbits[0].dateFrom > scenes.orbits[1].dateFrom), "
        "scenes.orbits.filter((o) => o.tiles.length === 2).length",
        mosaicking="ORBIT",
        count=4,
    )
    found, _ = pixels(ask("/api/v1/process", body(script)))
    assert found[:, 0, 0].tolist() == [11, 11, 1, 1]
    tiles = one("s.length, scenes.tiles.length", mosaicking="TILE", count=2)
    found, _ = pixels(ask("/api/v1/process", body(tiles)))
    assert found[:, 0, 0].tolist() == [12, 12]


def test_scenes_can_be_chosen_and_outputs_sized_by_them(ask, body):
    script = """//VERSION=3
function setup() {
  return {input: [{bands: ["B04", "dataMask"], units: "DN"}], output: [{id: "default", bands: 1, sampleType: "UINT16"}],
          mosaicking: "ORBIT"};
}
function preProcessScenes(c) {
  c.scenes.orbits = c.scenes.orbits.filter((o) => new Date(o.dateFrom) >= c.from && o.dateFrom < "2023-06-10");
  c.scenes.orbits.sort((a, b) => new Date(a.dateFrom) - new Date(b.dateFrom));
  return c;
}
function updateOutput(output, c) { output.default.bands = c.scenes.length; }
function evaluatePixel(samples) { return samples.map((s) => s.B04); }
function updateOutputMetadata(scenes, input, output) {
  output.userData = {days: scenes.orbits.map((o) => o.dateFrom.slice(0, 10)), factor: input.normalizationFactor};
}
"""
    parts = [
        {"identifier": "default", "format": {"type": "image/tiff"}},
        {"identifier": "userdata", "format": {"type": "application/json"}},
    ]
    answer = ask("/api/v1/process", body(script, output__responses=parts), Accept="application/tar")
    assert answer.headers["Content-Type"] == "application/x-tar"
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as tar:
        files = {name: tar.extractfile(name).read() for name in tar.getnames()}
    with MemoryFile(files["default.tif"]) as memory, memory.open() as file:
        assert file.count == 3
    user_data = json.loads(files["userdata.json"])
    assert user_data == {"days": ["2023-05-04", "2023-05-14", "2023-06-03"], "factor": 0.0001}


def test_outside_a_polygon_nothing_is_data(ask, body, corner):
    x, y = corner
    ring = [[x + 1000, y - 2300], [x + 1400, y - 2300], [x + 1000, y - 2000], [x + 1000, y - 2300]]
    whole = body(
        one("s.dataMask, s.B04", count=2),
        DAY,
        input__bounds__geometry={"type": "Polygon", "coordinates": [ring]},
    )
    found, profile = pixels(ask("/api/v1/process", whole))
    inside = rasterio.features.geometry_mask(
        [{"type": "Polygon", "coordinates": [ring]}], found.shape[1:], profile["transform"], invert=True
    )
    np.testing.assert_array_equal(found[0] == 1, inside)
    assert not found[1][~inside].any()


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("AUTO", "0.5, 2, -1, NaN", [128, 255, 0, 0]),
        ("UINT8", "40.6, 310, -3, NaN", [41, 255, 0, 0]),
        ("INT16", "-40.6, 1e9, -1e9, 0.5", [-41, 32767, -32768, 1]),
        ("UINT16", "70000, 12.4, 12.5, Infinity", [65535, 12, 13, 65535]),
        ("FLOAT32", "0.25, -1e9, Infinity, 0", [0.25, -1e9, np.inf, 0]),
    ],
)
def test_sample_types_round_and_clamp(ask, body, kind, given, expected):
    found, _ = pixels(ask("/api/v1/process", body(one(given, kind, count=4), DAY)))
    assert found[:, 0, 0].tolist() == expected


def test_pictures_and_their_limits(ask, body):
    def picture(script, kind):
        return ask(
            "/api/v1/process",
            body(script, DAY, output__responses=[{"identifier": "default", "format": {"type": kind}}]),
        )

    rgb = one("s.B04, s.B04, s.B04", "AUTO", count=3)
    assert picture(rgb, "image/png").content.startswith(b"\x89PNG")
    assert picture(rgb, "image/jpeg").content.startswith(b"\xff\xd8")
    refused = picture(one("s.B04", "FLOAT32"), "image/png")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "RENDERER_EXCEPTION")


def test_pixels_by_their_size_and_in_degrees(ask, body, scene):
    by_step = body(one("s.dataMask"), DAY)
    by_step["output"] = {"resx": 20, "resy": 20, "responses": by_step["output"]["responses"]}
    found, _ = pixels(ask("/api/v1/process", by_step))
    assert found.shape == (1, 15, 20)
    degrees = {"bbox": [11.495, 48.312, 11.496, 48.313]}
    found, profile = pixels(
        ask("/api/v1/process", body(one("s.B04", "UINT16", units="DN"), DAY, input__bounds=degrees))
    )
    assert profile["crs"].to_epsg() == 4326
    with MemoryFile(scene("20230504").files["B04"].cog()) as memory, memory.open() as file:
        from rasterio.warp import transform

        columns, rows = np.meshgrid(np.arange(40) + 0.5, np.arange(30) + 0.5)
        lon, lat = profile["transform"].c + columns / 40 * 0.001, profile["transform"].f - rows / 30 * 0.001
        x, y = transform("EPSG:4326", file.crs, lon.ravel(), lat.ravel())
        expected = np.array([value[0] for value in file.sample(zip(x, y, strict=True))], dtype=int).reshape(
            30, 40
        )
    np.testing.assert_array_equal(found[0], np.maximum(expected - 1000, 0))


def test_clouds_limit_scenes_and_ends_are_inclusive(ask, body):
    script = one("s.length", mosaicking="ORBIT")
    clear = body(script)
    clear["input"]["data"][0]["dataFilter"]["maxCloudCoverage"] = 15
    found, _ = pixels(ask("/api/v1/process", clear))
    assert found[0, 0, 0] == 8
    exact = ("2023-05-04T10:16:43Z", "2023-05-04T10:16:43Z")
    assert pixels(ask("/api/v1/process", body(script, exact)))[0].max() == 1
    late = ("2023-05-04T10:16:44Z", "2023-05-04T11:00:00Z")
    assert pixels(ask("/api/v1/process", body(script, late)))[0].max() == 0
