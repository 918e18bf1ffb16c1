"""``multisat login`` and ``multisat doctor`` as a user runs them, against secure stand-ins."""

import stat
import tomllib
from urllib.parse import urlsplit

import pytest

from multisat.auth.netrc_file import netrc_login
from multisat.auth.storing import store_in_config, store_netrc
from multisat.errors import CredentialsError
from multisat.sandbox.secure.accounts import CLIENTS, NO_EULA, SUBSCRIPTION_KEY, USER, USERS


def private(path):
    return stat.S_IMODE(path.stat().st_mode) == 0o600


def test_earthdata_is_kept_in_netrc_and_works_from_then_on(command, doctor, box, home):
    netrc = home / ".netrc"
    netrc.write_text("machine other.example login o password p\ndefault login d password e\n")
    done = command("login", "nasa-cmr", "--stdin", stdin=f"{USER}\n{USERS[USER]}\n")
    assert (done.returncode, "it works" in done.stdout) == (0, True), done.stderr
    assert private(netrc)
    assert netrc_login(urlsplit(box.hosts["urs"]).hostname).secret.reveal() == USERS[USER]
    assert netrc_login("other.example").user == "o"
    assert USERS[USER] not in done.stdout + done.stderr
    row = doctor("nasa-cmr")["nasa-cmr"]
    assert (row["works"], row["credentials"], row["missing"]) == (True, str(netrc), "")
    assert 500 < row["token_seconds"] < 700


def test_an_earthdata_token(command, doctor, box, home):
    import requests

    url = f"{box.hosts['urs']}/api/users/find_or_create_token"
    token = requests.post(url, auth=(USER, USERS[USER]), timeout=10).json()["access_token"]
    done = command("login", "nasa-cmr", "--token", "--stdin", stdin=token)
    assert done.returncode == 0, done.stderr
    assert private(home / "config.toml")
    assert doctor("nasa-cmr")["nasa-cmr"]["works"] is True
    box.secure.forward(700)
    row = doctor("nasa-cmr", code=3)["nasa-cmr"]
    assert "has ended or was revoked" in row["missing"]
    assert "multisat login nasa-cmr" in row["next_step"]
    assert token not in str(row) + done.stdout + done.stderr


@pytest.mark.parametrize("password", ["wrong-password", ""])
def test_what_does_not_work_is_not_kept(command, home, password):
    done = command("login", "nasa-cmr", "--stdin", stdin=f"{USER}\n{password}\n")
    assert done.returncode == 3
    assert ("was refused" if password else "password is missing") in done.stderr
    assert not (home / ".netrc").exists()
    assert "wrong-password" not in done.stdout + done.stderr


def test_a_subscription_key(command, doctor, box, home):
    done = command("login", "planetary-computer", "--stdin", stdin=SUBSCRIPTION_KEY)
    assert done.returncode == 0, done.stderr
    path = home / ".planetarycomputer/settings.env"
    assert private(path)
    row = doctor("planetary-computer")["planetary-computer"]
    assert (row["works"], row["credentials"], row["reachable"]) == (True, str(path), True)
    assert box.secure.sas.keys == {SUBSCRIPTION_KEY: 2}


def test_one_client_for_openeo_and_sentinel_hub(command, doctor, box, home):
    secret = CLIENTS["sandbox-client"]
    done = command("login", "cdse", "--stdin", stdin=f"sandbox-client\n{secret}\n")
    assert done.returncode == 0, done.stderr
    path = home / ".config/sentinelhub/config.toml"
    assert private(path)
    assert tomllib.loads(path.read_text())["cdse"]["sh_client_id"] == "sandbox-client"
    store = home / ".config/openeo-python-client/auth-config.json"
    assert private(store)
    rows = doctor()
    assert rows["sentinel-hub"]["credentials"] == f"{path} [cdse]"
    assert rows["openeo"]["credentials"] == f"{store} [{urlsplit(box.hosts['cdse']).hostname}, CDSE]"
    for name in ("openeo", "sentinel-hub"):
        row = rows[name]
        assert (row["reachable"], row["works"], row["clock_skew"]) == (True, True, 0)
        assert 500 < row["token_seconds"] <= 600
    assert secret not in str(rows) + done.stdout + done.stderr


@pytest.mark.parametrize("provider", ["nasa-cmr", "planetary-computer", "openeo"])
def test_nobody_is_asked_without_a_terminal(command, provider):
    done = command("login", provider)
    assert (done.returncode, "there is no terminal" in done.stderr) == (3, True)


def test_a_client_that_was_taken_back(doctor):
    client = {"MULTISAT_CDSE_CLIENT_ID": "sandbox-client", "MULTISAT_CDSE_CLIENT_SECRET": "taken-back"}
    row = doctor("openeo", code=3, **client)["openeo"]
    assert (row["works"], "was refused (401)" in row["missing"]) == (False, True)
    assert row["next_step"] == "multisat login openeo"
    half = doctor("sentinel-hub", code=3, SH_CLIENT_ID="me")["sentinel-hub"]
    assert "SH_CLIENT_SECRET is not" in half["missing"]


def test_a_login_that_is_hidden_by_another_one_is_said(command):
    done = command(
        "login", "planetary-computer", "--stdin", stdin=SUBSCRIPTION_KEY, PC_SDK_SUBSCRIPTION_KEY="old-one"
    )
    assert done.returncode == 0
    assert "the login of environment PC_SDK_SUBSCRIPTION_KEY comes before it" in done.stderr
    assert "old-one" not in done.stdout + done.stderr


@pytest.mark.parametrize("words", [("planetary-computer", "--token"), ("earth-search", "--device")])
def test_options_that_are_not_for_this_archive(command, words):
    done = command("login", *words)
    assert (done.returncode, "is for" in done.stderr) == (2, True)


def test_what_needs_no_login(command):
    assert "needs no login" in command("login", "earth-search").stdout
    assert "nasa-cmr" in command("login").stdout
    assert command("login", "nobody").returncode == 2


def test_the_doctor_on_a_fresh_machine(doctor):
    rows = doctor()
    assert set(rows) >= {"earth-search", "nasa-cmr", "planetary-computer", "openeo", "sentinel-hub"}
    assert all(rows[name]["reachable"] for name in ("earth-search", "nasa-cmr", "planetary-computer"))
    assert rows["nasa-cmr"]["clock_skew"] == 0
    assert (rows["nasa-cmr"]["missing"], rows["earth-search"]["missing"]) == ("a login", "")
    assert "multisat login nasa-cmr" in rows["nasa-cmr"]["next_step"]


def test_what_was_asked_for_and_is_missing(doctor):
    assert doctor("nasa-cmr", code=3)["nasa-cmr"]["credentials"] == ""
    doctor(code=3, MULTISAT_PROVIDERS="nasa-cmr")
    doctor("earth-search", "planetary-computer")


def test_half_a_login_a_licence_and_a_dead_archive(doctor):
    half = doctor(code=3, EARTHDATA_USERNAME="me")["nasa-cmr"]
    assert "EARTHDATA_PASSWORD is not" in half["missing"]
    login = {"EARTHDATA_USERNAME": NO_EULA, "EARTHDATA_PASSWORD": USERS[NO_EULA]}
    refused = doctor("nasa-cmr", code=3, **login)["nasa-cmr"]
    assert "accept_eula" in refused["next_step"]
    dead = doctor("earth-search", MULTISAT_EARTH_SEARCH_URL="http://127.0.0.1:1")["earth-search"]
    assert (dead["reachable"], "no whole answer" in dead["missing"]) == (False, True)


def test_a_table_for_people(command):
    done = command("doctor", "--format", "table")
    assert "planetary-computer" in done.stdout


@pytest.mark.parametrize("password", ["plain", 'two words "and" \\ more # 1', "ümlaut"])
def test_netrc_is_written_as_it_is_read(home, password):
    (home / ".netrc").write_text("machine a login x password y\nmachine b login x\n  password y\n")
    for name in ("b", "new.example", "a"):
        assert private(store_netrc(name, "me", password))
    for name in ("a", "b", "new.example"):
        assert netrc_login(name).secret.reveal() == password
    assert (home / ".netrc").read_text().count("machine") == 3


def test_other_settings_are_left_alone(home):
    (home / "config.toml").write_text(
        'default_providers = ["nasa-cmr"]\n\n[providers.earth-search]\nurl = "x"\n'
    )
    for token in ("one", "two"):
        store_in_config("nasa-cmr", {"token": token})
    told = tomllib.loads((home / "config.toml").read_text())
    assert told["providers"] == {"earth-search": {"url": "x"}, "nasa-cmr": {"token": "two"}}
    with pytest.raises(CredentialsError, match="has settings in"):
        store_in_config("earth-search", {"token": "x"})


def test_a_login_takes_the_place_of_another_kind(home):
    for parts in ({"token": '😀 \\ "one"'}, {"store": "keyring"}, {"username": "me", "password": "p"}):
        store_in_config("nasa-cmr", parts)
        assert tomllib.loads((home / "config.toml").read_text()) == {"providers": {"nasa-cmr": parts}}


@pytest.mark.parametrize(
    "text", ['[providers."nasa-cmr"]\ntoken = "x"\n', 'providers = {nasa-cmr = {token = "x"}}\n']
)
def test_a_file_is_never_spoiled(home, text):
    """Tables that are written in some other way are left to their user."""
    (home / "config.toml").write_text(text)
    with pytest.raises(CredentialsError, match='add there yourself: store = "keyring"'):
        store_in_config("nasa-cmr", {"store": "keyring"})
    assert (home / "config.toml").read_text() == text
