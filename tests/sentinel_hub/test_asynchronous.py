"""Asynchronous requests: tasks and scripts that are one request, by way of the user's bucket."""

import json

import numpy as np
import pytest
from tests.sentinel_hub.service import refusal, units
from tests.sentinel_hub.test_evalscripts import SCRIPT

import multisat as ms
from multisat.contracts import Deadline, JobState
from multisat.errors import ProviderRefused, ProviderTimeout, UnsupportedOperation, UsageError
from multisat.model import Grid
from multisat.sandbox.faults import Fault
from multisat.sandbox.sentinel_hub.bucket import SECRET_KEY
from multisat_sentinel_hub.deployments import deployment
from multisat_sentinel_hub.evalscripts import evalscript_result, run_evalscript
from multisat_sentinel_hub.jobs import created

NDVI = ms.Recipe().mask("clear").index("NDVI").composite("month", "median")
MAY_TO_JULY = "2023-05/2023-07-14"
OUTPUTS = ("sum", "there")
GRID = Grid(crs="EPSG:32632", transform=(20.0, 0.0, 685000.0, 0.0, -20.0, 5355000.0), shape=(30, 40))
LARGE = Grid(crs="EPSG:32632", transform=(20.0, 0.0, 685000.0, 0.0, -20.0, 5355000.0), shape=(30, 10_001))


@pytest.fixture
def plan(with_bucket, member):
    return NDVI.plan(member.places["munich"], MAY_TO_JULY, on="sentinel-hub")


def test_a_task_of_one_request_is_one(with_bucket, plan):
    """It costs 10 units at least, and a batch job 100."""
    job, seen = plan.submit(), []
    assert job.id.startswith("async-")
    again = with_bucket.job(job.id)
    again.wait(progress=lambda one: seen.append(one.state), deadline=Deadline(60))
    assert seen == [JobState.RUNNING, JobState.FINISHED]
    found, right = again.result(plan.task), plan.run()
    for name in right.data_vars:
        np.testing.assert_array_equal(found[name], right[name])
    assert units(found) == 10
    assert again.logs() == ["state: finished", "spent: 10 processing units"]
    again.cancel()


def test_it_cannot_be_called_off(plan):
    with pytest.raises(UnsupportedOperation, match="cannot be called off"):
        plan.submit().cancel()


def test_masks_that_are_grown_here_are_fetched_so_too(with_bucket, member):
    recipe = ms.Recipe().mask("clear", dilate=20).index("NDVI").composite("month", "median")
    plan = recipe.plan(member.places["munich"], "2023-05-04", on="sentinel-hub")
    found, right = plan.submit().result(timeout=60), plan.run()
    np.testing.assert_array_equal(found["NDVI"], right["NDVI"])


def test_a_script_gives_what_it_gives_at_once(with_bucket, member):
    field = member.places["munich"]
    right = run_evalscript(SCRIPT, field, MAY_TO_JULY, outputs=OUTPUTS)
    found = run_evalscript(SCRIPT, field, MAY_TO_JULY, outputs=OUTPUTS, how="async")
    assert found.drop_attrs(deep=False).identical(right.drop_attrs(deep=False))
    assert units(found) == 10


def test_a_script_is_found_again_by_the_id_of_its_request(with_bucket, member):
    with pytest.raises(ProviderTimeout, match="async-") as error:
        run_evalscript(
            SCRIPT,
            member.places["munich"],
            "2023-05-04",
            outputs=OUTPUTS,
            how="async",
            grid=GRID,
            deadline=0.01,
        )
    number = next(word for word in str(error.value).split() if word.startswith("async-"))
    found = evalscript_result(number)
    right = run_evalscript(SCRIPT, member.places["munich"], "2023-05-04", outputs=OUTPUTS, grid=GRID)
    assert found.drop_attrs(deep=False).identical(right.drop_attrs(deep=False))


def test_a_script_that_fails_says_why(with_bucket, member):
    wrong = SCRIPT.replace("s.B04 + s.B08", "oops")
    with pytest.raises(ProviderRefused, match="oops is not defined"):
        run_evalscript(wrong, member.places["munich"], "2023-05-04", outputs=OUTPUTS, grid=GRID, how="async")


def test_what_is_too_large_for_one_request_is_refused(with_bucket, member):
    with pytest.raises(UsageError, match="too many for one request"):
        run_evalscript(SCRIPT, member.places["munich"], "2023-05-04", grid=LARGE, how="async")


@pytest.mark.parametrize(
    ("lacking", "words"),
    [
        ("/api/v1/async/process", "asynchronous requests"),
        ("/api/v2/batch/process", "batch jobs"),
        ("/api/v1/statistics/batch", "batch statistics"),
    ],
)
def test_what_the_deployment_lacks_is_said(with_bucket, plan, member, lacking, words):
    """Whichever kind of job it is."""
    member.inject(Fault(provider="sentinel-hub", kind="404", match=lacking))
    with pytest.raises(UnsupportedOperation, match=f"this deployment has no {words}"):
        created(with_bucket.place, lacking, {}, words)
    if "async" in lacking:
        with pytest.raises(UnsupportedOperation, match="asynchronous"):
            plan.submit()


def test_what_the_account_lacks_is_said(here):
    here.faults.append(refusal(403, "Forbidden", "COMMON_INSUFFICIENT_PERMISSIONS"))
    with pytest.raises(UnsupportedOperation, match="this account may not use batch jobs"):
        created(deployment(), "/api/v2/batch/process", {}, "batch jobs")


def test_a_bucket_is_needed(member):
    with pytest.raises(UnsupportedOperation, match="a bucket of yours"):
        run_evalscript(SCRIPT, member.places["munich"], "2023-05-04", grid=GRID, how="async")


def test_the_secret_of_the_bucket_is_in_no_message(with_bucket, plan, member):
    job = plan.submit()
    job.result(timeout=60)
    job = with_bucket.job(job.id)
    assert SECRET_KEY not in json.dumps([*job.logs(), repr(job), str(vars(job)), job.request()])
