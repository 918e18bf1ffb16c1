"""``multisat demo --secure`` as a user runs it: all of it works, none of it is the user's, nothing is told."""

import re
import sys

import pytest

from multisat.cli.secure_demo import run_secure_demo
from multisat.cli.secure_steps import STEPS
from multisat.cli.secure_tools import Step, expect
from multisat.sandbox.secure.accounts import CLIENTS, SUBSCRIPTION_KEY, USERS

MINE = "a-secret-of-the-user-himself"


@pytest.mark.slow
def test_all_of_it(launch, tmp_path):
    """Logins of the user lie in every place there is; they are neither read nor touched."""
    netrc = f"machine 127.0.0.2 login me password {MINE}\n"
    (tmp_path / ".netrc").write_text(netrc)
    (tmp_path / "config.toml").write_text(f'[providers.nasa-cmr]\ntoken = "{MINE}"\n')
    done = launch(
        *(sys.executable, "-m", "multisat", "--debug", "demo", "--secure"),
        EARTHDATA_TOKEN=MINE,
        PC_SDK_SUBSCRIPTION_KEY=MINE,
        MULTISAT_CONFIG=str(tmp_path / "config.toml"),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "10 of 10 did what they should" in done.stdout
    assert done.stdout.count("    ok: ") == 9
    assert "synthetic" in done.stdout.splitlines()[0]
    for provider in ("earth-search", "nasa-cmr", "planetary-computer", "openeo", "sentinel-hub"):
        assert re.search(rf"^{provider} .*yes", done.stdout, re.MULTILINE)
    told = done.stdout + done.stderr
    assert "DEBUG" in told
    secrets = {
        MINE,
        *USERS.values(),
        SUBSCRIPTION_KEY,
        CLIENTS["sandbox-client"],
        "sig=",
        "X-Amz-Sig",
        "Bearer ey",
    }
    assert not [secret for secret in secrets if secret in told]
    assert (tmp_path / ".netrc").read_text() == netrc
    assert {p.name for p in tmp_path.iterdir()} == {".netrc", "config.toml"}


def test_a_step_that_does_not_do_what_it_should(monkeypatch, capsys):
    def wrong(box):
        expect(False, "a stranger was shown a login")

    monkeypatch.setattr("multisat.cli.secure_demo.STEPS", (STEPS[1], Step(title="one", work=wrong)))
    with pytest.raises(SystemExit) as caught:
        run_secure_demo()
    assert caught.value.code == 1
    said = capsys.readouterr().out
    assert "NOT AS IT SHOULD BE: a stranger was shown a login" in said
    assert "2 of 3 did what they should" in said


def test_it_writes_no_files(run):
    done = run("demo", "--secure", "--out", "x")
    assert (done.returncode, "leave out --out" in done.stderr) == (2, True)
