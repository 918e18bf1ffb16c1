"""Client credentials, refresh tokens and device logins, against an OIDC stand-in."""

import threading
import time

import pytest
import requests

import multisat as ms
from multisat.auth import Credential, Secret
from multisat.auth.oauth import OAuthLogin
from multisat.auth.renewing import Renewing, Token
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


@pytest.mark.slow
def test_renewed_before_it_ends(start):
    box = start(token_seconds=2)
    token = Credential(
        kind="client", user=CLIENT, secret=Secret(SECRET), hosts=(box.hosts["identity"],), where="x"
    )
    login = OAuthLogin("openeo", token, box.environment["MULTISAT_CDSE_TOKEN_URL"], (box.hosts["cdse"],))
    began, seen = time.monotonic(), set()
    while time.monotonic() < began + 5:
        asked_at = time.monotonic()
        headers = login.headers(box.hosts["cdse"])
        taken = requests.get(f"{box.hosts['cdse']}/userinfo", headers=headers, timeout=30).ok
        assert taken or time.monotonic() - asked_at > 0.15  # then the machine was away meanwhile
        seen.add(headers["Authorization"])
        time.sleep(0.02)
    assert 2 <= len(seen) == len(box.received("identity")) <= 1 + (time.monotonic() - began) / 1.7


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


def test_the_limit_of_the_token_address_is_obeyed(box, make):
    box.inject(Fault(provider="identity", kind="429", times=1, retry_after="2"))
    make().token()
    refused, taken = (r.time for r in box.received("identity"))
    assert taken - refused >= 2


def test_a_token_that_holds_is_used_while_the_service_is_down():
    """One that is to be renewed, but has not ended; then one that has."""
    now, answers = time.time(), []

    def fetch():
        if not answers:
            raise ms.ProviderUnavailable("down")
        return answers.pop()

    tokens = Renewing(fetch)
    answers.append(Token(secret=Secret("old"), begun=now - 1000, ends=now + 60))
    assert not tokens.get().fresh
    assert tokens.get().secret == Secret("old")
    answers.append(Token(secret=Secret("older"), begun=now - 1000, ends=now - 1))
    assert tokens.get().secret == Secret("older")
    with pytest.raises(ms.ProviderUnavailable):
        tokens.get()


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
