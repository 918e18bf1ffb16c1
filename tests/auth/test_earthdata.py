"""The Earthdata login: where it is found, and which hosts it is for."""

import pytest

import multisat as ms
from multisat.auth.hosts import belongs_to
from multisat.auth.netrc_file import netrc_login
from multisat.model import FileAsset

NASA = "https://data.lpdaac.earthdatacloud.nasa.gov/lp-prod-protected/HLSS30.020/x.tif"
SECRET = "hunter2-secret"


def asset(href):
    return FileAsset(key="B04", band="red", href=href, why="a test")


@pytest.fixture
def nasa(monkeypatch, tmp_path):
    for name in ("EARTHDATA_TOKEN", "EARTHDATA_USERNAME", "EARTHDATA_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    return ms.provider("nasa-cmr")


def write_netrc(tmp_path, text):
    path = tmp_path / "netrc"
    path.write_text(text)
    path.chmod(0o600)


@pytest.mark.parametrize(
    ("url", "belongs"),
    [
        (NASA, True),
        ("https://DATA.lpdaac.EarthdataCloud.nasa.gov/x", True),
        ("http://data.lpdaac.earthdatacloud.nasa.gov/x", False),
        ("https://earthdatacloud.nasa.gov.evil.example/x", False),
        ("https://evil-earthdatacloud.nasa.gov/x", False),
        ("https://evil.example/?x=.earthdatacloud.nasa.gov", False),
        ("https://data.lpdaac.earthdatacloud.nasa.gov@evil.example/x", False),
        ("https://evil.example#.earthdatacloud.nasa.gov", False),
        ("s3://lp-prod-protected/x", False),
        ("/etc/passwd", False),
    ],
)
def test_a_login_belongs_to_hosts(url, belongs):
    assert belongs_to(url, (".earthdatacloud.nasa.gov",)) is belongs


def test_a_token_goes_to_nasa_as_a_header_and_nowhere_else(nasa, monkeypatch):
    monkeypatch.setenv("EARTHDATA_TOKEN", SECRET)
    opened = nasa.access(asset(NASA))
    assert opened.headers == {"Authorization": f"Bearer {SECRET}"}
    assert SECRET not in repr(opened)
    elsewhere = nasa.access(asset("http://127.0.0.1:1/x.tif"))
    assert (dict(elsewhere.headers), dict(elsewhere.gdal)) == ({}, {})


def test_no_login_is_said_with_the_next_step(nasa):
    with pytest.raises(ms.CredentialsError, match=r"urs\.earthdata\.nasa\.gov") as caught:
        nasa.access(asset(NASA))
    assert caught.value.exit_code == 3
    assert not nasa.credentials().found


@pytest.mark.parametrize(("there", "missing"), [("USERNAME", "PASSWORD"), ("PASSWORD", "USERNAME")])
def test_half_a_login_is_an_error_that_names_the_other_half(nasa, monkeypatch, there, missing):
    monkeypatch.setenv(f"EARTHDATA_{there}", SECRET)
    with pytest.raises(ms.CredentialsError, match=f"EARTHDATA_{missing}") as caught:
        nasa.access(asset(NASA))
    assert SECRET not in str(caught.value)


def test_environment_comes_before_netrc(nasa, monkeypatch, tmp_path):
    write_netrc(tmp_path, "machine urs.earthdata.nasa.gov login me password other\n")
    monkeypatch.setenv("EARTHDATA_USERNAME", "me")
    monkeypatch.setenv("EARTHDATA_PASSWORD", SECRET)
    assert nasa.credentials().where == "environment EARTHDATA_USERNAME"


def test_a_default_entry_is_for_no_machine(nasa, tmp_path):
    write_netrc(tmp_path, "default login d password e\n")
    assert netrc_login("urs.earthdata.nasa.gov") is None


def test_a_netrc_that_does_not_parse_names_file_and_line(nasa, tmp_path):
    write_netrc(tmp_path, f"machine urs.earthdata.nasa.gov\nlogin me\nfrobnicate {SECRET}\n")
    with pytest.raises(ms.CredentialsError, match=r"netrc, line \d+") as caught:
        nasa.credentials()
    assert SECRET not in str(caught.value)


def test_listing_shows_where_and_never_what(nasa, monkeypatch):
    monkeypatch.setenv("EARTHDATA_TOKEN", SECRET)
    status = nasa.credentials()
    assert status.where == "environment EARTHDATA_TOKEN"
    assert SECRET not in repr(status)


def test_planetary_computer_signs_blobs_only(monkeypatch):
    pc = ms.provider("planetary-computer")
    for href in ("http://127.0.0.1:1/x.tif", "https://blob.core.windows.net.evil.example/x.tif"):
        assert pc.access(asset(href)).href == href
    monkeypatch.setenv("PC_SDK_SUBSCRIPTION_KEY", SECRET)
    assert pc.credentials().where == "environment PC_SDK_SUBSCRIPTION_KEY"
