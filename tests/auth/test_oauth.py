"""Client credentials, refresh tokens and device logins, against an OIDC stand-in."""

import threading
import time

import pytest
import requests

import multisat as ms
from multisat.auth import Credential, Secret
from multisat.auth.device import device_login
from multisat.auth.oauth import OAuthLogin
from multisat.http.retry import RetryPolicy
from multisat.sandbox import Fault
from multisat.sandbox.secure.accounts import CLIENTS, USER, USERS

CLIENT, SECRET = "sandbox-client", CLIENTS["sandbox-client"]


@pytest.fixture
def make(box):
    def build(secret=SECRET, kind="client", user=CLIENT, hosts=None):
        login = Credential(
            kind=kind,
            user=user,
            secret=Secret(secret),
            hosts=hosts or (box.hosts["identity"],),
            where="a test",
        )
        url = box.environment["MULTISAT_CDSE_TOKEN_URL"]
        return OAuthLogin("openeo", login, url, (box.hosts["cdse"],))

    return build


def who(box, headers):
    answer = requests.get(f"{box.hosts['cdse']}/userinfo", headers=headers, timeout=10)
    if answer.status_code == 401:
        raise ms.CredentialsError("401")
    return answer.json()["sub"]


def test_a_token_opens_its_hosts_and_no_others(box, make):
    login = make()
    assert who(box, login.headers(f"{box.hosts['cdse']}/x")) == CLIENT
    for other in (box.hosts["elsewhere"], box.hosts["identity"], "https://evil.example/"):
        with pytest.raises(ms.CredentialsError, match="is not for"):
            login.headers(other)
    assert len(box.received("identity")) == 1


def test_a_secret_goes_to_the_token_address_alone(box, make):
    with pytest.raises(ms.CredentialsError, match="is not for 127"):
        make(hosts=("https://identity.dataspace.copernicus.eu",)).token()
    assert box.received("identity") == []


def test_many_threads_one_request(box, make):
    login, seen = make(), []
    threads = [threading.Thread(target=lambda: seen.append(login.token().secret)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(set(seen)), len(seen), len(box.received("identity"))) == (1, 16, 1)


def test_renewed_before_it_ends(start):
    box = start(token_seconds=2)
    token = Credential(
        kind="client", user=CLIENT, secret=Secret(SECRET), hosts=(box.hosts["identity"],), where="x"
    )
    login = OAuthLogin("openeo", token, box.environment["MULTISAT_CDSE_TOKEN_URL"], (box.hosts["cdse"],))
    ends, seen = time.monotonic() + 5, set()
    while time.monotonic() < ends:
        headers = login.headers(box.hosts["cdse"])
        assert who(box, headers) == CLIENT
        seen.add(headers["Authorization"])
        time.sleep(0.02)
    assert 3 <= len(seen) == len(box.received("identity")) <= 4


def test_one_new_login_after_401(box, make):
    login = make()
    url = f"{box.hosts['cdse']}/userinfo"
    login.token()
    box.secure.forward(700)
    assert login.with_headers(url, lambda headers: who(box, headers)) == CLIENT
    assert len(box.received("identity")) == 2
    box.inject(Fault(provider="cdse", kind="401"))
    with pytest.raises(ms.CredentialsError):
        login.with_headers(url, lambda headers: who(box, headers))
    assert len(box.received("identity")) == 3


def test_a_wrong_secret_is_said_and_not_tried_again_and_again(box, make):
    login = make(secret="wrong-secret")
    for _ in range(4):
        with pytest.raises(
            ms.CredentialsError, match=r"client id or secret of a test was refused \(401\)"
        ) as e:
            login.token()
        assert "wrong-secret" not in str(e.value)
    assert len(box.received("identity")) == 1


def test_the_limit_of_the_token_address_is_obeyed(start):
    box = start(rate_limit=1)
    one = Credential(
        kind="client", user=CLIENT, secret=Secret(SECRET), hosts=(box.hosts["identity"],), where="x"
    )
    url, began = box.environment["MULTISAT_CDSE_TOKEN_URL"], time.monotonic()
    for _ in range(2):
        OAuthLogin("openeo", one, url, ()).token()
    times = [r.time for r in box.received("identity")]
    assert len(times) == 3  # one was refused with a time to wait, and that was waited
    assert times[2] - times[1] >= 1
    assert time.monotonic() - began < 10


def test_a_token_that_holds_is_used_while_the_service_is_down(start, monkeypatch):
    box = start(token_seconds=3)
    monkeypatch.setattr("multisat.auth.asking.POLICY", RetryPolicy(tries=1))
    one = Credential(
        kind="client", user=CLIENT, secret=Secret(SECRET), hosts=(box.hosts["identity"],), where="x"
    )
    login = OAuthLogin("openeo", one, box.environment["MULTISAT_CDSE_TOKEN_URL"], (box.hosts["cdse"],))
    before = login.token().secret
    box.inject(Fault(provider="identity", kind="503"))
    time.sleep(2.75)
    assert login.token().secret == before
    time.sleep(0.5)
    with pytest.raises(ms.ProviderUnavailable):
        login.token()


def test_a_redirect_of_the_token_address_is_not_followed(box, make):
    box.inject(Fault(provider="identity", kind="redirect", to=box.hostile["other"]))
    with pytest.raises(ms.MultisatError):
        make().token()
    assert box.received("elsewhere") == []


def test_a_refresh_token_holds_once_and_brings_the_next(box, make):
    form = {"grant_type": "password", "username": USER, "password": USERS[USER], "client_id": "cdse-public"}
    url = box.environment["MULTISAT_CDSE_TOKEN_URL"]
    refresh = requests.post(url, data=form, timeout=10).json()["refresh_token"]
    login = make(secret=refresh, kind="refresh", user="cdse-public")
    for _ in range(3):
        assert who(box, login.headers(box.hosts["cdse"])) == USER
        box.secure.forward(590)
        login._tokens.refuse(login._tokens.get().secret)


def test_a_login_on_another_device(box):
    shown = []

    def show(address, code):
        shown.append((address, code))
        box.secure.approve_device(code)

    at = box.environment
    found = device_login(
        "openeo", "cdse-public", at["MULTISAT_CDSE_DEVICE_URL"], at["MULTISAT_CDSE_TOKEN_URL"], show
    )
    assert (found.kind, found.user, len(shown)) == ("refresh", "cdse-public", 1)
    login = OAuthLogin("openeo", found, at["MULTISAT_CDSE_TOKEN_URL"], (box.hosts["cdse"],))
    assert who(box, login.headers(box.hosts["cdse"])) == USER


def test_a_device_login_that_nobody_allows_ends(start):
    at = start(token_seconds=0.1).environment  # a device login waits thirty times as long
    with pytest.raises(ms.CredentialsError, match="not allowed in time"):
        device_login(
            "openeo",
            "cdse-public",
            at["MULTISAT_CDSE_DEVICE_URL"],
            at["MULTISAT_CDSE_TOKEN_URL"],
            lambda *_: None,
        )
