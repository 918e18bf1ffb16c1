"""The login of a deployment, and tokens from it."""

from __future__ import annotations

import threading
from dataclasses import replace

from multisat.auth import Credential, find
from multisat.auth.hosts import origin
from multisat.auth.oauth import OAuthLogin
from multisat.auth.wants import SENTINEL_HUB
from multisat.errors import LoginNeeded
from multisat_sentinel_hub.deployments import NAME, Deployment

HINT = "multisat login sentinel-hub"
_known: dict[tuple[Deployment, Credential], OAuthLogin] = {}
_lock = threading.Lock()


def find_login(place: Deployment) -> Credential | None:
    """Return the client that was found, bound to where the deployment takes logins, or None.

    The login of the Copernicus Data Space holds for its own deployment only.

    Raises:
        CredentialsError: There is half a login, or a file does not parse.
    """
    want = replace(SENTINEL_HUB, shared=place.shared)
    found = find(want, (origin(place.token_url), origin(place.url)))
    return None if found is None else replace(found, hosts=(origin(place.token_url),))


def tokens(place: Deployment) -> OAuthLogin:
    """Return the tokens of a deployment, shared by all of this process; they are sent to it alone.

    Raises:
        LoginNeeded: No login was found.
        CredentialsError: There is half a login.
    """
    login = find_login(place)
    if login is None:
        raise LoginNeeded("it needs a login, and none was found", provider=NAME, hint=HINT)
    made = OAuthLogin(NAME, login, place.token_url, (origin(place.url),))
    with _lock:
        return _known.setdefault((place, login), made)
