"""Radar, elevation, and what the commercial deployment has besides, are those of the other archives."""

import numpy as np
import pytest
import requests
from rasterio.io import MemoryFile
from tests.sentinel_hub_service.scripts import one

from multisat.sandbox import Sandbox

PROCESS = "/api/v1/process"
STORM = ("2023-07-04T00:00:00Z", "2023-07-04T23:59:59Z")
TERRAIN = {"backCoeff": "GAMMA0_TERRAIN", "orthorectify": True}


def pixels(answer):
    assert answer.status_code == 200, answer.text
    with MemoryFile(answer.content) as memory, memory.open() as file:
        return file.read()


def over(frame, entry_crs="EPSG:32632"):
    """Bounds of 20 x 10 pixels of a file."""
    west, north = frame.x + 50 * frame.size, frame.y - 60 * frame.size
    box = [west, north - 10 * frame.size, west + 20 * frame.size, north]
    crs = f"http://www.opengis.net/def/crs/EPSG/0/{entry_crs.partition(':')[2]}"
    return {"bbox": box, "properties": {"crs": crs}}


def asked(body, script, kind, frame, times, **processing):
    whole = body(script, times, input__bounds=over(frame, frame.crs), output__width=20, output__height=10)
    whole["input"]["data"][0] |= {"type": kind, "processing": processing}
    return whole


def test_terrain_corrected_power_is_that_of_the_archive(ask, body, scene):
    file = scene("20230704", collection="sentinel-1-rtc").files["vv"]
    script = one("s[0].VV", bands=("VV",), units="LINEAR_POWER", mosaicking="ORBIT")
    found = pixels(ask(PROCESS, asked(body, script, "sentinel-1-grd", file.frame, STORM, **TERRAIN)))
    expected = file.stored()[60:70, 50:70]
    np.testing.assert_array_equal(found[0], expected)
    other = pixels(ask(PROCESS, asked(body, script, "sentinel-1-grd", file.frame, STORM)))
    assert (other != found).all()


def test_radar_has_directions_and_no_tiles(ask, body, scene):
    frame = scene("20230704", collection="sentinel-1-rtc").files["vv"].frame
    year = ("2023-01-01T00:00:00Z", "2023-12-31T23:59:59Z")
    count = one("s.length", bands=("VV",), mosaicking="ORBIT")
    whole = asked(body, count, "sentinel-1-grd", frame, year)
    every = pixels(ask(PROCESS, whole)).max()
    whole["input"]["data"][0]["dataFilter"]["orbitDirection"] = "ASCENDING"
    assert (every, pixels(ask(PROCESS, whole)).max()) == (11, 4)
    tiles = asked(body, one("s.length", bands=("VV",), mosaicking="TILE"), "sentinel-1-grd", frame, year)
    assert ask(PROCESS, tiles).status_code == 400
    wrong = asked(body, count, "sentinel-1-grd", frame, year, backCoeff="GAMMA0_TERRAIN")
    assert ask(PROCESS, wrong).status_code == 400


def test_radar_processing_costs_more(ask, body, scene):
    frame = scene("20230704", collection="sentinel-1-rtc").files["vv"].frame
    script = one("s.VV", "UINT8", ("VV",))

    def spent(**processing):
        whole = asked(body, script, "sentinel-1-grd", frame, STORM, **processing)
        whole["output"] |= {"width": 512, "height": 512}
        return float(ask(PROCESS, whole).headers["x-processingunits-spent"])

    assert spent() == pytest.approx(1 / 3, abs=1e-6)
    assert spent(orthorectify=True) == pytest.approx(2 / 3, abs=1e-6)
    assert spent(**TERRAIN) == pytest.approx(2.5 / 3, abs=1e-6)


def test_elevation_has_no_time(ask, body, scene):
    file = scene("Copernicus", collection="cop-dem-glo-30").files["data"]
    whole = asked(body, one("s.DEM", bands=("DEM",)), "dem", file.frame, STORM)
    np.testing.assert_allclose(pixels(ask(PROCESS, whole))[0], file.stored()[60:70, 50:70], rtol=1e-6)


@pytest.fixture(scope="module")
def commercial(login):
    with Sandbox(sentinel_hub="commercial") as box:
        headers, url = login(box), box.environment["MULTISAT_SENTINEL_HUB_URL"]
        yield lambda path, body: requests.post(url + path, json=body, headers=headers, timeout=60)


@pytest.mark.parametrize(
    ("kind", "collection", "day", "bands", "keys"),
    [
        ("hls", "hls2-s30", "2023124T", ("NIR_Narrow", "QA"), ("B8A", "Fmask")),
        ("hls", "hls2-l30", "2023130T", ("NIR_Narrow", "QA"), ("B05", "Fmask")),
        ("landsat-ot-l2", "landsat-c2-l2", "20230510", ("B05", "BQA"), ("nir08", "qa_pixel")),
    ],
)
def test_the_commercial_deployment_has_more(commercial, body, scene, ask, kind, collection, day, bands, keys):
    entry = scene(day, collection=collection)
    date = entry.item["properties"]["datetime"][:10]
    times = (f"{date}T00:00:00Z", f"{date}T23:59:59Z")
    files = [entry.files[key] for key in keys]
    frame = files[0].frame
    first, second = bands
    script = one(f"s.{first}, s.{second}", "INT16", bands, "DN", count=2)
    whole = asked(body, script, kind, frame, times)
    whole["input"]["data"][0].pop("processing")
    found = pixels(commercial(PROCESS, whole))
    for k, file in enumerate(files):
        part = file.stored()
        if file.whole is not None:
            top, left = round((file.whole.y - frame.y) / 30), round((frame.x - file.whole.x) / 30)
            part = part[top : top + frame.rows, left : left + frame.columns]
        np.testing.assert_array_equal(found[k], part[60:70, 50:70].astype("int32").clip(-32768, 32767))
    assert ask(PROCESS, whole).status_code == 400


def test_ids_there_have_no_ending(commercial, hub):
    search = {
        "collections": ["sentinel-2-l2a"],
        "datetime": "2023-05-04T00:00:00Z/2023-05-05T00:00:00Z",
        "intersects": hub.places["munich"],
    }
    (found,) = commercial("/api/v1/catalog/1.0.0/search", search).json()["features"]
    assert found["id"] == "S2A_MSIL2A_20230504T101031_N0509_R022_T32UPU_20230504T221031"


def test_landsat_without_data_is_not_a_number(commercial, body, scene):
    frame = scene("20230510", collection="landsat-c2-l2").files["red"].frame
    whole = asked(
        body,
        one("s.B04, s.dataMask", count=2),
        "landsat-ot-l2",
        frame,
        ("2023-05-10T00:00:00Z", "2023-05-10T23:59:59Z"),
    )
    whole["input"]["bounds"]["bbox"] = [frame.x - 300, frame.y - 300, frame.x + 300, frame.y]
    found = pixels(commercial(PROCESS, whole))
    np.testing.assert_array_equal(np.isnan(found[0]), found[1] == 0)
    assert 0 < found[1].mean() < 1
