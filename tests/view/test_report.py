"""The report: one file that holds everything, and nothing that is secret."""

import base64
import html
import json
import os
import re
import sys
from urllib.parse import quote

import orjson
import pytest
from PIL import Image

import multisat as ms
from multisat.errors import NothingFound, UsageError
from multisat.sandbox import Sandbox
from multisat.view.report import area_of, check_report, findings, write_report


@pytest.fixture(scope="module")
def told(found):
    return findings(found)


@pytest.fixture(scope="module")
def text(told, tmp_path_factory):
    return write_report(told, tmp_path_factory.mktemp("report") / "report.html", max_cloud=20).read_text(
        "utf-8"
    )


def test_it_holds_all_it_shows(text, harmless):
    found = harmless(text)
    assert found.names.count("img") == 2
    assert found.names.count("svg") >= 2
    assert ("content", "default-src 'none'; img-src data:; style-src 'unsafe-inline'") in found.attributes
    for data in re.findall(r'src="data:image/png;base64,([^"]+)"', text):
        assert base64.b64decode(data).startswith(b"\x89PNG")


def test_it_says_where_when_and_what_was_found(text):
    assert "<h1>Area of interest, 2023-05-01 to 2023-06-30</h1>" in text
    for word in ("earth-search", "S2A_T32UPU_20230504T101034_L2A", "Kept: max cloud 20 %.", "37.3 %"):
        assert word in text
    assert "NOT complete" not in text


def test_it_locks_the_question_the_recipe_and_the_items(text, told):
    lock = json.loads(html.unescape(re.search(r"</summary><pre>(.*?)</pre>", text, re.DOTALL)[1]))
    assert lock == orjson.loads(orjson.dumps(told.plan.to_dict()))
    assert [one["baseline"] for one in lock["scenes"]] == [
        s.processing_baseline for s in told.plan.task.scenes
    ]
    assert lock["request"]["time"] == str(told.found.request.time)


def test_it_gives_credit(text):
    assert "Contains modified Copernicus Sentinel data 2023." in text
    assert "https://doi.org/10.5270/S2_-742ikth" in text


def test_the_series_is_that_of_the_recipe(told, box):
    recipe = ms.Recipe().mask("clear").index("NDVI").zonal("mean", "valid")
    alone = recipe.run(box.places["munich"], "2023-05/2023-06")
    assert told.table["NDVI_mean"].tolist() == pytest.approx(alone["NDVI_mean"].tolist(), nan_ok=True)


def test_names_are_escaped_and_signed_addresses_stay_out(tmp_path, harmless):
    """Files of Planetary Computer are read with signed addresses; no part of a signature is in the file."""
    with Sandbox(secure=True) as box, pytest.MonkeyPatch.context() as patch:
        for name, url in box.environment.items():
            patch.setenv(name, url)
        area = ms.AOI.of(box.places["munich"], name="<b onclick=alert(1)>field</b>")
        found = ms.search(area, "2023-06", collections="sentinel-2-l2a", providers="planetary-computer")
        path = write_report(findings(found, resolution=60), tmp_path / "a.html")
        signatures = {r.query["sig"] for r in box.requests if "sig" in r.query}
    text = path.read_text("utf-8")
    harmless(text)
    assert "&lt;b onclick=alert(1)&gt;field" in text
    assert signatures
    assert not [one for one in signatures if one in text or quote(one) in text]
    assert "sig=" not in text
    assert "127.0.0.1" not in text


def test_what_cannot_be_reported_is_said(found, tmp_path):
    from dataclasses import replace

    with pytest.raises(NothingFound):
        findings(found[:0])
    with pytest.raises(UsageError, match="no area"):
        findings(replace(found, request=None))
    with pytest.raises(UsageError, match="is a point"):
        area_of(replace(found, request=ms.Request.of((11.5, 48.3), "2023")))
    with pytest.raises(UsageError, match="a report is no"):
        check_report(tmp_path / "a.pdf")


@pytest.mark.slow
def test_the_command_without_a_display(launch, box, tmp_path):
    """In a process of its own, as on a server: no display, no choice of a backend."""
    (tmp_path / "field.geojson").write_bytes(orjson.dumps(box.places["munich"]))
    command = (sys.executable, "-m", "multisat", "report", "field.geojson", "2023-05", "--resolution", "60")
    bare = {name: "" for name in ("DISPLAY", "WAYLAND_DISPLAY") if name in os.environ}
    done = launch(*command, "-o", "report.html", **box.environment, **bare)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["report.html"]
    assert "NDVI where it is clear" in (tmp_path / "report.html").read_text("utf-8")


def test_the_command_says_what_it_would_do(verb, box):
    before = len(box.requests)
    done = verb("report", "field.geojson", "2023-05", "--dry-run", "-o", "report.html")
    assert done.exit_code == 0, done.stderr
    assert "cost: " in done.stdout
    assert not [one for one in box.requests[before:] if one.path.startswith("/files/")]


def test_pictures_of_a_report_are_not_blank(text):
    import io

    for data in re.findall(r'src="data:image/png;base64,([^"]+)"', text):
        with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
            assert len(picture.convert("RGB").getcolors(maxcolors=10**6)) > 20
