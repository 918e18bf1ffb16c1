"""Batch jobs: created, followed, found again by their id, brought home from the user's bucket."""

import json

import numpy as np
import pytest
from affine import Affine
from odc.geo.geobox import GeoBox

import multisat as ms
from multisat.contracts import Deadline, JobState
from multisat.cube.block import Block
from multisat.errors import CredentialsError, ProviderRefused, ProviderTimeout, UnsupportedOperation
from multisat.sandbox.sentinel_hub.bucket import SECRET_KEY
from multisat_sentinel_hub.batch import BatchJob, submit
from multisat_sentinel_hub.cost import async_units, batch_units
from multisat_sentinel_hub.geopackages import packed, sizes
from multisat_sentinel_hub.jobs import created

NDVI = ms.Recipe().mask("clear").index("NDVI").composite("month", "median")


@pytest.fixture
def engine(with_bucket):
    return with_bucket


@pytest.fixture
def plan(member):
    return NDVI.plan(member.places["munich"], "2023-05/2023-07-14", on="sentinel-hub")


def test_a_job_gives_what_a_run_gives(engine, plan):
    job = submit(plan.task, engine.place, "spring")
    seen = []
    assert job.status().message == "estimated at 100 processing units"
    ended = job.wait(progress=lambda one: seen.append(one.state), deadline=Deadline(60))
    assert seen[-1] is ended.state is JobState.FINISHED
    assert JobState.RUNNING in seen
    assert ended.title == "spring"
    again = engine.job(job.id)
    found, right = again.result(plan.task), plan.run()
    for name in right.data_vars:
        np.testing.assert_array_equal(found[name], right[name])
    assert found.attrs["spent"] == "100 processing units"
    assert again.estimate(plan.task) == ended.spent[0][1]
    assert job.id in [one.id for one in engine.jobs()]
    assert any(line == "status: DONE" for line in job.logs())


def test_a_cap_holds_what_the_job_would_cost(engine, plan, member):
    """A job costs more than the same request at once: it is that price which counts, before anything is asked."""
    at_once = dict(plan.cost().units)["processing units"]
    before = len(member.received("sentinel-hub"))
    with pytest.raises(ms.UsageError, match="more than the cap of 5 processing units"):
        plan.submit(cap="5 processing units")
    assert at_once < 5
    assert len(member.received("sentinel-hub")) == before


def test_a_job_can_be_called_off(engine, plan):
    job = submit(plan.task, engine.place, "")
    job.cancel()
    assert job.status().state is JobState.CANCELLED
    job.cancel()
    with pytest.raises(ProviderRefused, match="cancelled"):
        job.result(plan.task)


def test_a_job_that_fails_says_why(engine, plan, member):
    member.sentinel_hub.broken.add("r0c0", "EXECUTION_ERROR")
    try:
        job = submit(plan.task, engine.place, "")
        with pytest.raises(ProviderRefused, match="EXECUTION_ERROR"):
            job.wait(deadline=Deadline(60))
    finally:
        member.sentinel_hub.broken.clear()


def test_waiting_ends_with_the_deadline(engine, plan):
    job = submit(plan.task, engine.place, "")
    with pytest.raises(ProviderTimeout, match="goes on"):
        job.wait(deadline=Deadline(0.2))


def test_the_secret_of_the_bucket_is_told_to_the_service_only(engine, plan, member):
    job = submit(plan.task, engine.place, "")
    texts = [*job.logs(), repr(job.status()), repr(job), str(vars(job))]
    assert not any(SECRET_KEY in text for text in texts)
    told = [one.host for one in member.requests if SECRET_KEY in json.dumps(one.body, default=str)]
    assert set(told) == {"sentinel-hub"}


def test_a_bucket_and_its_keys_are_needed(engine, plan, monkeypatch):
    monkeypatch.delenv("SH_BUCKET_ACCESS_KEY_ID")
    with pytest.raises(CredentialsError, match="half a login"):
        engine.submit(plan.task)
    monkeypatch.delenv("SH_BUCKET_SECRET_ACCESS_KEY")
    with pytest.raises(CredentialsError, match="no keys for"):
        engine.submit(plan.task)
    monkeypatch.delenv("MULTISAT_SENTINEL_HUB_BUCKET")
    with pytest.raises(UnsupportedOperation, match="a bucket of yours"):
        engine.submit(plan.task)


def test_what_takes_several_scripts_is_refused(engine, member):
    grown = ms.Recipe().mask("clear", dilate=20).index("NDVI").composite("month", "median")
    plan = grown.plan(member.places["munich"], "2023-05/2023-06", on="sentinel-hub")
    with pytest.raises(UnsupportedOperation, match="has one script"):
        engine.submit(plan.task)


def test_units_that_are_used_up_are_said(engine, plan, member):
    account = member.sentinel_hub.account
    account.limit = account.spent + 10
    try:
        with pytest.raises(ProviderRefused, match="used up"):
            submit(plan.task, engine.place, "")
    finally:
        account.limit = float("inf")


def test_any_recipe_can_be_submitted_by_its_plan(engine, plan):
    """What a user calls; it remembers the job on this machine."""
    assert plan.submit(title="mine").status().state in (JobState.QUEUED, JobState.RUNNING)


def test_a_job_that_was_only_analysed_is_started_by_who_waits(engine, plan, member):
    """As one whose analysis takes longer than ``submit`` waits, found again by its id."""
    submit(plan.task, engine.place, "")
    sent = [one.body for one in member.received("sentinel-hub") if one.path == BatchJob.path and one.body]
    other = BatchJob(engine.place, created(engine.place, BatchJob.path, sent[-1], "batch jobs"))
    other.analyse()
    assert "analysed" in engine.job(other.id).status().message
    assert engine.job(other.id).wait(deadline=Deadline(60)).state is JobState.FINISHED
    with pytest.raises(ProviderRefused, match="Cannot analyse"):
        other.analyse()


def test_sizes_are_read_from_what_an_analysis_wrote(tmp_path):
    whole = Block.all_of(GeoBox((70, 100), Affine(10, 0, 600000, 0, -10, 5300000), "EPSG:32632"))
    parts = {f"part{number}": part for number, part in enumerate(whole.tiles(60))}
    assert sizes(packed(parts)) == {name: part.size for name, part in parts.items()}
    assert sizes(b"no manifest") == {}


def test_large_requests_cost_a_share_and_small_jobs_a_least_price():
    """Shares and least prices as published."""
    assert async_units(9_999, 30) == 30
    assert async_units(10_000, 30) == pytest.approx(20)
    assert async_units(10_000, 3) == 10
    assert batch_units([(10_000, 600), (9_999, 300)]) == pytest.approx(500)
    assert batch_units([(10_000, 30)]) == 100
