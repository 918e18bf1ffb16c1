"""``multisat screen`` as a user runs it."""

import csv
import json

import orjson
import pytest
import rasterio

from multisat.sandbox import Fault

S2 = ("-c", "sentinel-2-l2a", "-p", "earth-search")
MAY = "2023-05"


@pytest.fixture(autouse=True)
def no_faults(box):
    yield
    box.clear_faults()


@pytest.fixture
def parks(box, tmp_path):
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": box.places[name]}
        for name in ("munich", "cape")
    ]
    path = tmp_path / "parks.geojson"
    path.write_bytes(orjson.dumps({"type": "FeatureCollection", "features": features}))
    return path


def rows(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_row_per_polygon_and_overpass(run, box, parks):
    before = len(box.requests)
    done = run("screen", parks, MAY, *S2, "--id", "name")
    assert done.returncode == 0, done.stderr
    told = [(row["aoi"], row["time"][:10], row["scene_cloud"], row["status"]) for row in rows(done)]
    assert told == [
        ("munich", "2023-05-04", 0.0, "ok"),
        ("munich", "2023-05-14", 35.0, "ok"),
        ("cape", "2023-05-04", 0.0, "ok"),
        ("cape", "2023-05-14", 35.0, "ok"),
    ]
    asked = {r.path.rpartition("/")[2] for r in box.requests[before:] if r.path.startswith("/files/")}
    assert asked == {"scl.tif"}
    assert "4 looks at 2 areas" in done.stderr


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_every_format(run, parks, form):
    done = run("screen", parks, "2023-05-04", *S2, "--only", "munich", "--format", form)
    assert done.returncode == 0, done.stderr
    assert "clear" in done.stdout
    assert "2023-05-04T10:16:43Z" in done.stdout


def test_limits_are_on_the_polygon(run, parks, tmp_path):
    done = run(
        "screen", parks, MAY, *S2, "--id", "name", "--max-cloud", 5, "--save", "all.csv", "--plot", "all.png"
    )
    assert done.returncode == 0, done.stderr
    assert [(row["aoi"], row["time"][8:10]) for row in rows(done)] == [("munich", "04"), ("cape", "04")]
    with (tmp_path / "all.csv").open() as file:
        assert [row["scene_cloud"] for row in csv.DictReader(file)] == ["0.0", "35.0"] * 2
    assert (tmp_path / "all.png").read_bytes()[:4] == b"\x89PNG"
    none = run("screen", parks, "2023-05-14", *S2, "--max-cloud", 5)
    assert (none.returncode, none.stdout) == (4, "")


def test_the_best_as_files(run, parks, tmp_path):
    command = (
        "screen",
        parks,
        MAY,
        *S2,
        "--id",
        "name",
        "--best",
        1,
        "--fetch",
        "red,green",
        "--out",
        "clear",
    )
    done = run(*command)
    assert done.returncode == 0, done.stderr
    files = rows(done)
    assert [(row["aoi"], row["file"], row["file_error"]) for row in files] == [
        ("munich", "done", None),
        ("cape", "done", None),
    ]
    with rasterio.open(tmp_path / files[0]["path"]) as file:
        assert (file.crs.to_epsg(), file.descriptions) == (32632, ("red", "green"))
    assert [row["file"] for row in rows(run(*command))] == ["there", "there"]


def test_scenes_from_a_pipe(run, parks):
    found = run("search", parks, MAY, *S2, "--format", "geojson")
    done = run("screen", parks, "--scenes", "-", stdin=found.stdout)
    assert done.returncode == 0, done.stderr
    assert len(rows(done)) == 4


def test_what_it_would_cost(run, box, parks):
    before = len(box.requests)
    done = run("screen", parks, MAY, *S2, "--dry-run")
    assert done.returncode == 0, done.stderr
    (told,) = rows(done)
    assert (told["scenes"], told["rows"], told["requests"]) == (4, 4, 8)
    assert not [r for r in box.requests[before:] if r.path.startswith("/files/")]
    assert "about 8 requests" in done.stderr


def test_a_dead_layer_is_done_in_part(run, box, parks):
    box.inject(Fault(provider="files", kind="404", match="20230504"))
    done = run("screen", parks, MAY, *S2, "--id", "name", "--format", "table")
    assert done.returncode == 5
    assert "failed" in done.stdout
    assert "ok" in done.stdout
    assert "it is gone (404)" in done.stderr
    raised = run("screen", parks, MAY, *S2, "--errors", "raise")
    assert raised.returncode == 5
    assert raised.stdout == ""


def test_a_file_that_fails_is_done_in_part(run, box, parks):
    box.inject(Fault(provider="files", kind="404", match="red.tif"))
    done = run("screen", parks, "2023-05-04", *S2, "--only", "munich", "--fetch", "red", "-o", "clear")
    assert done.returncode == 5
    (row,) = rows(done)
    assert row["file"] == "failed"
    assert "404" in row["file_error"]


@pytest.mark.slow
def test_an_archive_that_is_down_is_done_in_part(run, parks):
    down = {"MULTISAT_NASA_CMR_URL": "http://127.0.0.1:1"}
    done = run("screen", parks, "2023-05-04", "-c", "hls", **down)
    assert done.returncode == 5
    assert rows(done)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("50,0,51,1", "2023", *S2), 4, "0 scenes"),
        (("11.5,48.3", MAY, *S2), 2, "is a point"),
        (("parks.geojson", MAY, "--fetch", "red"), 2, "--fetch and --out belong together"),
        (("parks.geojson", MAY, "--fetch", "rot", "-o", "x"), 2, "no band is called 'rot'"),
        (("parks.geojson", MAY, "--max-cloud", "101"), 2, "--max-cloud"),
        (("parks.geojson", MAY, "--scenes", "-"), 2, "no meaning with --scenes"),
    ],
)
@pytest.mark.usefixtures("parks")
def test_bad_input_is_named(run, arguments, code, said):
    done = run("screen", *arguments)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert done.stdout == ""
