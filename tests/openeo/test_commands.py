"""The command line at a back-end: a batch job, a cap, the list of jobs."""

import json
import sys

import numpy as np
import pytest
import xarray as xr
from tests.openeo_backend import PASSWORD, USER

import multisat as ms

pytestmark = [pytest.mark.xdist_group("openeo-backend"), pytest.mark.slow]


@pytest.fixture
def command(launch, backend, catalogue, tmp_path, box):
    """Run multisat with the back-end's login: ``command("jobs")``."""
    ms.Recipe().index("NDVI").composite("month", "max").save(tmp_path / "recipe.json")
    (tmp_path / "field.geojson").write_text(json.dumps(box.places["munich"]))
    settings = {
        "MULTISAT_OPENEO_URL": backend.url,
        "MULTISAT_OPENEO_CATALOGUE": catalogue,
        "OPENEO_USERNAME": USER,
        "OPENEO_PASSWORD": PASSWORD,
    }
    return lambda *words: launch(sys.executable, "-m", "multisat", *words, **settings)


def test_a_batch_job_under_a_cap(command, tmp_path):
    run = ("run", "recipe.json", "field.geojson", "2023-05", "--on", "openeo", "--as", "batch")
    refused = command(*run, "--cap", "0.1credits", "-o", "ndvi.nc")
    assert refused.returncode == 2
    assert "credits" in refused.stderr
    assert not (tmp_path / "ndvi.nc").exists()
    done = command(*run, "--cap", "50credits", "-o", "ndvi.nc")
    assert done.returncode == 0, done.stderr
    with xr.open_dataset(tmp_path / "ndvi.nc", decode_coords="all") as found:
        assert np.isfinite(found["NDVI"]).any()
    listed = command("jobs", "--on", "openeo", "--format", "json")
    rows = [row for row in json.loads(listed.stdout) if row["title"] == "ndvi"]
    assert [(row["state"], row["here"]) for row in rows[:1]] == [("finished", True)]
    for said in (refused, done, listed):
        assert PASSWORD not in said.stdout + said.stderr
        assert "Traceback" not in said.stderr


def test_a_job_is_fetched_by_its_id_later(command, tmp_path):
    run = ("run", "recipe.json", "field.geojson", "2023-05", "--on", "openeo", "--as", "batch", "--no-wait")
    begun = command(*run, "-o", "ndvi.nc")
    assert begun.returncode == 0, begun.stderr
    job = begun.stdout.strip()
    assert not (tmp_path / "ndvi.nc").exists()
    got = command("jobs", "get", job, "-o", "later.nc", "--timeout", "60")
    assert (got.returncode, got.stdout.strip()) == (0, "later.nc"), got.stderr
    assert "finished" in got.stderr
    assert "finished" in command("jobs", "logs", job).stdout
    assert command("jobs", "cancel", job).returncode == 0  # one that has ended stays as it is
    left = json.loads(command("quota", "--on", "openeo", "--format", "json").stdout)
    assert {row["what"] for row in left} >= {"credits", "batch jobs"}
    with xr.open_dataset(tmp_path / "later.nc", decode_coords="all") as found:
        assert np.isfinite(found["NDVI"]).any()


def test_a_job_that_nobody_knows(command):
    lost = command("jobs", "get", "j-0", "-o", "x.nc")
    assert (lost.returncode, "no job j-0 is remembered" in lost.stderr) == (2, True)
    odd = command("quota", "--on", "earth-search")
    assert (odd.returncode, "earth-search computes no recipes" in odd.stderr) == (2, True)
