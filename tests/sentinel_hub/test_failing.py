"""What goes wrong at the service: each a clear error or outcome, within the deadline."""

import time

import pytest
from tests.conftest import FAULT
from tests.recipes.cases import generated
from tests.recipes.stored import Stored
from tests.sentinel_hub.service import refusal

from multisat.contracts import Deadline
from multisat.errors import (
    CredentialsError,
    NothingFound,
    ProviderError,
    ProviderRefused,
    ProviderTimeout,
    UnsupportedOperation,
)
from multisat.steps import Steps

pytestmark = pytest.mark.filterwarnings("ignore::multisat.cube.MultisatWarning")

CASE = next(case for case in generated() if case.sensor == "s2" and "composite" in case.recipe)


@pytest.fixture
def task():
    return Stored().task(CASE)


def test_a_wrong_secret_is_said_and_asked_once(engine, here, task, monkeypatch):
    monkeypatch.setenv("SH_CLIENT_SECRET", "wrong")
    granted = here.granted
    for _ in range(2):
        with pytest.raises(CredentialsError, match="SH_CLIENT_ID was refused") as error:
            engine.run(task)
        assert error.value.hint == "multisat login sentinel-hub"
    assert here.granted == granted + 1
    assert here.bodies == []


def test_a_token_that_ends_in_between_is_renewed_once(engine, here, task):
    right = engine.run(task)
    here.expire()
    granted = here.granted
    again = engine.run(task)
    assert again.identical(right.assign_attrs(spent=again.attrs["spent"]))
    assert here.granted == granted + 1


def test_waits_are_milliseconds(engine, here, task, in_time):
    here.faults += [refusal(429, "Too Many Requests", "RATE_LIMIT_EXCEEDED", **{"Retry-After": "300"})] * 3
    began = time.monotonic()
    with in_time():
        engine.run(task)
    assert time.monotonic() - began > 0.9


def test_a_storm_of_429_ends_with_the_deadline(engine, here, task, in_time):
    here.faults += [refusal(429, "Too Many Requests", "RATE_LIMIT_EXCEEDED", **{"Retry-After": "400"})] * 99
    with in_time(), pytest.raises(ProviderTimeout, match="within the deadline"):
        engine.run(task, deadline=Deadline(1.5))
    assert len(here.faults) > 90, "it does not hammer"


def test_a_service_that_hangs_ends_with_the_deadline(engine, here, task, in_time, over):
    usual, here.answer = here.answer, lambda _body: over.wait(FAULT)
    try:
        with in_time(), pytest.raises(ProviderTimeout):
            engine.run(task, deadline=Deadline(1.0))
    finally:
        over.set()
        here.answer = usual


def test_units_that_are_used_up_are_said(engine, here, task):
    here.faults.append(refusal(403, "Forbidden", "ACCESS_INSUFFICIENT_PROCESSING_UNITS"))
    with pytest.raises(ProviderRefused, match="processing units of this account are used up"):
        engine.run(task)


def test_an_account_without_batch_is_told_so(engine, here, task, hub, monkeypatch):
    from multisat.sandbox.sentinel_hub.bucket import ACCESS_KEY, BUCKET, SECRET_KEY

    for name, value in {
        "MULTISAT_SENTINEL_HUB_BUCKET": f"s3://{BUCKET}/jobs",
        "MULTISAT_SENTINEL_HUB_BUCKET_URL": hub.environment["MULTISAT_SENTINEL_HUB_BUCKET_URL"],
        "SH_BUCKET_ACCESS_KEY_ID": ACCESS_KEY,
        "SH_BUCKET_SECRET_ACCESS_KEY": SECRET_KEY,
    }.items():
        monkeypatch.setenv(name, value)
    here.faults.append(refusal(403, "Forbidden", "COMMON_INSUFFICIENT_PERMISSIONS"))
    with pytest.raises(UnsupportedOperation, match="may not use asynchronous requests"):
        engine.submit(task)


def test_an_answer_of_another_shape_is_none(engine, here, task):
    here.answer, right = lambda body: {k: v[:, 1:] for k, v in right(body).items()}, here.answer
    try:
        with pytest.raises(ProviderError, match="should have the shape"):
            engine.run(task)
    finally:
        here.answer = right


def test_no_scene_is_said_before_anything_is_asked(engine, here, task):
    from dataclasses import replace

    with pytest.raises(NothingFound):
        engine.run(replace(task, scenes=()))
    assert here.bodies == []


def test_two_collections_are_refused_with_the_reason(engine):
    case = next(one for one in generated() if one.sensor == "s2+landsat")
    verdict = engine.can_run(Stored().task(case))
    assert not verdict
    assert "landsat-c2-l2, sentinel-2-l2a" in verdict.reasons[0]


def test_pixels_that_would_be_resampled_are_refused(engine, task):
    from dataclasses import replace

    from multisat.model import Grid

    a, b, c, d, e, f = task.grid.transform
    moved = Grid(crs=task.grid.crs, transform=(a, b, c + 3, d, e, f), shape=task.grid.shape)
    verdict = engine.can_run(replace(task, grid=moved))
    assert "resamples in its own way" in verdict.reasons[0]
    assert engine.can_run(task)


def test_no_secret_is_written_anywhere(engine, here, task, tmp_path):
    engine.run(task)
    texts = [engine.code(task, dialect) for dialect in engine.dialects]
    texts += [path.read_bytes().decode("latin1") for path in tmp_path.rglob("*") if path.is_file()]
    assert not any("sh-secret" in text or "token-" in text for text in texts)


def test_cost_is_known_before_and_after(engine, task):
    before = dict(engine.cost(task).units)["processing units"]
    assert 0.005 <= before < 5
    assert engine.run(task).attrs["spent"] == "0.25 processing units"
    assert dict(engine.quota())["processing units spent by this process"]


def test_bands_that_are_kept_without_a_composite_are_stored_numbers(engine, here, task):
    from dataclasses import replace

    found = engine.run(replace(task, steps=Steps().mask("clear").bands("red")))
    assert set(found.data_vars) == {"red", "mask"}
    assert all("UINT16" in body["evalscript"] for body in here.bodies)
