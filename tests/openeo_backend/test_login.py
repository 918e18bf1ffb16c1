"""Who may compute: basic login, and tokens that the sandbox's identity service gives out."""

import pytest
from openeo.rest import OpenEoApiError
from tests.openeo_backend import PASSWORD, USER, Backend, issuer_of

import openeo
from multisat.sandbox import Sandbox
from multisat.sandbox.secure.accounts import CLIENT, CLIENTS

pytestmark = pytest.mark.xdist_group("openeo-backend")


@pytest.fixture(scope="module")
def box():
    with Sandbox(secure=True, token_seconds=600) as running:
        yield running


@pytest.fixture(scope="module")
def trusting(installed, box):
    with Backend(issuer=issuer_of(box)) as backend:
        yield backend


def test_user_and_password(connection):
    assert connection.describe_account()["user_id"] == USER
    assert PASSWORD not in str(connection.describe_account())


def test_client_credentials(trusting, box):
    connection = openeo.connect(trusting.url)
    connection.authenticate_oidc_client_credentials(
        client_id=CLIENT, client_secret=CLIENTS[CLIENT], provider_id="CDSE"
    )
    assert connection.describe_account()["user_id"] == CLIENT


def test_a_token_that_has_ended_is_refused(trusting, box):
    connection = openeo.connect(trusting.url)
    connection.authenticate_oidc_client_credentials(
        client_id=CLIENT, client_secret=CLIENTS[CLIENT], provider_id="CDSE"
    )
    token = connection.auth.bearer
    box.secure.forward(1000)
    late = openeo.connect(trusting.url)
    late.authenticate_bearer_token(token)
    with pytest.raises(OpenEoApiError) as raised:
        late.describe_account()
    assert (raised.value.http_status_code, raised.value.code) == (403, "TokenInvalid")


def test_the_issuer_is_listed(trusting, box):
    (provider,) = openeo.connect(trusting.url).get("/credentials/oidc").json()["providers"]
    assert (provider["id"], provider["issuer"]) == ("CDSE", issuer_of(box))
