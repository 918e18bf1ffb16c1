"""The examples of verbs that ask on a terminal, wait for a person elsewhere, or serve until Ctrl-C."""

import os
import pty
import re
import shlex
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
import requests
from tests.cli.help_pages import in_shell, pages

from multisat.sandbox import Sandbox
from multisat.sandbox.secure.accounts import CLIENT, CLIENTS, USER, USERS

PAGES = {page.name: page for page in pages()}
KEYRING = "keyrings.alt.file.PlaintextKeyring"
PORT = "8123"


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """A home with nothing in it, and nothing in the environment."""
    for name in (
        "SH_CLIENT_ID",
        "SH_CLIENT_SECRET",
        "EARTHDATA_TOKEN",
        "NETRC",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("MULTISAT_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", KEYRING)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def secure(alone, monkeypatch):
    """Stand-ins with logins; ``multisat`` is pointed at them."""
    with Sandbox(secure=True) as box:
        for name, value in box.environment.items():
            monkeypatch.setenv(name, value)
        yield box


@contextmanager
def begun(words, **how):
    """Begin ``multisat``; it is ended with the block."""
    command = [sys.executable, "-m", *words]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **how
    ) as running:
        try:
            yield running
        finally:
            running.kill()


@contextmanager
def at_terminal(line):
    """Begin a line on a terminal of its own; gives the process, and where to type."""
    ours, theirs = pty.openpty()
    try:
        with begun(shlex.split(line), stdin=theirs, start_new_session=True) as running:
            yield running, ours
    finally:
        os.close(ours)
        os.close(theirs)


def answer(line, answers):
    """Type each answer when its question stands there; return what was said at the end."""
    with at_terminal(line) as (running, keys):
        for question, typed in answers.items():
            said = ""
            while not said.endswith(f"{question}: "):
                said += running.stderr.read(1)
            os.write(keys, f"{typed}\n".encode())
        out, said = running.communicate(timeout=60)
    assert running.returncode == 0, said
    return out


def allow(line, box):
    """Do what a person does who is shown an address and a code."""
    with at_terminal(line) as (running, _):
        code = re.search(r"type (\S+)", running.stderr.readline())[1]
        box.secure.approve_device(code)
        out, said = running.communicate(timeout=60)
    assert running.returncode == 0, said
    return out


def token_of(box):
    url = f"{box.hosts['urs']}/api/users/find_or_create_token"
    return requests.post(url, auth=(USER, USERS[USER]), timeout=10).json()["access_token"]


@pytest.mark.slow
def test_logins(secure, tmp_path):
    """Every line of the page is one that is known here."""
    (tmp_path / "client.txt").write_text(f"{CLIENT}\n{CLIENTS[CLIENT]}\n")
    known = {
        "multisat login": lambda line: in_shell(line).out.replace("needed", "it works"),
        "multisat login nasa-cmr": lambda line: answer(line, {"Username": USER, "Password": USERS[USER]}),
        "multisat login nasa-cmr --token --store keyring": lambda line: answer(
            line, {"Token": token_of(secure)}
        ),
        "multisat login cdse --stdin < client.txt": lambda line: in_shell(line).out,
        "multisat login openeo --device": lambda line: allow(line, secure),
    }
    lines = PAGES["multisat login"].lines
    assert set(lines) == set(known)
    for line in lines:
        assert "it works" in known[line](line), line


@pytest.mark.slow
def test_sandboxes(alone):
    """Each serves until Ctrl-C, or prints what another one would."""
    for line in PAGES["multisat sandbox"].lines:
        here = line.replace(PORT, str(_free_port()))
        if here.startswith("eval"):
            done = in_shell(f"{here}; env | grep ^MULTISAT_")
            assert done.code == 0, done.said
            assert "MULTISAT_EARTH_SEARCH_URL=http://127.0.0.1:" in done.out
        else:
            _serves_until_stopped(here)


def _serves_until_stopped(line):
    with begun(shlex.split(line)) as running:
        url = re.match(r"serving synthetic scenes at (\S+);", running.stderr.readline())[1]
        assert requests.get(f"{url}/earth-search/v1", timeout=10).ok
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    assert out.startswith("export MULTISAT_")


def _free_port():
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
