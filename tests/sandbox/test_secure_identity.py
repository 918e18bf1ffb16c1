"""The OIDC service: each grant, right and wrong, and tokens that end."""

import pytest
import requests

from multisat.sandbox import Sandbox
from multisat.sandbox.secure.accounts import CLIENTS, USER, USERS
from multisat.sandbox.secure.identity import DEVICE_GRANT

PUBLIC = {"client_id": "cdse-public"}
CLIENT = {"client_id": "sandbox-client", "client_secret": CLIENTS["sandbox-client"]}
PASSWORD = {"grant_type": "password", "username": USER, "password": USERS[USER], **PUBLIC}


@pytest.fixture
def post(box):
    def send(where="TOKEN", **form):
        return requests.post(box.environment[f"MULTISAT_CDSE_{where}_URL"], data=form, timeout=10)

    return send


def who(box, token, url=None):
    header = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.get(url or box.environment["MULTISAT_CDSE_USERINFO_URL"], headers=header, timeout=10)


def test_client_credentials(box, post):
    answer = post(grant_type="client_credentials", **CLIENT)
    assert (answer.status_code, answer.json()["expires_in"], answer.json()["token_type"]) == (
        200,
        30,
        "Bearer",
    )
    assert "refresh_token" not in answer.json()
    assert who(box, answer.json()["access_token"]).json() == {"sub": "sandbox-client"}
    for wrong in ({**CLIENT, "client_secret": "x"}, {"client_id": "nobody"}, {"client_id": "sandbox-client"}):
        refused = post(grant_type="client_credentials", **wrong)
        assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
    in_header = requests.post(
        box.environment["MULTISAT_CDSE_TOKEN_URL"],
        data={"grant_type": "client_credentials"},
        auth=("sandbox-client", CLIENT["client_secret"]),
        timeout=10,
    )
    assert in_header.status_code == 200
    assert post(grant_type="client_credentials", **PUBLIC).json()["error"] == "unauthorized_client"
    assert post(grant_type="other", **CLIENT).json()["error"] == "unsupported_grant_type"


def test_password_and_refresh(box, post):
    first = post(**PASSWORD).json()
    assert who(box, first["access_token"]).json() == {"sub": USER}
    wrong = post(**{**PASSWORD, "password": "x"})
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_grant")
    box.secure.forward(31)
    ended = who(box, first["access_token"])
    assert (ended.status_code, "invalid_token" in ended.headers["WWW-Authenticate"]) == (401, True)
    again = post(grant_type="refresh_token", refresh_token=first["refresh_token"], **PUBLIC).json()
    assert who(box, again["access_token"]).status_code == 200
    used = post(grant_type="refresh_token", refresh_token=first["refresh_token"], **PUBLIC)
    assert (used.status_code, used.json()["error"]) == (400, "invalid_grant")


def test_device_login(box, post):
    begun = post("DEVICE", **PUBLIC).json()
    poll = {"grant_type": DEVICE_GRANT, "device_code": begun["device_code"], **PUBLIC}
    assert post(**poll).json()["error"] == "authorization_pending"
    assert post(**poll).json()["error"] == "slow_down"
    box.secure.forward(begun["interval"] + 5)
    box.secure.approve_device(begun["user_code"])
    done = post(**poll).json()
    assert who(box, done["access_token"]).json() == {"sub": USER}
    assert post(**poll).json()["error"] == "invalid_grant"


def test_a_device_login_that_nobody_allows_ends(box, post):
    begun = post("DEVICE", **PUBLIC).json()
    box.secure.forward(begun["expires_in"] + 1)
    poll = {"grant_type": DEVICE_GRANT, "device_code": begun["device_code"], **PUBLIC}
    assert post(**poll).json()["error"] == "expired_token"
    with pytest.raises(LookupError):
        box.secure.approve_device("AAAA-0000")


def test_a_resource_on_another_host_wants_the_token(box, post):
    entry = next(e for e in box.scenes if e.provider == "earth-search" and "scl" in e.item["assets"])
    name = entry.item["assets"]["scl"]["href"].removeprefix("{files}/")
    url = f"{box.environment['MULTISAT_CDSE_DATA_URL']}/files/{name}"
    assert who(box, None, url).status_code == 401
    token = post(**PASSWORD).json()["access_token"]
    assert who(box, token, url).content[:2] in {b"II", b"MM"}
    box.secure.forward(31)
    assert who(box, token, url).status_code == 401


def test_one_request_too_many():
    with Sandbox(secure=True, rate_limit=2) as box:
        url = box.environment["MULTISAT_CDSE_TOKEN_URL"]
        form = {"grant_type": "client_credentials", **CLIENT}
        answers = [requests.post(url, data=form, timeout=10) for _ in range(3)]
        assert [a.status_code for a in answers] == [200, 200, 429]
        assert int(answers[-1].headers["Retry-After"]) >= 1


def test_discovery_and_methods(box):
    base = f"{box.hosts['identity']}/auth/realms/CDSE"
    found = requests.get(f"{base}/.well-known/openid-configuration", timeout=10).json()
    assert found["token_endpoint"] == box.environment["MULTISAT_CDSE_TOKEN_URL"]
    assert requests.get(found["token_endpoint"], timeout=10).status_code == 405
    assert requests.get(f"{base}/none", timeout=10).status_code == 404
