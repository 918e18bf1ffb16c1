"""Buckets: open ones are read without keys, paid ones only when allowed, with the cost said first."""

import warnings
from urllib.parse import urlsplit

import pytest

import multisat as ms
from multisat.auth import give
from multisat.contracts import Access
from multisat.federate.loading import open_asset
from multisat.model import FileAsset
from multisat.raster import CogReader, GdalReader, run
from multisat.sandbox import Sandbox
from multisat_earth_search import buckets

SECRET = "synthetic-bucket-secret"


def file(bucket):
    return FileAsset(key="red", band="red", href=f"s3://{bucket}/a/b.tif", why="a test")


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(buckets, "_warned", set())
    for name in (*buckets._ENDPOINTS, "AWS_PROFILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def keys(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIASYNTHETIC")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)


@pytest.fixture
def allowed(monkeypatch):
    monkeypatch.setenv("MULTISAT_EARTH_SEARCH_REQUESTER_PAYS", "yes")


@pytest.mark.parametrize("answer", [None, "no", "1", "true"])
def test_paying_is_off_unless_allowed(keys, monkeypatch, answer):
    if answer:
        monkeypatch.setenv("MULTISAT_EARTH_SEARCH_REQUESTER_PAYS", answer)
    with pytest.raises(ms.CredentialsError, match="s3://usgs-landsat charges its reader") as caught:
        open_asset("earth-search", file("usgs-landsat"))
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("bucket", ["usgs-landsat", "sentinel-s1-l1c"])
def test_the_cost_is_said_first_and_once(keys, allowed, bucket):
    with pytest.warns(ms.CredentialsWarning, match=f"s3://{bucket} costs you money"):
        access = open_asset("earth-search", file(bucket))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        open_asset("earth-search", file(bucket))
    assert access.gdal["AWS_REQUEST_PAYER"] == "requester"
    assert access.gdal["AWS_SECRET_ACCESS_KEY"] == SECRET
    assert SECRET not in repr(access)


def test_open_buckets_are_read_without_keys(keys, allowed):
    access = open_asset("earth-search", file("copernicus-dem-30m"))
    assert access.gdal == {"AWS_NO_SIGN_REQUEST": "YES", "AWS_REGION": "eu-central-1"}


@pytest.mark.parametrize("variable", buckets._ENDPOINTS)
def test_keys_of_another_store_stay_there(keys, allowed, monkeypatch, variable):
    monkeypatch.setenv(variable, "eodata.dataspace.copernicus.eu")
    with pytest.raises(ms.CredentialsError, match=r"are for eodata\.dataspace.*not for Amazon") as caught:
        open_asset("earth-search", file("usgs-landsat"))
    assert SECRET not in str(caught.value)


def test_keys_that_are_also_those_of_copernicus(keys, allowed, home):
    (home / ".s3cfg").write_text("[default]\naccess_key = AKIASYNTHETIC\nsecret_key = x\n")
    with pytest.raises(ms.CredentialsError, match="not for Amazon"):
        open_asset("earth-search", file("usgs-landsat"))


def test_keys_given_in_the_program(allowed):
    give("earth-search", access_key_id="a", secret_access_key="b", session_token="c")
    with pytest.warns(ms.CredentialsWarning):
        gdal = open_asset("earth-search", file("usgs-landsat")).gdal
    assert [gdal[f"AWS_{name}"] for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN")] == [
        *"abc"
    ]


@pytest.mark.parametrize("reader", [CogReader, GdalReader])
def test_keys_and_places_in_the_environment_reach_no_read_of_an_open_bucket(keys, monkeypatch, reader):
    """The environment points at another store; the bucket is asked for where Amazon has it, unsigned."""
    with Sandbox(secure=True) as box:
        at = box.hosts["elsewhere"]
        for name in buckets._ENDPOINTS:
            monkeypatch.setenv(
                name, at if "URL" in name or name == "AWS_ENDPOINT" else at.removeprefix("http://")
            )
        monkeypatch.setenv("AWS_HTTPS", "NO")
        monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
        monkeypatch.setenv("AWS_VIRTUAL_HOSTING", "FALSE")
        monkeypatch.setenv("AWS_VIRTUAL_HOSTED_STYLE_REQUEST", "false")
        access = open_asset("earth-search", file("copernicus-dem-30m"))
        # A way out that is not there: nothing of this test leaves the machine.
        for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "HTTP_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.setenv(name, urlsplit(at).hostname)
        with pytest.raises(ms.AssetUnreadable):
            run(describe(reader(), access))
        assert box.requests == []


async def describe(reader, access: Access):
    async with reader.open(access, access.href) as raster:
        return raster.info


def test_the_engine_asks_amazon_whatever_the_environment_says(monkeypatch):
    from multisat.raster.cog.limits import Limits
    from multisat.raster.cog.stores import locate

    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://eodata.dataspace.copernicus.eu")
    access = open_asset("earth-search", file("copernicus-dem-30m"))
    store, _ = locate(access, Limits())
    assert store.config["endpoint"] == "https://copernicus-dem-30m.s3.eu-central-1.amazonaws.com"
