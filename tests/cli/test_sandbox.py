"""``multisat sandbox --secure``: what it prints points the plugins at hosts that want logins."""

import json
import signal
import subprocess
import sys

import pytest

from multisat.sandbox.secure.accounts import USER, USERS

LAST = "# synthetic subscription key"


@pytest.fixture
def running(tmp_path):
    """A sandbox in a process of its own, and the lines it printed."""
    command = [sys.executable, "-m", "multisat", "sandbox", "--secure", "--token-seconds", "300"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        lines = []
        while not (lines and lines[-1].startswith(LAST)):
            lines.append(process.stdout.readline())
        yield process, [line.strip() for line in lines]
        process.kill()


def exported(lines):
    pairs = [line.removeprefix("export ").split("=", 1) for line in lines if line.startswith("export ")]
    return dict(pairs)


def test_what_it_prints_and_how_it_ends(running):
    process, lines = running
    told = exported(lines)
    assert {"MULTISAT_NASA_CMR_URL", "MULTISAT_NASA_CMR_LOGIN_URL", "MULTISAT_CDSE_TOKEN_URL"} <= set(told)
    assert all(value.startswith("http://127.0.0.") for name, value in told.items() if name.endswith("_URL"))
    comments = [line for line in lines if line.startswith("#")]
    assert len(comments) + len(told) == len(lines)  # so all of it can be evaluated by a shell
    assert f"# synthetic Earthdata user: {USER}, password {USERS[USER]}" in comments
    process.send_signal(signal.SIGINT)
    assert (process.wait(timeout=60), process.stdout.read()) == (0, "")


def test_a_login_against_it(running, launch):
    told = exported(running[1])
    command = (sys.executable, "-m", "multisat")
    kept = launch(*command, "login", "nasa-cmr", "--stdin", stdin=f"{USER}\n{USERS[USER]}\n", **told)
    assert kept.returncode == 0, kept.stderr
    done = launch(*command, "doctor", "nasa-cmr", "--format", "json", **told)
    (row,) = json.loads(done.stdout)
    assert (done.returncode, row["works"]) == (0, True)
    assert 0 < row["token_seconds"] <= 301


def test_the_environment_of_one_that_runs_on_a_port(run):
    done = run("sandbox", "--secure", "--print-environment", "--port", "8200")
    assert "export MULTISAT_NASA_CMR_LOGIN_URL=http://127.0.0.2:8201" in done.stdout
    plain = run("sandbox", "--print-environment", "--port", "8200")
    assert "LOGIN_URL" not in plain.stdout
    without = run("sandbox", "--print-environment")
    assert (without.returncode, "add --port" in without.stderr) == (2, True)
