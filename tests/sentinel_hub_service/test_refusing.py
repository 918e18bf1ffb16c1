"""Who may ask, what it costs, and how the service says no."""

import pytest
import requests
from tests.sentinel_hub_service.scripts import BANDS, one

from multisat.sandbox import Fault, Sandbox
from multisat.sandbox.sentinel_hub.engine import Evalscript
from multisat.sandbox.sentinel_hub.refusing import Refused

PROCESS = "/api/v1/process"
DAY = ("2023-05-04T00:00:00Z", "2023-05-04T23:59:59Z")
TIFF = [{"identifier": "default", "format": {"type": "image/tiff"}}]


def test_tokens_are_wanted_and_end(body, login):
    with Sandbox(sentinel_hub=True, token_seconds=60) as box:
        url = box.environment["MULTISAT_SENTINEL_HUB_URL"]
        nobody = requests.post(url + PROCESS, json=body(BANDS, DAY), timeout=30)
        assert (nobody.status_code, nobody.json()["error"]["code"]) == (401, "COMMON_UNAUTHORIZED")
        headers = login(box)
        catalogue = f"{url}/api/v1/catalog/1.0.0/collections"
        assert requests.get(catalogue, headers=headers, timeout=30).status_code == 200
        box.secure.forward(61)
        ended = requests.get(catalogue, headers=headers, timeout=30)
        assert (ended.status_code, ended.json()["code"]) == (401, 401)
        assert box.environment.keys().isdisjoint({"MULTISAT_PLANETARY_COMPUTER_SAS_URL"})
        assert requests.get(catalogue, headers=login(box), timeout=30).status_code == 200


@pytest.mark.parametrize(
    ("path", "value", "parameter"),
    [
        ("evalscript", 5, "evalscript"),
        ("input", {}, "input"),
        ("input__data", [], "input->data"),
        ("input__data__0", {}, "input->data->0"),
        (
            "input__data__0__dataFilter__timeRange",
            {"from": "2023-05-04"},
            "input->data->0->dataFilter->timeRange",
        ),
        ("input__data__0__dataFilter__maxCloudCoverage", 101, "input->data->0->dataFilter->maxCloudCoverage"),
        ("input__bounds__bbox", [1, 2, 3], "input->bounds->bbox"),
        ("output__width", 1.5, "output->width"),
        ("output__width", 2501, "output->width"),
        ("output__height", 0, "output->height"),
        (
            "output__responses",
            [{"identifier": "default", "format": {"type": "image/bmp"}}],
            "output->responses->0->format->type",
        ),
    ],
)
def test_bodies_that_are_wrong_are_refused_by_parameter(ask, body, path, value, parameter):
    answer = ask(PROCESS, body(BANDS, DAY, **{path: value}))
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["reason"]) == (400, "COMMON_BAD_PAYLOAD", "Bad Request")
    assert parameter in {one["parameter"] for one in error["errors"]}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("input__data__0__type", "sentinel-9"),
        ("input__data__0__type", "hls"),
        ("input__bounds", {}),
        ("input__bounds__properties__crs", "EPSG:32632"),
        ("input__bounds__bbox", [1, 2, 1, 3]),
        ("input__bounds__geometry", {"type": "Polygon", "coordinates": []}),
        ("input__bounds__geometry", {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}),
        ("output__resx", 10),
        ("output__responses", [{"identifier": "other", "format": {"type": "image/tiff"}}]),
        ("output__responses", [*TIFF, {"identifier": "userdata", "format": {"type": "application/json"}}]),
        ("input__bounds__bbox", [200000, 5000000, 800000, 5400000]),
        ("input__data__0__processing", {"upsampling": "BILINEAR"}),
        ("input__data__0__dataFilter__timeRange", {"from": DAY[1], "to": DAY[0]}),
    ],
)
def test_what_cannot_be_done_is_refused(ask, body, path, value):
    answer = ask(PROCESS, body(BANDS, DAY, **{path: value}))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "COMMON_BAD_PAYLOAD")


def test_a_body_that_is_no_json_is_refused(ask):
    answer = ask(PROCESS, [], "POST")
    assert (answer.status_code, answer.json()["error"]["errors"][0]["parameter"]) == (400, "body")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("function setup() {}", "//VERSION=3"),
        ("//VERSION=3\nfunction setup( {", "SyntaxError"),
        ("//VERSION=3\nfunction setup() { return 1; }", "evaluatePixel"),
        (one("s.B04").replace("return {input", "return; ({input").replace('"};', '"});'), "setup()"),
        (one("s.B99", bands=("B99",)), "Band 'B99' not found in collection 'S2L2A'"),
        (one("s.SCL", bands=("SCL",), units="REFLECTANCE"), "unsupported units 'REFLECTANCE'"),
        (one("s.B04", "UINT64"), "UINT64"),
        (one("s.B04", mosaicking="DAY"), "DAY"),
        (one("s.B04, 1"), "returned 2"),
        (one("s.B04").replace("return [s.B04]", "return s.B04"), "array"),
        (one("s.nothing.at.all"), "TypeError"),
        (
            one("s.B04", mosaicking="ORBIT") + "function preProcessScenes(c) { return {}; }",
            "preProcessScenes",
        ),
    ],
)
def test_scripts_that_are_wrong_are_refused_with_what_is_wrong(ask, body, script, words):
    answer = ask(PROCESS, body(script, DAY))
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "RENDERER_EXCEPTION")
    assert words in error["message"]


def test_scripts_are_stopped_when_they_take_too_long_or_too_much():
    forever = "//VERSION=3\nfunction setup() { while (true); }\nfunction evaluatePixel() {}"
    with Evalscript(forever, seconds=1) as script, pytest.raises(Refused, match="timed out"):
        script.setup()
    greedy = "//VERSION=3\nfunction setup() { const a = []; while (true) a.push(new Array(1e4).fill(0.5)); }\nfunction evaluatePixel() {}"
    with Evalscript(greedy, memory=2**26, seconds=100) as script, pytest.raises(Refused, match="memory"):
        script.setup()


@pytest.mark.parametrize(
    ("script", "size", "expected"),
    [
        (one("s.B04", "UINT8"), 20, 0.01 / 3),
        (one("s.B04", "UINT8"), 512, 1 / 3),
        (one("s.B04"), 512, 2 / 3),
        (one("s.dataMask", "UINT8", ("dataMask",)), 512, 1 / 3),
        (one("s.length", "UINT8", ("B02", "B03", "B04", "B08"), mosaicking="ORBIT"), 256, 11 / 3),
    ],
)
def test_units_are_counted_as_published(ask, body, hub, script, size, expected):
    before = hub.sentinel_hub.account.spent
    answer = ask(PROCESS, body(script, output__width=size, output__height=size))
    spent = float(answer.headers["x-processingunits-spent"])
    assert spent == pytest.approx(max(0.005, expected), abs=1e-6)
    assert hub.sentinel_hub.account.spent - before == pytest.approx(spent, abs=1e-6)


def test_refused_requests_cost_nothing_and_without_units_there_is_nothing(ask, body, hub):
    account = hub.sentinel_hub.account
    before = account.spent
    ask(PROCESS, body(one("s.B99", bands=("B99",))))
    assert account.spent == before
    account.limit = before
    answer = ask(PROCESS, body(BANDS, DAY))
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "ACCESS_INSUFFICIENT_PROCESSING_UNITS"


def test_a_rate_limit_says_how_many_milliseconds_to_wait(login):
    with Sandbox(sentinel_hub=True, rate_limit=3) as box:
        headers, url = login(box), f"{box.environment['MULTISAT_SENTINEL_HUB_URL']}/api/v1/byoc/collections"
        answers = [requests.get(url, headers=headers, timeout=30) for _ in range(4)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        assert answers[3].json()["code"] == "RATE_LIMIT_EXCEEDED"
        assert answers[3].headers["Retry-After"] in {"1000", "2000"}


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("429", "RATE_LIMIT_EXCEEDED"),
        ("403", "ACCESS_INSUFFICIENT_PROCESSING_UNITS"),
        ("500", "COMMON_EXCEPTION"),
    ],
)
def test_faults_have_the_shape_of_the_service(ask, body, hub, kind, code):
    hub.inject(Fault(provider="sentinel-hub", kind=kind, match=PROCESS, times=1, retry_after="250"))
    answer = ask(PROCESS, body(BANDS, DAY))
    whole = answer.json()
    assert (answer.status_code, whole.get("error", whole)["code"]) == (int(kind), code)
    assert ask(PROCESS, body(BANDS, DAY)).status_code == 200


def test_html_and_cut_answers_can_be_injected(ask, body, hub):
    hub.inject(Fault(provider="sentinel-hub", kind="html", match=PROCESS, times=1))
    assert ask(PROCESS, body(BANDS, DAY)).text.startswith("<!DOCTYPE")
    hub.inject(Fault(provider="sentinel-hub", kind="cut", match=PROCESS, times=1))
    with pytest.raises(requests.exceptions.RequestException):
        ask(PROCESS, body(BANDS, DAY))


def test_the_command_line_says_where_it_is():
    from click.testing import CliRunner

    from multisat.cli.sandbox import sandbox

    printed = CliRunner().invoke(sandbox, ["--sentinel-hub", "--print-environment", "--port", "8123"]).output
    names = {line.partition("=")[0].removeprefix("export ") for line in printed.splitlines()}
    assert {
        "MULTISAT_SENTINEL_HUB_URL",
        "MULTISAT_SENTINEL_HUB_BUCKET_URL",
        "MULTISAT_CDSE_TOKEN_URL",
    } <= names


def test_files_want_credentials_only_if_they_are_secured(login):
    with Sandbox(sentinel_hub=True, secure=True) as box:
        assert "MULTISAT_PLANETARY_COMPUTER_SAS_URL" in box.environment
        url = f"{box.environment['MULTISAT_SENTINEL_HUB_URL']}/api/v1/byoc/collections"
        assert requests.get(url, headers=login(box), timeout=30).status_code == 200
        assert box.secure.address_of("planetary-computer/sentinel-2-l2a/a/B04.tif")
    with Sandbox(sentinel_hub=True) as box:
        assert box.secure.address_of("planetary-computer/sentinel-2-l2a/a/B04.tif") is None
    with Sandbox() as box, pytest.raises(LookupError, match="sentinel_hub=True"):
        box.sentinel_hub  # noqa: B018
