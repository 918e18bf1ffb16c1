"""What reached which host, what goes wrong on purpose, https, and an end that leaves nothing."""

import os
import shutil
import threading
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from multisat.sandbox import Fault, Sandbox
from multisat.sandbox.secure.accounts import USER, USERS


def test_every_host_has_an_address_of_its_own(box):
    assert len({urlsplit(url).netloc for url in box.hosts.values()}) == len(box.hosts) == 9
    if os.uname().sysname == "Linux":
        assert len({urlsplit(url).hostname for url in box.hosts.values()}) == 9


def test_all_requests_are_kept_with_host_path_and_headers(box):
    url = f"{box.hosts['elsewhere']}/some/where?sig=abc"
    requests.get(url, headers={"Authorization": "Bearer x", "X-Own": "1"}, cookies={"a": "b"}, timeout=10)
    kept = box.received("elsewhere")[0]
    assert (kept.host, kept.path, kept.headers["x-own"]) == ("elsewhere", "/some/where", "1")
    assert box.credentials_at("elsewhere") == [{"authorization": "Bearer x", "cookie": "a=b", "sig": "abc"}]
    assert [r.host for r in box.requests] == ["elsewhere"]


@pytest.mark.parametrize("where", ["other", "file", "private"])
def test_hostile_redirects(box, where):
    box.inject(Fault(provider="blob", kind="redirect", to=box.hostile[where]))
    answer = requests.get(f"{box.hosts['blob']}/a/b/c", allow_redirects=False, timeout=10)
    assert (answer.status_code, answer.headers["Location"]) == (302, box.hostile[where])


def test_a_client_that_follows_and_forwards_is_found_out(box):
    """urllib forwards the Authorization header to another host; the recorder sees it."""
    box.inject(Fault(provider="lpdaac", kind="redirect", to=box.hostile["other"]))
    asking = urllib.request.Request(f"{box.hosts['lpdaac']}/x", headers={"Authorization": "Bearer secret"})
    urllib.request.urlopen(asking, timeout=10).close()
    assert box.credentials_at("elsewhere") == [{"authorization": "Bearer secret"}]


def test_a_redirect_in_a_loop(box):
    box.inject(Fault(provider="lpdaac-cloud", kind="redirect", to=box.hostile["loop"]))
    with pytest.raises(requests.exceptions.TooManyRedirects):
        requests.get(f"{box.hosts['lpdaac-cloud']}/a?b=c", timeout=10)
    assert {(r.path, r.query["b"]) for r in box.received("lpdaac-cloud")} == {("/a", "c")}


def test_token_endpoints_that_fail_or_hang(box):
    token = box.environment["MULTISAT_CDSE_TOKEN_URL"]
    box.inject(Fault(provider="identity", kind="500", match="/token", times=1))
    assert requests.post(token, timeout=10).status_code == 500
    assert requests.post(token, timeout=10).status_code == 401
    box.inject(Fault(provider="sas", kind="hang"))
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(f"{box.hosts['sas']}/api/sas/v1/token/a/b", timeout=0.3)


def test_stopping_lets_go_of_what_hangs_and_leaves_nothing():
    before = threading.active_count()
    box = Sandbox(secure=True).start()
    box.inject(Fault(provider="identity", kind="hang"))
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(box.hosts["identity"], timeout=0.2)
    box.stop()
    assert threading.active_count() <= before


def test_addresses_are_known_before_the_start_when_the_port_is():
    box = Sandbox(port=8123, secure=True)
    assert urlsplit(box.hosts["urs"]).port == 8124
    assert box.environment["MULTISAT_NASA_CMR_LOGIN_URL"] == box.hosts["urs"]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl command")
def test_https_and_a_redirect_down_to_http(monkeypatch):
    with Sandbox(tls=True) as box:
        trusted = box.environment["REQUESTS_CA_BUNDLE"]
        assert box.hosts["urs"].startswith("https://")
        url = f"{box.hosts['urs']}/api/users/tokens"
        login = (USER, USERS[USER])
        assert requests.get(url, auth=login, verify=trusted, timeout=10).json() == []
        monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(url, timeout=10)
        box.inject(Fault(provider="urs", kind="redirect", to=box.hostile["other"]))
        down = requests.get(url, verify=trusted, allow_redirects=False, timeout=10)
        assert down.headers["Location"].startswith("http://")
    assert not Path(trusted).exists()
