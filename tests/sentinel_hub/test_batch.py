"""Batch jobs: created, followed, found again by their id, brought home from the user's bucket."""

import json

import numpy as np
import pytest

import multisat as ms
from multisat.contracts import Deadline, JobState
from multisat.errors import CredentialsError, ProviderRefused, ProviderTimeout, UnsupportedOperation
from multisat.sandbox.sentinel_hub.bucket import ACCESS_KEY, BUCKET, SECRET_KEY

NDVI = ms.Recipe().mask("clear").index("NDVI").composite("month", "median")


@pytest.fixture
def engine(member, monkeypatch):
    """The engine, with a bucket of the user's."""
    monkeypatch.setenv("MULTISAT_SENTINEL_HUB_BUCKET", f"s3://{BUCKET}/jobs")
    monkeypatch.setenv("SH_BUCKET_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("SH_BUCKET_SECRET_ACCESS_KEY", SECRET_KEY)
    return ms.provider("sentinel-hub").engine()


@pytest.fixture
def plan(member):
    return NDVI.plan(member.places["munich"], "2023-05/2023-07-14", on="sentinel-hub")


def test_a_job_gives_what_a_run_gives(engine, plan):
    job = engine.submit(plan.task, title="spring")
    seen = []
    ended = job.wait(progress=lambda one: seen.append(one.state), deadline=Deadline(60))
    assert seen[-1] is ended.state is JobState.FINISHED
    assert JobState.RUNNING in seen
    assert ended.title == "spring"
    again = engine.job(job.id)
    found, right = again.result(plan.task), plan.run()
    for name in right.data_vars:
        np.testing.assert_array_equal(found[name], right[name])
    assert found.attrs["spent"] == {"processing units": 100.0}
    assert job.id in [one.id for one in engine.jobs()]
    assert any(line == "status: DONE" for line in job.logs())


def test_a_job_can_be_called_off(engine, plan):
    job = engine.submit(plan.task)
    job.cancel()
    assert job.status().state is JobState.CANCELLED
    job.cancel()
    with pytest.raises(ProviderRefused, match="cancelled"):
        job.result(plan.task)


def test_a_job_that_fails_says_why(engine, plan, member):
    member.sentinel_hub.broken.add("r0c0", "EXECUTION_ERROR")
    try:
        job = engine.submit(plan.task)
        with pytest.raises(ProviderRefused, match="EXECUTION_ERROR"):
            job.wait(deadline=Deadline(60))
    finally:
        member.sentinel_hub.broken.clear()


def test_waiting_ends_with_the_deadline(engine, plan):
    job = engine.submit(plan.task)
    with pytest.raises(ProviderTimeout, match="goes on"):
        job.wait(deadline=Deadline(0.2))


def test_the_secret_of_the_bucket_is_told_to_the_service_only(engine, plan, member):
    job = engine.submit(plan.task)
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
    plan = grown.plan(member.places["munich"], "2023-05", on="sentinel-hub")
    with pytest.raises(UnsupportedOperation, match="has one script"):
        engine.submit(plan.task)


def test_units_that_are_used_up_are_said(engine, plan, member):
    account = member.sentinel_hub.account
    account.limit = account.spent + 10
    try:
        with pytest.raises(ProviderRefused, match="used up"):
            engine.submit(plan.task)
    finally:
        account.limit = float("inf")


def test_any_recipe_can_be_submitted_by_its_plan(engine, plan):
    """What a user calls; it remembers the job on this machine."""
    assert plan.submit(title="mine").status().state in (JobState.QUEUED, JobState.RUNNING)
