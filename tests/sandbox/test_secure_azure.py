"""The signing service of Planetary Computer and the blob store that checks its signatures."""

from datetime import UTC, datetime

import requests

from multisat.sandbox import Sandbox
from multisat.sandbox.secure.accounts import SUBSCRIPTION_KEY


def asset(box, collection, key):
    body = {
        "collections": [collection],
        "limit": 500,
        "datetime": "2023-05-01T00:00:00Z/2023-06-30T00:00:00Z",
    }
    url = f"{box.urls['planetary-computer']}/search"
    items = requests.post(url, json=body, timeout=10).json()["features"]
    return next(item["assets"][key]["href"] for item in items if key in item["assets"])


def token(box, href, **headers):
    account, container = href.removeprefix(box.hosts["blob"] + "/").split("/")[:2]
    url = f"{box.environment['MULTISAT_PLANETARY_COMPUTER_SAS_URL']}/{account}/{container}"
    return requests.get(url, headers=headers, timeout=10)


def test_a_signed_address_opens_and_an_unsigned_does_not(box):
    href = asset(box, "sentinel-2-l2a", "SCL")
    assert href.startswith(box.hosts["blob"])
    assert requests.get(href, timeout=10).status_code == 409
    given = token(box, href).json()
    ends = datetime.fromisoformat(given["msft:expiry"])
    assert 29 < (ends - datetime.now(UTC)).total_seconds() <= 31
    whole = requests.get(f"{href}?{given['token']}", timeout=10)
    assert (whole.status_code, whole.headers["x-ms-blob-type"]) == (200, "BlockBlob")
    part = requests.get(f"{href}?{given['token']}", headers={"Range": "bytes=0-99"}, timeout=10)
    assert (part.status_code, part.content) == (206, whole.content[:100])
    missing = requests.get(f"{href}x?{given['token']}", timeout=10)
    assert (missing.status_code, missing.headers["x-ms-error-code"]) == (404, "BlobNotFound")


def test_signatures_are_checked(box):
    href, other = asset(box, "sentinel-2-l2a", "SCL"), asset(box, "landsat-c2-l2", "red")
    text = token(box, href).json()["token"]
    for wrong in (f"{other}?{text}", f"{href}?{text[:-4]}", f"{href}?{text.replace('sp=rl', 'sp=rw')}"):
        answer = requests.get(wrong, timeout=10)
        assert (answer.status_code, "<Code>AuthenticationFailed</Code>" in answer.text) == (403, True)
        assert answer.headers["x-ms-error-code"] == "AuthenticationFailed"
    both = requests.get(f"{href}?{text}", headers={"Authorization": "Bearer x"}, timeout=10)
    assert both.status_code == 400
    box.secure.forward(32)
    ended = requests.get(f"{href}?{text}", timeout=10)
    assert (ended.status_code, "Signed expiry time" in ended.text) == (403, True)
    assert requests.get(f"{href}?{token(box, href).json()['token']}", timeout=10).status_code == 200


def test_real_seconds_end_a_token_too():
    import time

    with Sandbox(secure=True, token_seconds=0.2) as box:
        href = asset(box, "sentinel-2-l2a", "SCL")
        signed = f"{href}?{token(box, href).json()['token']}"
        time.sleep(1.3)  # ends are whole seconds, rounded up
        assert requests.get(signed, timeout=10).status_code == 403


def test_keys_are_counted_and_wrong_ones_refused(box):
    href = asset(box, "sentinel-2-l2a", "SCL")
    assert token(box, href, **{"Ocp-Apim-Subscription-Key": SUBSCRIPTION_KEY}).status_code == 200
    assert token(box, href, **{"Ocp-Apim-Subscription-Key": "wrong"}).status_code == 401
    assert dict(box.secure.sas.keys) == {SUBSCRIPTION_KEY: 1, "wrong": 1}
    shown = [s.get("ocp-apim-subscription-key") for s in box.credentials_at("sas")]
    assert shown == [SUBSCRIPTION_KEY, "wrong"]


def test_one_request_too_many():
    with Sandbox(secure=True, rate_limit=2) as box:
        href = asset(box, "sentinel-2-l2a", "SCL")
        answers = [token(box, href) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        wait = int(answers[-1].headers["Retry-After"])
        assert token(box, href, **{"Ocp-Apim-Subscription-Key": SUBSCRIPTION_KEY}).status_code == 200
        box.secure.forward(wait)
        assert token(box, href).status_code == 200


def test_the_open_server_does_not_give_protected_files(box):
    entry = next(e for e in box.scenes if e.provider == "planetary-computer")
    href = next(a["href"] for a in entry.item["assets"].values() if "/none/" not in a["href"])
    assert requests.get(href.replace("{files}", f"{box.url}/files"), timeout=10).status_code == 404


def test_unknown_containers(box):
    url = box.environment["MULTISAT_PLANETARY_COMPUTER_SAS_URL"]
    assert requests.get(f"{url}/other/sentinel-2-l2a", timeout=10).status_code == 404
