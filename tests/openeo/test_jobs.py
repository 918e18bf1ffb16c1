"""Batch jobs: they outlive the client, and are found again."""

import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from tests.openeo.cases import cases
from tests.openeo_backend import PASSWORD, USER
from tests.recipes.stored import Stored

from multisat.contracts import Deadline
from multisat.errors import ProviderRefused, ProviderTimeout, UsageError
from multisat.steps import Steps, gaussian
from multisat_openeo.describing import Backend

pytestmark = pytest.mark.xdist_group("openeo-backend")
FLOW = Steps().mask(["cloud"], kernel=gaussian(11, 1.6, 0.1)).index("NDVI").composite("month", "mean")


@pytest.fixture
def task():
    return replace(Stored().task(cases(1)[0]), steps=FLOW)


CLIENT = """
import sys
from dataclasses import replace
from multisat.auth import give
from multisat_openeo.engine import OpenEOEngine
from multisat_openeo.service import Service
from tests.openeo.test_jobs import FLOW
from tests.openeo.cases import cases
from tests.recipes.stored import Stored
give("openeo", username=sys.argv[2], password=sys.argv[3])
task = replace(Stored().task(cases(1)[0]), steps=FLOW)
job = OpenEOEngine(Service(sys.argv[1])).submit(task, title="synthetic, to be killed")
print(job.id, flush=True)
job.wait()
"""


@pytest.mark.slow
def test_a_job_outlives_a_client_that_is_killed(over, engine, task, tmp_path):
    """A new process finds the job among those of the account, waits, and has the same result."""
    right = engine.run(task)
    over.set(job_seconds=2.0)
    command = [sys.executable, "-W", "ignore", "-c", CLIENT, over.url, USER, PASSWORD]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as client:
        job_id = client.stdout.readline().strip()
        assert job_id
        client.kill()
    assert client.returncode < 0
    found = next(job for job in engine.jobs() if job.id == job_id)
    seen = []
    status = found.wait(progress=seen.append, deadline=Deadline(60))
    assert (status.state, status.title) == ("finished", "synthetic, to be killed")
    assert not seen[0].state.ended
    result = engine.job(job_id).result(task)
    np.testing.assert_array_equal(result["NDVI"], right["NDVI"])
    np.testing.assert_array_equal(result["count"], right["count"])
    assert "credits" in result.attrs["spent"]


@pytest.mark.slow
def test_large_work_becomes_a_job_by_itself(over, engine, task):
    engine.service.known = replace(engine.service.known, synchronous=0)
    steps = []
    with pytest.warns(match="runs it as the batch job"):
        found = engine.run(task, progress=lambda *parts: steps.append(parts))
    assert np.isfinite(found["NDVI"]).any()
    assert steps[-1][1] == 100


@pytest.mark.slow
def test_geotiffs_of_a_job_are_one_result(over, engine, task):
    """A back-end that lists no netCDF gives a GeoTIFF a period."""
    right = engine.run(task)
    engine.backend = Backend(engine.service)
    engine.backend.formats = ("GTiff",)
    with pytest.warns(match="runs it as the batch job"):
        found = engine.run(task)
    np.testing.assert_array_equal(found["NDVI"], right["NDVI"])
    np.testing.assert_array_equal(found["count"], right["count"])


def test_a_job_is_called_off(over, engine, task):
    over.set(stuck=True)
    job = engine.submit(task, title="synthetic")
    with pytest.raises(ProviderTimeout, match="it goes on"):
        job.wait(deadline=Deadline(0.5))
    job.cancel()
    assert job.status().state == "cancelled"
    job.cancel()
    with pytest.raises(ProviderRefused, match="was called off"):
        job.wait()
    with pytest.raises(ProviderRefused, match="was called off"):
        job.result(task)


@pytest.mark.slow
def test_jobs_are_listed_newest_first(over, engine, task, monkeypatch):
    first = engine.submit(task, title="first")
    time.sleep(1.1)  # the service counts whole seconds
    second = engine.submit(task, title="second")
    first.wait()
    second.wait()
    every = [job.id for job in engine.jobs()]
    assert every[:2] == [second.id, first.id]
    monkeypatch.setattr("multisat_openeo.engine._PAGE", 1)
    assert [job.id for job in engine.jobs()] == every
    assert second.status().created >= first.status().created


@pytest.mark.slow
def test_a_job_too_many_begins_when_it_is_waited_for(over, engine, task):
    over.set(job_seconds=1.0)
    first, second = engine.submit(task), engine.submit(task)
    with pytest.warns(match="as many jobs run as the account may have"):
        third = engine.submit(task)
    assert third.status().state == "created"
    assert third.wait(deadline=Deadline(60)).state == "finished"
    assert {first.status().state, second.status().state} == {"finished"}


def test_a_job_that_is_not_there(over, engine):
    with pytest.raises(UsageError, match="JobNotFound"):
        engine.job("j-none").status()


@pytest.mark.parametrize("kind", ["cut", "short"])
def test_a_result_that_breaks_off_is_fetched_anew(over, engine, task, kind):
    job = engine.submit(task)
    job.wait()
    over.fault(kind, path="openEO.nc", times=1)
    assert np.isfinite(job.result(task)["NDVI"]).any()


def test_requests_that_make_jobs_are_tried_again_when_the_service_is_busy(over, engine, task):
    over.fault("503", path="/jobs", method="POST", times=1, retry_after=0)
    assert engine.submit(task).wait().state == "finished"
    made = [one for one in over.requests if one["path"].endswith("/jobs") and one["method"] == "POST"]
    assert [one["fault"] for one in made][-2:] == ["503", None]


def test_no_more_requests_than_allowed():
    from multisat_openeo.limiting import Limiter

    limiter = Limiter(2)
    assert limiter.wait(Deadline(0.1))
    assert limiter.wait(Deadline(0.1))
    assert not limiter.wait(Deadline(0.1))


def test_what_is_left_and_allowed(over, engine):
    assert {"batch jobs", "requests that compute"} <= {what for what, _ in engine.quota()}
