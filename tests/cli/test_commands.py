"""Every verb by hand: data on standard output, the rest on standard error, exit codes."""

import json

import pystac
import pytest
import rasterio

MAY = "2023-05"


def test_search_gives_one_item_per_line_to_a_pipe(run, field):
    done = run("search", field, MAY, "-c", "sentinel-2-l2a")
    assert done.returncode == 0
    items = [json.loads(line) for line in done.stdout.splitlines()]
    assert {i["properties"]["multisat:collection"] for i in items} == {"sentinel-2-l2a"}
    assert all(i["properties"]["multisat:synthetic"] for i in items)
    assert "complete" in done.stderr


def test_geojson_is_a_valid_item_collection_and_feeds_load(run, field, tmp_path):
    found = run("search", field, MAY, "-c", "sentinel-2-l2a", "--max-cloud", 20, "--format", "geojson")
    items = pystac.ItemCollection.from_dict(json.loads(found.stdout))
    assert len(items) == 1
    for item in items:
        assert item.to_dict()["properties"]["eo:cloud_cover"] <= 20
    done = run("load", "-", "--bands", "red,nir", "--mask", "clear", "-o", "out", stdin=found.stdout)
    assert done.returncode == 0, done.stderr
    (path,) = done.stdout.split()
    with rasterio.open(tmp_path / path) as file:
        assert file.descriptions == ("red", "nir", "mask")
        assert file.crs.to_epsg() == 32632
        assert file.res == (10, 10)


def test_a_bare_item_stream_loads_with_an_area(run, field):
    found = run("search", field, MAY, "-c", "sentinel-2-l2a", "--limit", 1)
    done = run("load", "-", "-b", "red", "--aoi", "11.50,48.315,11.51,48.32", "-o", "out", stdin=found.stdout)
    assert done.returncode == 0, done.stderr


def test_load_asks_by_itself(run, field, tmp_path):
    done = run(
        "load", field, MAY, "-c", "sentinel-2-l2a", "-p", "planetary-computer", "-b", "red", "-o", "out"
    )
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "out").glob("*.tif"))) == 2


def test_a_static_collection_needs_no_dates(run, field, tmp_path):
    done = run("load", field, "-c", "cop-dem-30", "-b", "elevation", "-o", "out")
    assert done.returncode == 0, done.stderr
    with rasterio.open(tmp_path / done.stdout.strip()) as file:
        assert file.crs.to_epsg() == 4326
        assert file.read(1).min() > 430


def test_loading_in_part_is_said(run, field):
    done = run(
        "load", field, MAY, "-c", "hls", "-b", "red", "-o", "out", MULTISAT_NASA_CMR_URL="http://127.0.0.1:1"
    )
    assert done.returncode == 5
    assert done.stdout


def test_an_aoi_from_standard_input(run, field):
    done = run("search", "-", MAY, "-c", "hls", "--format", "csv", stdin=field.read_text())
    assert done.stdout.splitlines()[0].startswith("datetime,provider,collection")
    assert len(done.stdout.splitlines()) > 2


@pytest.mark.parametrize("form", ["table", "json", "ndjson", "csv", "geojson"])
def test_every_format(run, field, form):
    done = run("search", field, MAY, "-p", "earth-search", "--format", form)
    assert done.returncode == 0
    assert "sentinel-2-l2a" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("search", "nofile.gpkg", "2023"), 2, "there is no file"),
        (("search", "11,48,12,49", "2023-13"), 2, "month must be in 1..12"),
        (("search", "11,48,12,49", "2023-09/2023-05"), 2, "starts after it ends"),
        (("search", "11,98,12,99", "2023"), 2, "latitude 99 is out of range"),
        (("search", "11,48,12,49", "2023", "-p", "earth-serch"), 2, "did you mean earth-search?"),
        (("search", "11,48,12,49", "2023", "-p", "open-eo"), 2, "did you mean openeo"),
        (("search", "11,48,12,49", "2023", "-c", "sentinel-9"), 2, "sentinel-9"),
        (("search", "11,48,12,49", "2023", "--no-such-option"), 2, "--no-such-option"),
        (("search", "11,48,12,49", "2023", "--where", "cloud??"), 2, "cannot read the condition"),
        (("search", "50,0,51,1", "2023"), 4, "0 scenes"),
        (("load", "field.geojson", "2023-05", "-b", "rot", "-o", "out"), 2, "no band is called 'rot'"),
        (
            ("load", "field.geojson", "2023-05", "-b", "red", "--mask", "fog", "-o", "out"),
            2,
            "no mask or class",
        ),
        (("frobnicate",), 2, "No such command"),
    ],
)
def test_bad_input_is_named_with_the_next_step(run, field, arguments, code, said):
    done = run(*arguments)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_one_archive_down_is_done_in_part(run, field):
    done = run("search", field, MAY, MULTISAT_NASA_CMR_URL="http://127.0.0.1:1")
    assert done.returncode == 5
    assert done.stdout
    assert "nasa-cmr" in done.stderr


@pytest.mark.slow
def test_an_incomplete_list_is_resumed_from_its_file(run, field, box):
    cut = run("search", field, "2023", "-p", "earth-search", "--limit", 3, "--out", "found.json")
    assert cut.returncode == 0
    assert "NOT complete" in cut.stderr
    down = run("search", field, "2023", "--out", "found.json", MULTISAT_EARTH_SEARCH_URL="http://127.0.0.1:1")
    assert down.returncode == 5
    assert run("resume", "found.json", MULTISAT_EARTH_SEARCH_URL="http://127.0.0.1:1").returncode == 5
    asked = len(box.requests)
    whole = run("resume", "found.json")
    assert whole.returncode == 0, whole.stderr
    assert {r.path.split("/")[1] for r in box.requests[asked:]} == {"earth-search"}
    assert "the list is complete" in whole.stderr
    assert run("resume", "found.json").returncode == 2


@pytest.mark.slow
def test_all_archives_down_is_a_provider_failure(run, field):
    done = run("search", field, MAY, "-p", "nasa-cmr", MULTISAT_NASA_CMR_URL="http://127.0.0.1:1")
    assert done.returncode == 6


def test_a_bug_shows_no_traceback_unless_asked(run, field, tmp_path):
    (tmp_path / "config.toml").write_text("providers = 3")
    done = run("search", field, MAY, MULTISAT_CONFIG=str(tmp_path / "config.toml"))
    assert "Traceback" not in done.stderr


def test_a_configuration_that_does_not_parse_is_named(run, field, tmp_path):
    (tmp_path / "config.toml").write_text("[providers\n")
    done = run("search", field, MAY, MULTISAT_CONFIG=str(tmp_path / "config.toml"))
    assert done.returncode == 2
    assert "config.toml" in done.stderr


def test_a_reader_that_goes_away_is_no_error(box, field, tmp_path):
    import os
    import subprocess
    import sys

    command = f"{sys.executable} -m multisat search {field} 2023 2>{tmp_path}/err | head -n 1"
    subprocess.run(
        ["bash", "-c", command], env={**os.environ, **box.environment}, check=True, capture_output=True
    )
    assert "Traceback" not in (tmp_path / "err").read_text()


def test_demo_from_field_to_picture(run, tmp_path):
    done = run("demo", "--out", "demo")
    assert done.returncode == 0, done.stderr
    with rasterio.open(tmp_path / "demo" / "ndvi.tif") as file:
        values = file.read(1, masked=True)
        assert values.min() > -0.6
        assert 0.7 < values.max() < 0.95
        assert values.mask.mean() < 0.01
    assert (tmp_path / "demo" / "ndvi.png").stat().st_size > 1000
    assert "synthetic" in done.stderr
    for provider in ("earth-search", "planetary-computer", "nasa-cmr"):
        assert provider in done.stderr


def test_a_file_with_layers_and_many_features(run, box, tmp_path):
    import geopandas
    from shapely.geometry import shape

    rows = {"nr": [283, 16], "geometry": [shape(box.places["munich"]), shape(box.places["cape"])]}
    frame = geopandas.GeoDataFrame(rows, crs=4326)
    frame.to_file(tmp_path / "forests.gpkg", layer="oaks")
    frame[:1].to_file(tmp_path / "forests.gpkg", layer="pines")
    asked = ("search", "forests.gpkg", "2023-05-04", "-c", "sentinel-2-l2a", "--format", "csv")
    both = run(*asked, "--layer", "oaks", "--id", "nr")
    assert {line.split(",")[4] for line in both.stdout.splitlines()[1:]} == {"32UPU", "34HBH"}
    one = run(*asked, "--layer", "oaks", "--id", "nr", "--only", "16")
    assert {line.split(",")[4] for line in one.stdout.splitlines()[1:]} == {"34HBH"}
    unnamed = run(*asked)
    assert unnamed.returncode == 2
    assert "layers: oaks, pines" in unnamed.stderr
