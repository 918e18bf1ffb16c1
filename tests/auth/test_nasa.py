"""Reading NASA's files with every kind of login, by every reader, against stand-ins."""

import logging
import traceback
from urllib.parse import urlsplit

import pytest

import multisat as ms
from multisat.auth import give
from multisat.federate.loading import open_asset
from multisat.raster import CogReader, GdalReader
from multisat.sandbox import Fault
from multisat.sandbox.secure.accounts import NO_EULA, UNAPPROVED, USER, USERS

READERS = [CogReader, GdalReader]


@pytest.fixture(params=["password", "token", "netrc", "cookie"])
def logged_in(request, box, login, home, monkeypatch, token):
    """Every way to be logged in; with a cookie, where the login host gives no tokens."""
    if request.param in {"password", "cookie"}:
        login()
    elif request.param == "token":
        monkeypatch.setenv("EARTHDATA_TOKEN", token())
    else:
        machine = urlsplit(box.hosts["urs"]).hostname
        path = home / ".netrc"
        path.write_text(
            f"default login x password wrong\nmachine {machine} login {USER} password {USERS[USER]}\n"
        )
        path.chmod(0o600)
    if request.param == "cookie":
        box.inject(Fault(provider="urs", kind="403", match="find_or_create_token"))
    return request.param


@pytest.fixture
def token(box):
    """Get a token of a user straight from the login host."""
    import requests

    def get(user=USER):
        url = f"{box.hosts['urs']}/api/users/find_or_create_token"
        return requests.post(url, auth=(user, USERS[user]), timeout=10).json()["access_token"]

    return get


@pytest.mark.parametrize("reader", READERS)
def test_readers_read(box, logged_in, scenes, first, reading, reader):
    found = scenes("nasa-cmr")
    for band in ("red", "fmask"):
        kind, values = reading("nasa-cmr", first(found, band), reader())
        assert (kind, values.shape) == ("cog" if reader is CogReader else "gdal", (8, 8))
    shown = {host: [set(one) for one in box.credentials_at(host)] for host in box.hosts}
    assert all("authorization" not in one and "cookie" not in one for one in shown["lpdaac-cloud"])
    assert shown["lpdaac-cloud"]
    assert not any(shown["catalogues"] + shown["elsewhere"])
    header = "cookie" if logged_in == "cookie" else "authorization"
    assert header in shown["lpdaac"][-1]
    asked = [r.path for r in box.received("urs")]
    assert len(asked) <= {"token": 1, "cookie": 2}.get(logged_in, 1)


def test_whole_loads_and_downloads(box, logged_in, scenes, tmp_path):
    found = scenes("nasa-cmr")
    cube = ms.load(found, ["red"], mask="clear")
    assert cube.red.notnull().any()
    got = ms.download(found.scenes[:1], tmp_path / "out", ["red"])
    assert not got.failed, str(got)
    assert not any({"authorization", "cookie"} & set(one) for one in box.credentials_at("lpdaac-cloud"))
    assert not any(box.credentials_at("elsewhere"))


def test_a_password_is_shown_to_the_login_host_alone(box, login, scenes, first, reading):
    login()
    box.inject(Fault(provider="urs", kind="403", match="find_or_create_token"))
    reading("nasa-cmr", first(scenes("nasa-cmr")), CogReader())
    basic = {
        host
        for host in box.hosts
        for one in box.credentials_at(host)
        if "Basic" in one.get("authorization", "")
    }
    assert basic == {"urs"}


def test_no_login(box, scenes, first):
    with pytest.raises(ms.CredentialsError, match=r"no Earthdata login was found.*multisat login nasa-cmr"):
        open_asset("nasa-cmr", first(scenes("nasa-cmr")))
    assert box.received("lpdaac") == box.received("urs") == []


@pytest.mark.parametrize("tokens", [True, False])
def test_a_wrong_password_is_said_and_tried_once(box, login, scenes, first, tokens):
    login(password="wrong-password")
    if not tokens:
        box.inject(Fault(provider="urs", kind="403", match="find_or_create_token"))
    asset = first(scenes("nasa-cmr"))
    for _ in range(5):
        with pytest.raises(
            ms.CredentialsError, match=r"user name or password of environment EARTHDATA_USERNAME"
        ):
            open_asset("nasa-cmr", asset)
    assert len(box.received("urs")) == (1 if tokens else 2)


@pytest.mark.parametrize("way", ["token", "password"])
@pytest.mark.parametrize("reader", READERS)
def test_a_licence_that_is_not_accepted(box, login, scenes, first, reading, reader, way, token, monkeypatch):
    if way == "password":
        login(NO_EULA)
    else:
        monkeypatch.setenv("EARTHDATA_TOKEN", token(NO_EULA))
    with pytest.raises(ms.CredentialsError, match=r"EULA.*not accepted.*/accept_eula\?eula_id=synthetic"):
        reading("nasa-cmr", first(scenes("nasa-cmr")), reader())


def test_a_licence_that_is_not_accepted_fails_a_download_in_the_same_words(box, login, scenes, tmp_path):
    login(NO_EULA)
    (one,) = ms.download(scenes("nasa-cmr").scenes[:1], tmp_path / "out", ["red"])
    assert "accept_eula" in one.error


def test_an_account_that_has_yet_to_allow_the_data_host(box, login, scenes, first):
    login(UNAPPROVED)
    box.inject(Fault(provider="urs", kind="403", match="find_or_create_token"))
    with pytest.raises(ms.CredentialsError, match=r"has yet to allow .*/approve_app"):
        open_asset("nasa-cmr", first(scenes("nasa-cmr")))


@pytest.mark.parametrize("reader", READERS)
def test_a_token_that_ended_is_said(box, scenes, first, reading, token, monkeypatch, reader):
    monkeypatch.setenv("EARTHDATA_TOKEN", token())
    box.secure.forward(700)
    with pytest.raises(
        ms.CredentialsError, match=r"token of environment EARTHDATA_TOKEN was refused.*multisat login"
    ):
        reading("nasa-cmr", first(scenes("nasa-cmr")), reader())


@pytest.mark.parametrize("reader", READERS)
def test_tokens_and_sessions_that_end_are_begun_anew(box, logged_in, scenes, first, reading, reader):
    if logged_in == "token":
        pytest.skip("a token of the user's own is not ours to renew")
    asset = first(scenes("nasa-cmr"))
    reading("nasa-cmr", asset, reader())
    box.secure.forward(700)
    box.secure.end_sessions()
    reading("nasa-cmr", asset, reader())


@pytest.mark.parametrize("reader", READERS)
def test_a_signed_address_that_ends_is_made_anew_with_the_login_there_is(
    box, login, scenes, first, reading, reader
):
    login()
    asset = first(scenes("nasa-cmr"))
    reading("nasa-cmr", asset, reader())
    box.inject(Fault(provider="lpdaac-cloud", kind="403", times=1))
    reading("nasa-cmr", asset, reader())
    assert len(box.received("urs")) == 1


def test_a_download_outlives_its_token(box, login, scenes, tmp_path):
    login()
    found = scenes("nasa-cmr")
    assert not ms.download(found.scenes[:1], tmp_path / "one", ["red"]).failed
    box.secure.forward(700)
    assert not ms.download(found.scenes[:1], tmp_path / "two", ["red"]).failed


def test_direct_reading_is_asked_for(box, login, scenes, first, monkeypatch):
    login()
    asset = first(scenes("nasa-cmr"))
    assert open_asset("nasa-cmr", asset).href == asset.href
    monkeypatch.setenv("MULTISAT_NASA_CMR_DIRECT_S3", "yes")
    access, again = open_asset("nasa-cmr", asset), open_asset("nasa-cmr", asset)
    assert access.href.startswith("s3://lp-prod-protected/")
    assert access.gdal["AWS_SESSION_TOKEN"] == again.gdal["AWS_SESSION_TOKEN"]
    assert [r.path for r in box.received("lpdaac")].count("/s3credentials") == 1


def test_a_login_given_in_the_program(box, scenes, first, reading):
    give("nasa-cmr", username=USER, password=USERS[USER])
    assert ms.provider("nasa-cmr").credentials().where == "the login given for nasa-cmr"
    assert reading("nasa-cmr", first(scenes("nasa-cmr")), CogReader())[0] == "cog"


def test_nothing_is_told(box, login, scenes, first, reading, caplog):
    caplog.set_level(logging.DEBUG)
    login(NO_EULA)
    with pytest.raises(ms.CredentialsError) as caught:
        reading("nasa-cmr", first(scenes("nasa-cmr")), GdalReader())
    told = caplog.text + "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    secrets = {value for host in box.hosts for one in box.credentials_at(host) for value in one.values()}
    assert secrets
    assert not [s for s in secrets if s in told or s.removeprefix("Bearer ").removeprefix("Basic ") in told]
