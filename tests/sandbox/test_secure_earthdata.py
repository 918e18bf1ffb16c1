"""The Earthdata login, the data host behind it and the store behind that, asked by plain requests."""

from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
import requests
from requests.auth import _basic_auth_str as basic

from multisat.sandbox import Sandbox
from multisat.sandbox.secure.accounts import NO_EULA, UNAPPROVED, USER, USERS

ADA = basic(USER, USERS[USER])


@pytest.fixture
def address(box):
    entry = next(e for e in box.scenes if e.provider == "nasa-cmr" and e.place == "munich")
    body = {"collections": [entry.collection], "ids": [entry.id]}
    item = requests.post(f"{box.urls['nasa-cmr']}/search", json=body, timeout=10).json()["features"][0]
    return item["assets"]["Fmask"]["href"]


def get(address, session=requests, **options):
    return session.get(address, allow_redirects=False, timeout=10, **options)


def dance(box, address, session=requests, login=ADA, **options):
    """Follow every redirect; the login goes to the login host and nowhere else."""
    for _ in range(8):
        own = {"Authorization": login} if address.startswith(box.hosts["urs"]) else {}
        answer = get(address, session, headers={**options.get("headers", {}), **own})
        if "Location" not in answer.headers:
            return answer
        address = urljoin(address, answer.headers["Location"])
    raise AssertionError("too many redirects")


def session():
    made = requests.Session()
    made.trust_env = False
    return made


def token_of(box):
    url = f"{box.hosts['urs']}/api/users/find_or_create_token"
    return requests.post(url, headers={"Authorization": ADA}, timeout=10).json()["access_token"]


def test_the_dance_step_by_step(box, address):
    first = get(address)
    assert (first.status_code, address.startswith(box.hosts["lpdaac"])) == (302, True)
    ask = first.headers["Location"]
    assert ask.startswith(f"{box.hosts['urs']}/oauth/authorize?")
    refused = get(ask)
    assert (refused.status_code, refused.headers["WWW-Authenticate"][:5]) == (401, "Basic")
    granted = get(ask, headers={"Authorization": ADA})
    back = granted.headers["Location"]
    assert (granted.status_code, "code=" in back, "session" in granted.headers["Set-Cookie"]) == (
        302,
        True,
        True,
    )
    taken = get(back)
    assert (taken.status_code, taken.headers["Location"]) == (302, address)
    store = get(address, headers={"Cookie": taken.headers["Set-Cookie"].partition(";")[0]})
    assert (store.status_code, store.headers["Location"].startswith(box.hosts["lpdaac-cloud"])) == (302, True)
    part = get(store.headers["Location"], headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content[:2] in {b"II", b"MM"}, len(part.content)) == (206, True, 4)
    assert get(back).status_code == 401  # a code holds once


def test_cookies_spare_the_dance_and_without_them_it_is_danced_again(box, address):
    with session() as kept:
        assert {dance(box, address, kept).status_code for _ in range(4)} == {200}
    assert len(box.received("urs")) == 1
    for _ in range(3):  # cookies that live for one request only
        with session() as short:
            assert dance(box, address, short).status_code == 200
    assert len(box.received("urs")) == 4
    with pytest.raises(AssertionError, match="too many redirects"):
        dance(box, address)  # no cookies at all: the data host never learns who asks


def test_a_session_that_ended_is_begun_again(box, address):
    with session() as kept:
        assert dance(box, address, kept).status_code == 200
        box.secure.end_sessions()
        assert dance(box, address, kept).status_code == 200
    assert len(box.received("urs")) == 2


def test_unmodified_requests_with_netrc(box, address, tmp_path, monkeypatch):
    machine = urlsplit(box.hosts["urs"]).hostname
    (tmp_path / "netrc").write_text(f"machine {machine} login {USER} password {USERS[USER]}\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with requests.Session() as client:
        assert client.get(address, timeout=10).status_code == 200
    assert [list(shown) for shown in box.credentials_at("urs")] == [["authorization"]]
    assert all("authorization" not in shown for shown in box.credentials_at("lpdaac-cloud"))


def test_a_wrong_password(box, address):
    ask = get(address).headers["Location"]
    answer = get(ask, headers={"Authorization": basic(USER, "wrong")})
    assert (answer.status_code, "Invalid username or password" in answer.text) == (401, True)
    assert get(ask, headers={"Authorization": "Basic ###"}).status_code == 401


def test_accounts_that_have_yet_to_agree(box, address):
    with session() as kept:
        page = dance(box, address, kept, basic(UNAPPROVED, USERS[UNAPPROVED]))
    assert (page.status_code, "approve this application" in page.text) == (200, True)
    assert urlsplit(page.url).path == "/approve_app"
    with session() as kept:
        refused = dance(box, address, kept, basic(NO_EULA, USERS[NO_EULA]))
    assert (refused.status_code, refused.json()["error_description"]) == (403, "EULA Acceptance Failure")
    assert refused.json()["resolution_url"].startswith(box.hosts["urs"])


def test_a_bearer_token_goes_straight_to_the_store_until_it_ends(box, address):
    header = {"Authorization": f"Bearer {token_of(box)}"}
    before = len(box.received("urs"))
    first = get(address, headers=header)
    assert first.headers["Location"].startswith(box.hosts["lpdaac-cloud"])
    assert len(box.received("urs")) == before
    assert requests.get(address, headers=header, timeout=10).status_code == 200  # requests drops the header
    box.secure.forward(31)
    ended = get(address, headers=header)
    assert (ended.status_code, ended.json()["error"]) == (401, "invalid_token")


def test_the_login_takes_a_bearer_token_too(box, address):
    token = token_of(box)
    with session() as kept:
        assert dance(box, address, kept, f"Bearer {token}").status_code == 200
    box.secure.forward(31)
    with session() as kept:
        assert dance(box, address, kept, f"Bearer {token}").status_code == 401


def test_tokens_are_found_or_made_and_two_at_most(box):
    url, header = f"{box.hosts['urs']}/api/users", {"Authorization": ADA}
    first = requests.post(f"{url}/find_or_create_token", headers=header, timeout=10).json()
    assert requests.post(f"{url}/find_or_create_token", headers=header, timeout=10).json() == first
    assert len(first["expiration_date"].split("/")) == 3
    assert requests.post(f"{url}/token", headers=header, timeout=10).status_code == 200
    assert requests.post(f"{url}/token", headers=header, timeout=10).json()["error"] == "max_token_limit"
    assert len(requests.get(f"{url}/tokens", headers=header, timeout=10).json()) == 2
    assert requests.get(f"{url}/tokens", timeout=10).status_code == 401


def test_the_store_takes_right_signatures_alone(box, address):
    signed = get(address, headers={"Authorization": f"Bearer {token_of(box)}"}).headers["Location"]
    assert get(signed, headers={"Range": "bytes=10-19"}).status_code == 206
    twice = get(signed, headers={"Authorization": ADA})
    assert (twice.status_code, "Only one auth mechanism" in twice.text) == (400, True)
    assert get(signed.partition("?")[0]).status_code == 403
    altered = get(signed.replace("Fmask", "B04"))
    assert (altered.status_code, "SignatureDoesNotMatch" in altered.text) == (403, True)
    longer = get(signed.replace("X-Amz-Expires=", "X-Amz-Expires=9"))
    assert longer.status_code == 403
    box.secure.forward(32)
    ended = get(signed)
    assert (ended.status_code, "Request has expired" in ended.text) == (403, True)


def test_keys_for_direct_reading(box):
    url = f"{box.hosts['lpdaac']}/s3credentials"
    assert urlsplit(get(url).headers["Location"]).path == "/oauth/authorize"
    with session() as kept:
        keys = dance(box, url, kept).json()
    assert set(keys) == {"accessKeyId", "secretAccessKey", "sessionToken", "expiration"}


def test_codes_are_sent_to_the_data_host_alone(box, address):
    ask = get(address).headers["Location"]
    parts = dict(parse_qsl(urlsplit(ask).query))
    stolen = {**parts, "redirect_uri": f"{box.hosts['elsewhere']}/login"}
    url = ask.partition("?")[0]
    assert get(url, params=stolen, headers={"Authorization": ADA}).status_code == 400
    outside = get(
        get(url, params={**parts, "state": "//other.test/"}, headers={"Authorization": ADA}).headers[
            "Location"
        ]
    )
    assert outside.headers["Location"] == f"{box.hosts['lpdaac']}/"


def test_in_the_open_sandbox_nothing_is_asked():
    with Sandbox() as open_box:
        assert (list(open_box.hosts), open_box.secure) == (["catalogues"], None)
