"""``multisat download`` as a user runs it."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from multisat.sandbox import Fault

MAY = "2023-05"
S2 = ("-c", "sentinel-2-l2a", "-p", "earth-search")


@pytest.fixture(autouse=True)
def no_faults(box):
    yield
    box.clear_faults()


def test_one_line_of_json_per_file(run, field, tmp_path):
    done = run("download", field, MAY, *S2, "-b", "red,scl", "-o", "files")
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {row["status"] for row in rows} == {"done"}
    assert {row["band"] for row in rows} == {"red", "scl"}
    assert all((tmp_path / row["path"]).stat().st_size == row["size"] for row in rows)
    assert f"{len(rows)} files of {len(rows) // 2} scenes: {len(rows)} downloaded" in done.stderr
    again = run("download", field, MAY, *S2, "-b", "red,scl", "-o", "files")
    assert {json.loads(line)["status"] for line in again.stdout.splitlines()} == {"there"}


def test_scenes_from_a_pipe(run, field, tmp_path):
    found = run("search", field, MAY, *S2, "--limit", 1, "--format", "geojson")
    done = run("download", "-", "-b", "red", "-o", "files", stdin=found.stdout)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "files").glob("*/*.tif"))) == 1


@pytest.mark.parametrize("form", ["table", "ndjson", "json", "csv"])
def test_every_format(run, field, form):
    done = run("download", field, MAY, *S2, "--limit", 1, "-b", "red", "-o", "files", "--format", form)
    assert done.returncode == 0, done.stderr
    assert "red" in done.stdout
    assert "done" in done.stdout


def test_a_file_that_fails_is_done_in_part(run, field, box):
    box.inject(Fault(provider="files", kind="404", times=1))
    done = run("download", field, MAY, *S2, "-b", "red", "-o", "files", "--format", "table")
    assert done.returncode == 5
    assert "does not have the file (404)" in done.stderr
    assert "failed" in done.stdout


@pytest.mark.slow
def test_an_archive_that_is_down_is_done_in_part(run, field):
    down = {"MULTISAT_NASA_CMR_URL": "http://127.0.0.1:1"}
    done = run("download", field, MAY, "-c", "hls", "-b", "red", "-o", "files", **down)
    assert done.returncode == 5
    assert '"status":"done"' in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("50,0,51,1", "2023", *S2, "-o", "files"), 4, "0 scenes"),
        (("field.geojson", MAY, "-b", "rot", "-o", "files"), 2, "no band is called 'rot'"),
        (("field.geojson", MAY, "-b", "red"), 2, "--out"),
        (("field.geojson", MAY, "--workers", "0", "-o", "files"), 2, "--workers"),
        (("field.geojson", MAY, *S2, "-b", "vv", "-o", "files"), 4, "no scene has any of the bands vv"),
        (("field.geojson", MAY, *S2, "-b", "red", "-o", "field.geojson"), 2, "cannot make field.geojson"),
    ],
)
@pytest.mark.usefixtures("field")
def test_bad_input_is_named(run, tmp_path, arguments, code, said):
    done = run("download", *arguments)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "files").exists()


def test_an_interrupt_is_said_and_gone_on_with(run, box, field, tmp_path):
    box.inject(Fault(provider="files", kind="slow"))
    command = [sys.executable, "-m", "multisat", "download", str(field), MAY, *S2, "-b", "red", "-o", "files"]
    process = subprocess.Popen(
        command,
        env={**os.environ, **box.environment, "HOME": str(tmp_path)},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 30
    while not list(tmp_path.glob("files/*/.*.part.json")) and time.monotonic() < until:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=30)
    assert process.returncode == 130, said
    assert "the same command goes on from here" in said
    assert "Traceback" not in said
    assert out == ""
    box.clear_faults()
    done = run("download", field, MAY, *S2, "-b", "red", "-o", "files")
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.glob("files/*/.*"))
