"""The HTTP client against servers that fail in every way."""

import gzip
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from multisat.contracts import Deadline
from multisat.errors import (
    CredentialsError,
    InvalidAnswer,
    ProviderRefused,
    ProviderTimeout,
    ProviderUnavailable,
)
from multisat.http import HttpClient
from multisat.http.retry import RetryPolicy, retry_after

FAST = RetryPolicy(first_wait=0.01)


@pytest.fixture
def client():
    made = HttpClient("archive", deadline=Deadline(20))
    yield made
    made.close()


def scripted(answer_with, *answers):
    """Answer with each (status, body, headers) in turn, the last one for ever."""
    calls = []

    def answer(handler):
        status, body, headers = answers[min(len(calls), len(answers) - 1)]
        calls.append(time.monotonic())
        answer_with(handler, status, body, **headers)

    return answer, calls


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_failure_is_tried_again(serve, client, answer_with, status):
    answer, calls = scripted(answer_with, (status, b"", {}), (200, b"fine", {}))
    assert client.fetch("GET", serve(answer), policy=FAST) == b"fine"
    assert len(calls) == client.requests == 2


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422])
def test_a_refusal_is_never_tried_again(serve, client, answer_with, status):
    body = b'{"detail": "collection is required"}'
    answer, calls = scripted(answer_with, (status, body, {"Content_Type": "application/json"}))
    with pytest.raises(ProviderRefused, match="collection is required"):
        client.fetch("GET", serve(answer), policy=FAST)
    assert len(calls) == 1


def test_401_is_about_the_login(serve, client, answer_with):
    answer, calls = scripted(answer_with, (401, b"", {}))
    with pytest.raises(CredentialsError) as caught:
        client.fetch("GET", serve(answer), policy=FAST)
    assert (caught.value.exit_code, len(calls)) == (3, 1)


def test_failing_for_ever_ends_in_a_named_error(serve, client, answer_with):
    answer, calls = scripted(answer_with, (503, b"", {}))
    with pytest.raises(ProviderUnavailable, match="archive: answered 503 Service Unavailable"):
        client.fetch("GET", serve(answer), policy=FAST)
    assert len(calls) == FAST.tries


def test_retry_after_seconds_is_obeyed(serve, client, answer_with):
    answer, calls = scripted(answer_with, (429, b"", {"Retry_After": "1"}), (200, b"fine", {}))
    client.fetch("GET", serve(answer), policy=FAST)
    assert calls[1] - calls[0] >= 1


def test_retry_after_date_is_obeyed():
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert 25 < retry_after(soon) <= 30
    assert retry_after("gibberish") == retry_after(None) == 0


@pytest.fixture
def times_out(in_time):
    """Hold that a server costs no more than the deadline: ``times_out(url, deadline)``."""

    def check(url, deadline):
        client = HttpClient("archive", deadline=deadline)
        with in_time(), pytest.raises(ProviderTimeout):
            client.fetch("GET", url, policy=FAST)
        client.close()

    return check


def test_retry_after_beyond_the_deadline_ends_at_once(serve, answer_with, times_out):
    answer, calls = scripted(answer_with, (429, b"", {"Retry_After": "3600"}))
    times_out(serve(answer), Deadline(60))
    assert len(calls) == 1


def test_a_server_that_hangs_costs_no_more_than_the_deadline(serve, hang, times_out):
    times_out(serve(hang), Deadline(0.5))


def test_a_server_that_trickles_costs_no_more_than_the_deadline(serve, over, times_out):
    def trickle(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        while not over.wait(0.05):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    times_out(serve(trickle), Deadline(0.5))


def test_a_cut_body_is_tried_again_and_never_passed_on(serve, client, answer_with):
    calls = []

    def cut(handler):
        calls.append(1)
        if len(calls) > 1:
            answer_with(handler, 200, b"whole")
            return
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"part")
        handler.close_connection = True

    assert client.fetch("GET", serve(cut), policy=FAST) == b"whole"


def test_a_refused_connection_names_the_host(client):
    with pytest.raises(ProviderUnavailable, match=r"127\.0\.0\.1:1"):
        client.fetch("GET", "http://127.0.0.1:1/secret?sig=hidden", policy=RetryPolicy(tries=1))


def test_no_query_string_reaches_a_message(client):
    with pytest.raises(ProviderUnavailable) as caught:
        client.fetch("GET", "http://user:pw@127.0.0.1:1/x?sig=hidden", policy=RetryPolicy(tries=1))
    assert "hidden" not in str(caught.value)
    assert "pw" not in str(caught.value)


def test_a_body_over_the_limit_is_refused(serve, answer_with):
    client = HttpClient("archive", max_bytes=2**20, deadline=Deadline(10))
    bomb = gzip.compress(b"0" * 2**25)
    url = serve(lambda h: answer_with(h, 200, bomb, Content_Encoding="gzip"))
    with pytest.raises(InvalidAnswer, match="larger than 1 MiB"):
        client.fetch("GET", url, policy=FAST)
    client.close()


def test_redirects_without_end_are_refused(serve, client, answer_with):
    url = serve(lambda h: answer_with(h, 302, Location="/again"))
    with pytest.raises(InvalidAnswer, match="redirects"):
        client.fetch("GET", url, policy=FAST)


def test_a_netrc_login_is_never_sent(serve, client, answer_with, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text(
        "machine 127.0.0.1 login user password secret\ndefault login d password e\n"
    )
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    seen = []

    def answer(handler):
        seen.append(handler.headers.get("Authorization"))
        answer_with(handler, 200, b"{}")

    client.fetch("GET", serve(answer))
    assert seen == [None]


def test_one_connection_serves_many_requests(serve, client, answer_with):
    ports = set()

    def answer(handler):
        ports.add(handler.client_address[1])
        answer_with(handler, 200, b"{}")

    url = serve(answer)
    for _ in range(20):
        client.fetch("GET", url)
    assert len(ports) == 1


def test_calling_off_wakes_a_sleeper(serve, answer_with, times_out):
    deadline = Deadline(600)

    def later(handler):
        threading.Timer(0.3, deadline.cancel).start()
        answer_with(handler, 503, Retry_After="300")

    times_out(serve(later), deadline)
