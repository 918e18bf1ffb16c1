"""What ``multisat login`` keeps, read by the archives' own tools; and what those keep, read here."""

import json

import pytest

from multisat.auth import find
from multisat.auth.openeo_files import CLIENTS, REFRESH_TOKENS, openeo_path
from multisat.auth.storing import store_openeo_client, store_openeo_refresh_token, store_sentinelhub
from multisat.auth.wants import CDSE_OPENEO, CDSE_SENTINEL_HUB, CDSE_TOKEN_URL, OPENEO

ISSUER = "https://identity.dataspace.copernicus.eu/auth/realms/CDSE"
HOSTS = (ISSUER, CDSE_OPENEO)


@pytest.fixture(params=["home", "XDG", "XDG that is not there yet", "OPENEO_CONFIG_HOME"])
def place(request, home, monkeypatch):
    """Every place the openEO client may keep its files in."""
    if request.param.startswith("XDG"):
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            monkeypatch.setenv(name, str(home / name))
            if request.param == "XDG":
                (home / name / "openeo-python-client").mkdir(parents=True)
    elif request.param != "home":
        (home / "own").mkdir()
        monkeypatch.setenv(request.param, str(home / "own"))
    return request.param


def test_the_openeo_client_finds_it(place):
    config = pytest.importorskip("openeo.rest.auth.config")
    store_openeo_client(CDSE_OPENEO, "CDSE", "me", "synthetic-secret")
    store_openeo_refresh_token(ISSUER, "me", "synthetic-refresh")
    assert config.AuthConfig().get_oidc_client_configs(CDSE_OPENEO, "CDSE") == ("me", "synthetic-secret")
    assert config.RefreshTokenStore().get_refresh_token(ISSUER, "me") == "synthetic-refresh"


def test_what_the_openeo_client_keeps_is_found(place):
    config = pytest.importorskip("openeo.rest.auth.config")
    config.RefreshTokenStore().set_refresh_token(ISSUER, "me", "synthetic-refresh")
    assert find(OPENEO, HOSTS).secret.reveal() == "synthetic-refresh"
    config.AuthConfig().set_oidc_client_config(CDSE_OPENEO, "CDSE", "me", "synthetic-secret")
    assert find(OPENEO, HOSTS).secret.reveal() == "synthetic-secret"


def test_sentinelhub_finds_it(home):
    package = pytest.importorskip("sentinelhub")
    store_sentinelhub("me", "synthetic-secret", CDSE_TOKEN_URL, CDSE_SENTINEL_HUB)
    found = package.SHConfig("cdse")
    assert (found.sh_client_id, found.sh_client_secret) == ("me", "synthetic-secret")
    assert (found.sh_token_url, found.sh_base_url) == (CDSE_TOKEN_URL, CDSE_SENTINEL_HUB)


def test_the_shape_of_the_openeo_files(place):
    """As openeo 0.53 writes them; what else is in them stays."""
    openeo_path(CLIENTS).parent.mkdir(parents=True, exist_ok=True)
    openeo_path(CLIENTS).write_text('{"backends": {"https://x.example": {"basic": {"username": "u"}}}}')
    store_openeo_client(CDSE_OPENEO + "/", "CDSE", "me", "s")
    told = json.loads(openeo_path(CLIENTS).read_text())
    assert told["backends"]["https://x.example"] == {"basic": {"username": "u"}}
    client = told["backends"][CDSE_OPENEO]["oidc"]["providers"]["CDSE"]
    assert {**client, "date": ""} == {"date": "", "client_id": "me", "client_secret": "s"}
    assert (told["metadata"]["type"], told["metadata"]["version"]) == ("AuthConfig", 1)
    for client in ("one", "two"):
        store_openeo_refresh_token(ISSUER, client, f"of {client}")
    told = json.loads(openeo_path(REFRESH_TOKENS).read_text())
    assert {name: one["refresh_token"] for name, one in told[ISSUER].items()} == {
        "one": "of one",
        "two": "of two",
    }
