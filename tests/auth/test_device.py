"""Logging in on another device: asked for, shown, polled as the service says, and ended by it or by hand."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

import multisat as ms
from multisat.auth import device, find
from multisat.auth.cdse import log_in, log_in_elsewhere, tokens_of
from multisat.auth.device import device_login
from multisat.auth.wants import OPENEO
from multisat.sandbox.secure.accounts import CLIENTS

DEVICE = "/auth/device"
REFRESH = ".local/share/openeo-python-client/refresh-tokens.json"


@pytest.fixture
def at_terminal(box, home):
    """Begin ``multisat`` on a terminal of its own; gives the process and what it showed: address, code."""

    @contextmanager
    def begin(*arguments):
        ours, theirs = pty.openpty()
        running = subprocess.Popen(
            [sys.executable, "-m", "multisat", *arguments],
            env={**os.environ, **box.environment},
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            shown = re.match(
                r"Open (\S+) in a browser, on any device, and type (\S+)", running.stderr.readline()
            )
            yield running, shown
        finally:
            running.kill()
            running.communicate()
            os.close(ours)
            os.close(theirs)

    return begin


def test_a_person_allows_it(box, home, at_terminal, doctor):
    with at_terminal("login", "openeo", "--device") as (running, shown):
        assert shown[1].startswith(box.hosts["identity"])
        box.secure.approve_device(shown[2])
        out, _ = running.communicate(timeout=60)
    assert (running.returncode, "openeo: it works" in out) == (0, True)
    path = home / REFRESH
    assert path.stat().st_mode & 0o777 == 0o600
    row = doctor("openeo")["openeo"]
    assert (row["credentials"], row["works"]) == (str(path), True)
    kept = json.loads(path.read_text())[f"{box.hosts['identity']}/auth/realms/CDSE"]["cdse-public"]
    assert kept["refresh_token"] not in out + str(row)


def test_each_use_keeps_the_next_refresh_token(box, home, monkeypatch):
    """The service takes a refresh token once, so that the one kept must be the last."""
    first = log_in_elsewhere(lambda _, code: box.secure.approve_device(code))
    tokens_of(first, OPENEO).token()
    for _ in range(3):
        assert log_in(OPENEO).seconds_left > 100
    assert find(OPENEO, tuple(box.hosts.values())).secret != first.secret


def test_a_person_declines_it(box, at_terminal, home):
    with at_terminal("login", "cdse", "--device") as (running, shown):
        box.secure.decline_device(shown[2])
        _, said = running.communicate(timeout=60)
    assert (running.returncode, "the login was declined" in said) == (3, True)
    assert not (home / REFRESH).exists()


def test_ctrl_c(at_terminal, home):
    with at_terminal("login", "openeo", "--device") as (running, _):
        assert "waiting" in running.stderr.readline()
        running.send_signal(signal.SIGINT)
        out, said = running.communicate(timeout=60)
    assert running.returncode == 1
    assert (out, said.strip()) == ("", "Aborted!")
    assert not (home / REFRESH).exists()


def test_it_is_never_begun_without_a_terminal_or_without_being_asked_for(command, doctor, box):
    done = command("login", "openeo", "--device")
    assert (done.returncode, "there is no terminal" in done.stderr) == (3, True)
    client = f"sandbox-client\n{CLIENTS['sandbox-client']}\n"
    assert command("login", "openeo", "--stdin", stdin=client).returncode == 0
    doctor()
    assert box.received("identity")
    assert not [r for r in box.received("identity") if r.path.endswith(DEVICE)]


@pytest.mark.parametrize("arguments", [("nasa-cmr", "--device"), ("cdse", "--device", "--store", "keyring")])
def test_what_it_is_not_for(command, arguments):
    done = command("login", *arguments)
    assert (done.returncode, "--device is for openEO" in done.stderr) == (2, True)


@pytest.fixture
def scripted(serve, answer_with):
    """A service that begins a login with ``begin``, and then gives the answers of ``turns``, the last for ever."""

    def start(begin, turns):
        times, left = [], list(turns)

        def answer(handler):
            length = int(handler.headers.get("Content-Length") or 0)
            form = handler.rfile.read(length).decode()
            if handler.path == DEVICE:
                assert "code_challenge=" in form
                answer_with(handler, 200, json.dumps(begin).encode())
                return
            times.append(time.monotonic())
            status, body = left.pop(0) if len(left) > 1 else left[0]
            answer_with(handler, status, json.dumps(body).encode())

        url = serve(answer)
        return (lambda: device_login("openeo", "me", url + DEVICE, url + "/token", lambda *_: None)), times

    return start


BEGIN = {"device_code": "d", "user_code": "u", "verification_uri": "https://x.example", "expires_in": 60}
WAIT, SLOW = (400, {"error": "authorization_pending"}), (400, {"error": "slow_down"})
DONE = (200, {"refresh_token": "synthetic-refresh", "access_token": "a"})


def test_the_interval_is_that_of_the_service_and_grows_when_asked_to(scripted, monkeypatch):
    monkeypatch.setattr(device, "_INTERVAL", 0.5)
    work, times = scripted({**BEGIN, "interval": 0.2}, [WAIT, WAIT, SLOW, WAIT, DONE])
    began = time.monotonic()
    assert work().secret.reveal() == "synthetic-refresh"
    gaps = [b - a for a, b in zip([began, *times], times, strict=False)]
    assert all(gap >= 0.2 for gap in gaps[:3])
    assert all(gap >= 0.7 for gap in gaps[3:])


def test_it_ends_when_the_service_says(scripted, in_time):
    work, times = scripted({**BEGIN, "interval": 0.3, "expires_in": 2}, [WAIT])
    with in_time(), pytest.raises(ms.CredentialsError, match="not allowed in time"):
        work()
    assert 1 <= len(times) <= 7


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ((400, {"error": "expired_token"}), "not allowed in time"),
        ((400, {"error": "access_denied"}), "was declined"),
        ((400, {"error": "invalid_grant"}), "another device was refused"),
        ((404, {}), "answers 404"),
    ],
)
def test_every_other_answer_ends_it_at_once(scripted, end, said):
    work, times = scripted({**BEGIN, "interval": 0.05}, [WAIT, end])
    with pytest.raises(ms.MultisatError, match=said):
        work()
    assert len(times) == 2


@pytest.mark.parametrize("interval", ["soon", -1, 0, None, 1e400, []])
def test_an_interval_that_is_none_is_the_usual_one(interval):
    assert device._seconds(interval, 5.0) == 5.0


def test_what_terminals_obey_is_not_shown(serve, answer_with):
    told = {
        **BEGIN,
        "verification_uri": "https://x.example/\x1b[31m",
        "user_code": "AB\r\n-CD",
        "expires_in": 0.1,
    }

    def answer(handler):
        handler.rfile.read(int(handler.headers["Content-Length"]))
        answer_with(handler, 200 if handler.path == DEVICE else 400, json.dumps(told).encode())

    url, shown = serve(answer), []
    with pytest.raises(ms.MultisatError):
        device_login("openeo", "me", url + DEVICE, url, lambda *both: shown.extend(both))
    assert shown == ["https://x.example/[31m", "AB-CD"]
