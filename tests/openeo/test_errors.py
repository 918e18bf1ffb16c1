"""What goes wrong: one error each, with its cause and the next step."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from tests.openeo.cases import cases
from tests.recipes.stored import Stored

from multisat.auth import give
from multisat.contracts import Deadline
from multisat.errors import (
    CredentialsError,
    InvalidAnswer,
    NothingFound,
    ProviderRefused,
    ProviderTimeout,
    ProviderUnavailable,
    UsageError,
)
from multisat.steps import Steps

pytestmark = pytest.mark.xdist_group("openeo-backend")
SIMPLE = Steps().index("NDVI").composite("month", "mean")


@pytest.fixture
def task():
    return replace(Stored().task(cases(1)[0]), steps=SIMPLE)


def told(raised, *words):
    """Hold that an error names its cause and a next step, and nothing secret."""
    text = str(raised.value)
    assert raised.value.hint
    assert "synthetic-ada-pw" not in text
    assert "Traceback" not in text
    for word in words:
        assert word in text


def test_no_data(over, engine, task):
    over.set(no_data=True)
    with pytest.raises(NothingFound) as raised:
        engine.run(task)
    told(raised, "no data available", "widen")


def test_a_band_that_is_not_there(over, engine, task):
    other = replace(task, steps=Steps().bands("rededge2").composite("month", "mean"))
    with pytest.raises(UsageError) as raised:
        engine.run(other)
    told(raised, "rededge2", "SENTINEL2_L2A")
    assert not engine.can_run(other)


def test_a_login_that_has_ended(over, engine, task):
    give("openeo", token="basic//" + "00")
    with pytest.raises(CredentialsError) as raised:
        engine.run(task)
    told(raised, "multisat login openeo")


def test_no_credits_left(over, engine, task):
    over.fault("402", path="/result")
    with pytest.raises(ProviderRefused) as raised:
        engine.run(task)
    told(raised, "402", "credits")


def test_too_many_requests_that_pass(over, engine, task):
    over.fault("429", path="/result", times=2, retry_after=0)
    assert np.isfinite(engine.run(task)["NDVI"]).any()
    assert [one["fault"] for one in over.requests if one["path"].endswith("/result")][-3:] == [
        "429",
        "429",
        None,
    ]


def test_too_many_requests_for_ever(over, engine, task):
    over.fault("429", path="/result", retry_after=100)
    with pytest.raises(ProviderTimeout) as raised:
        engine.run(task, deadline=Deadline(1))
    told(raised, "429", "deadline")


def test_a_service_that_is_too_slow(over, engine, task, in_time):
    engine.work(task)
    over.fault("slow", path="/result", seconds=10)
    with in_time(), pytest.raises(ProviderTimeout) as raised:
        engine.run(task, deadline=Deadline(1))
    told(raised, "deadline", "batch job")


def test_a_job_that_fails_says_why(over, engine, task):
    over.set(fails="Synthetic: an executor ran out of memory. (ref: r-1)")
    job = engine.submit(task)
    with pytest.raises(ProviderRefused) as raised:
        job.wait(deadline=Deadline(20))
    told(raised, job.id, "ran out of memory", "logs")
    assert job.status().state == "failed"
    assert any("ran out of memory" in line for line in job.logs())
    with pytest.raises(ProviderRefused, match="ran out of memory"):
        job.result(task)


@pytest.mark.parametrize("kind", ["cut"])
def test_a_download_that_breaks_off(over, engine, task, kind):
    over.fault(kind, path="/result")
    with pytest.raises(ProviderUnavailable) as raised:
        engine.run(task)
    told(raised, "breaks off")


@pytest.mark.parametrize("kind", ["garbage", "html"])
def test_a_file_that_is_none(over, engine, task, kind):
    over.fault(kind, path="/result")
    with pytest.raises(InvalidAnswer) as raised:
        engine.run(task)
    told(raised, "neither netCDF nor GeoTIFF")


def test_a_wrong_address(engine_at, task, serve, answer_with):
    with pytest.raises(ProviderUnavailable) as raised:
        engine_at("http://127.0.0.1:1/openeo").run(task)
    told(raised, "MULTISAT_OPENEO_URL")
    page = serve(lambda handler: answer_with(handler, 200, b"<html>hello</html>"))
    with pytest.raises(InvalidAnswer) as raised:
        engine_at(page).run(task)
    told(raised, "does not speak openEO", "MULTISAT_OPENEO_URL")


def test_an_address_that_leads_elsewhere_gets_no_login(over, engine_at, task, serve, answer_with):
    """What a host says of where its API is cannot lead a login to another host."""
    asked = []

    def other(handler):
        asked.append(dict(handler.headers))
        answer_with(
            handler, 200, json.dumps({"api_version": "1.2.0"}).encode(), Content_Type="application/json"
        )

    elsewhere = serve(other)
    versions = {"versions": [{"api_version": "1.2.0", "url": f"{elsewhere}/openeo/1.2"}]}
    first = serve(lambda handler: answer_with(handler, 200, json.dumps(versions).encode()))
    with pytest.raises(ProviderRefused) as raised:
        engine_at(first).run(task)
    told(raised, "another host", f"MULTISAT_OPENEO_URL={elsewhere}/openeo/1.2")
    assert not [headers for headers in asked if "Authorization" in headers]


def test_no_login(over, engine, task, no_login):
    give("openeo")
    with pytest.raises(CredentialsError) as raised:
        engine.run(task)
    told(raised, "no login was found", "multisat login openeo")


def test_a_process_that_fails_there(over, engine):
    from multisat_openeo.raw import flat_graph

    wrong = {"load1": {"process_id": "no_such_process", "arguments": {}, "result": True}}
    with pytest.raises(UsageError) as raised:
        engine.service.ask(
            "POST", "/result", body={"process": {"process_graph": flat_graph(wrong)}}, computes=True
        )
    told(raised, "no_such_process")


def test_words_of_a_service_are_one_plain_line():
    from multisat_openeo.refusing import plain

    said = plain(
        "Failed:\n  see https://logs.example/?token=abc (ref: r-12)\nTraceback (most recent call last): x"
    )
    assert said == "Failed: see"
    assert not re.search(r"token|ref|Traceback", said)
    assert len(plain("x" * 1000)) == 303
