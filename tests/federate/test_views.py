"""A result as rows, as a table of outcomes and as a map; and the sandbox command."""

import signal
import subprocess
import sys
from collections import Counter

import pytest
import requests

import multisat as ms


@pytest.fixture(scope="module")
def found(box):
    return ms.search(box.places["taveuni"], "2023")


def test_rows_have_footprints_in_longitude_and_latitude(found):
    frame = found.to_geodataframe()
    assert len(frame) == len(found)
    assert frame.crs.to_epsg() == 4326
    assert list(frame["id"]) == [s.id for s in found]
    assert frame["datetime"].dt.tz is not None


def test_an_empty_result_is_an_empty_frame(found):
    assert len(found[:0].to_geodataframe()) == 0


def test_footprints_are_drawn_in_one_piece_with_the_area_on_top(found):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    axes = found.plot()
    assert axes.get_title() == f"{len(found)} scenes"
    labels = [t.get_text() for t in axes.get_legend().get_texts()]
    counts = Counter(s.collection for s in found)
    assert labels == [*(f"{name} ({counts[name]})" for name in sorted(counts)), "area of interest"]
    longitudes = [x for line in axes.lines for x in line.get_xdata()]
    assert min(longitudes) > 179  # the western half lies beside the eastern one, beyond 180
    assert max(longitudes) < 181
    matplotlib.pyplot.close("all")


def test_of_provider_brings_alternates_forward(found):
    at_azure = found.of_provider("planetary-computer")
    assert {s.provider for s in at_azure} == {"planetary-computer"}
    assert found.of_collection("hls").scenes == tuple(s for s in found if s.collection.startswith("hls"))


def test_the_sandbox_command_serves_until_it_is_interrupted():
    command = [sys.executable, "-m", "multisat", "sandbox"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        lines = [running.stdout.readline().strip() for _ in range(3)]
        names = [line.removeprefix("export ").partition("=")[0] for line in lines]
        assert names == [
            "MULTISAT_EARTH_SEARCH_URL",
            "MULTISAT_PLANETARY_COMPUTER_URL",
            "MULTISAT_NASA_CMR_URL",
        ]
        url = lines[0].partition("=")[2]
        assert requests.get(url, timeout=10).json()["id"] == "earth-search"
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=20)
    assert "Traceback" not in said
    assert "synthetic" in said


def test_printing_the_environment_starts_nothing(launch):
    done = launch(sys.executable, "-m", "multisat", "sandbox", "--print-environment", "--port", "8123")
    assert done.returncode == 0, done.stderr
    assert "export MULTISAT_NASA_CMR_URL=http://127.0.0.1:8123/cmr/stac/LPCLOUD" in done.stdout
