"""Logins: clients and tokens of the login service of Copernicus, as the sandbox stands in for it."""

import pytest
from tests.openeo_backend import Backend, issuer_of

from multisat.auth import give
from multisat.errors import CredentialsError
from multisat.sandbox import Sandbox
from multisat.sandbox.secure.accounts import CLIENT, CLIENTS
from multisat_openeo.engine import OpenEOEngine
from multisat_openeo.login import bearer
from multisat_openeo.service import Service

pytestmark = pytest.mark.xdist_group("openeo-backend")


@pytest.fixture(scope="module")
def secure():
    with Sandbox(secure=True, token_seconds=600) as running:
        yield running


@pytest.fixture(scope="module")
def trusting(environment, secure):
    with Backend(issuer=issuer_of(secure)) as backend:
        yield backend


@pytest.fixture
def engine(trusting, secure, monkeypatch, no_login):
    """An engine before a backend that takes the sandbox's tokens."""
    monkeypatch.setenv("MULTISAT_CDSE_TOKEN_URL", secure.environment["MULTISAT_CDSE_TOKEN_URL"])
    monkeypatch.setenv("MULTISAT_CDSE_DATA_URL", trusting.host)
    yield OpenEOEngine(Service(trusting.url))
    give("openeo")
    give("cdse")


def asked(secure):
    return sum(request.path.endswith("/token") for request in secure.received("identity"))


def test_a_client_logs_in_once_for_many_requests(engine, secure):
    give("openeo", client_id=CLIENT, client_secret=CLIENTS[CLIENT])
    before = asked(secure)
    assert engine.service.who()["user_id"] == CLIENT
    engine.jobs()
    assert asked(secure) - before == 1


def test_the_login_of_copernicus_serves_openeo_too(engine):
    give("cdse", client_id=CLIENT, client_secret=CLIENTS[CLIENT])
    assert engine.service.who()["user_id"] == CLIENT


def test_a_token_that_ends_meanwhile_is_renewed_once(engine, secure):
    give("openeo", client_id=CLIENT, client_secret=CLIENTS[CLIENT])
    engine.service.who()
    before = asked(secure)
    secure.secure.forward(1000)
    assert engine.service.who()["user_id"] == CLIENT
    assert asked(secure) - before == 1


def test_a_wrong_secret_is_one_clear_error(engine):
    give("openeo", client_id=CLIENT, client_secret="synthetic-wrong")
    with pytest.raises(CredentialsError, match="multisat login openeo") as raised:
        engine.service.who()
    assert "synthetic-wrong" not in str(raised.value)


def test_a_token_as_it_is(engine, secure):
    from multisat_openeo.login import log_in

    give("openeo", client_id=CLIENT, client_secret=CLIENTS[CLIENT])
    token = log_in(engine.service.url).with_token(engine.service.url, str)
    for given in (token, bearer(token)):
        give("openeo", token=given)
        assert OpenEOEngine(Service(engine.service.url)).service.who()["user_id"] == CLIENT


def test_forms_of_a_token():
    assert bearer("a.b.c") == "oidc/CDSE/a.b.c"
    assert bearer("oidc/other/a.b.c") == "oidc/other/a.b.c"
    assert bearer("basic//abc") == "basic//abc"
