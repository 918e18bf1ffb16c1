"""The system keyring: kept there when asked for, found there from then on, and never in the way."""

import json
import sys
import threading

import keyring
import pytest
from keyring.backend import KeyringBackend

import multisat as ms
from multisat.auth import find, system_keyring
from multisat.auth.storing import store_in_config
from multisat.auth.wants import EARTHDATA, OPENEO, PLANETARY_COMPUTER, SENTINEL_HUB
from multisat.sandbox.secure.accounts import CLIENTS, SUBSCRIPTION_KEY, USER, USERS

PLAIN = {"PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring"}
NONE = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
FORGETFUL = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
URS = ("urs.earthdata.nasa.gov",)


@pytest.mark.parametrize(
    ("provider", "answers", "rows", "secret"),
    [
        ("nasa-cmr", f"{USER}\n{USERS[USER]}\n", ["nasa-cmr"], USERS[USER]),
        ("planetary-computer", SUBSCRIPTION_KEY, ["planetary-computer"], SUBSCRIPTION_KEY),
        (
            "cdse",
            f"sandbox-client\n{CLIENTS['sandbox-client']}\n",
            ["openeo", "sentinel-hub"],
            CLIENTS["sandbox-client"],
        ),
    ],
)
def test_kept_and_found(command, doctor, home, provider, answers, rows, secret):
    done = command("login", provider, "--stdin", "--store", "keyring", stdin=answers, **PLAIN)
    assert done.returncode == 0, done.stderr
    assert "kept in the system keyring" in done.stdout
    config = home / "config.toml"
    assert config.read_text() == f'[providers.{provider}]\nstore = "keyring"\n'
    found = doctor(*rows, **PLAIN)
    assert [(found[r]["credentials"], found[r]["works"]) for r in rows] == [
        ("the system keyring", True) for _ in rows
    ]
    kept_by_others = {p.name for p in home.rglob("*") if p.is_file()} & {
        ".netrc",
        "settings.env",
        "auth-config.json",
    }
    assert not kept_by_others
    assert secret not in done.stdout + done.stderr + config.read_text()


def test_a_machine_without_one(command, home):
    done = command(
        "login", "nasa-cmr", "--stdin", "--store", "keyring", stdin=f"{USER}\n{USERS[USER]}\n", **NONE
    )
    assert done.returncode == 3
    assert "this machine has none" in done.stderr
    assert "multisat login nasa-cmr" in done.stderr
    assert not (home / "config.toml").exists()
    assert USERS[USER] not in done.stdout + done.stderr


def test_one_that_keeps_nothing(command, home):
    done = command(
        "login",
        "planetary-computer",
        "--stdin",
        "--store",
        "keyring",
        stdin=SUBSCRIPTION_KEY,
        **FORGETFUL,
    )
    assert (done.returncode, "does not keep what it is given" in done.stderr) == (3, True)


def test_files_come_first_and_that_is_said(command, home):
    assert command("login", "nasa-cmr", "--stdin", stdin=f"{USER}\n{USERS[USER]}\n").returncode == 0
    done = command(
        "login", "nasa-cmr", "--stdin", "--store", "keyring", stdin=f"{USER}\n{USERS[USER]}\n", **PLAIN
    )
    assert f"the login of {home / '.netrc'} comes before it, and is used" in done.stderr


@pytest.fixture
def backend():
    """Put a keyring of the test's own in place of that of the machine."""
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


class Memory(KeyringBackend):
    """A keyring that lasts as long as a test."""

    priority = 1

    def __init__(self, **kept):
        super().__init__()
        self.kept, self.asked = {("multisat", name): text for name, text in kept.items()}, 0

    def get_password(self, service, username):
        self.asked += 1
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password


def test_after_the_files_and_before_our_own(home, backend):
    backend(Memory(**{"nasa-cmr": json.dumps({"username": "k", "password": "p"})}))
    store_in_config("nasa-cmr", {"store": "keyring", "username": "c", "password": "p"})
    assert find(EARTHDATA, URS).where == "the system keyring"
    (home / ".netrc").write_text("machine urs.earthdata.nasa.gov login n password p\n")
    (home / ".netrc").chmod(0o600)
    assert find(EARTHDATA, URS).user == "n"


def test_it_is_not_asked_unless_that_was_asked_for(backend):
    memory = Memory(**{"nasa-cmr": '{"token": "x"}'})
    backend(memory)
    for want in (EARTHDATA, PLANETARY_COMPUTER, SENTINEL_HUB, OPENEO):
        assert find(want, URS) is None
    assert memory.asked == 0
    store_in_config("nasa-cmr", {"store": "keyring"})
    assert [find(EARTHDATA, URS).kind for _ in range(9)] == ["token"] * 9
    assert memory.asked == 1  # and then it is remembered


def test_it_is_not_imported_unless_that_was_asked_for(launch):
    code = (
        "import sys; from multisat.auth import find; from multisat.auth.wants import EARTHDATA; "
        "find(EARTHDATA, ('x.example',)); print('keyring' in sys.modules)"
    )
    assert launch(sys.executable, "-c", code).stdout == "False\n"


def test_without_the_package(launch, home):
    """A folder that holds a package of this name which cannot be imported."""
    store_in_config("nasa-cmr", {"store": "keyring"})
    (home / "keyring.py").write_text("raise ImportError\n")
    done = launch(sys.executable, "-m", "multisat", "doctor", "nasa-cmr", PYTHONPATH=str(home))
    assert (done.returncode, "multisat-eo[keyring]" in done.stdout) == (3, True), done.stderr


@pytest.mark.parametrize("text", ["no json", "[1]", '{"token": 1}'])
def test_what_is_not_ours(backend, text):
    backend(Memory(**{"nasa-cmr": text}))
    store_in_config("nasa-cmr", {"store": "keyring"})
    with pytest.raises(ms.CredentialsError, match="does not parse"):
        find(EARTHDATA, URS)


def test_half_a_login_in_it(backend):
    backend(Memory(**{"nasa-cmr": '{"username": "me"}'}))
    store_in_config("nasa-cmr", {"store": "keyring"})
    with pytest.raises(ms.CredentialsError, match="half a login in the system keyring"):
        find(EARTHDATA, URS)


class Locked(Memory):
    """A keyring that waits for somebody to unlock it."""

    def __init__(self):
        super().__init__()
        self.over = threading.Event()

    def get_password(self, service, username):
        self.over.wait(60)


def test_one_that_waits_for_a_human_is_left(backend, monkeypatch, in_time):
    monkeypatch.setattr(system_keyring, "PATIENCE", 0.2)
    locked = Locked()
    backend(locked)
    store_in_config("nasa-cmr", {"store": "keyring"})
    with in_time(), pytest.raises(ms.CredentialsError, match=r"gives no answer.*it may be locked"):
        find(EARTHDATA, URS)
    locked.over.set()


def test_one_that_fails_in_its_own_way(backend):
    class Broken(Memory):
        def get_password(self, service, username):
            raise ZeroDivisionError

    backend(Broken())
    store_in_config("nasa-cmr", {"store": "keyring"})
    with pytest.raises(ms.CredentialsError, match="fails: ZeroDivisionError"):
        find(EARTHDATA, URS)
