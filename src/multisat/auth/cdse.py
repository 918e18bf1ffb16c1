"""The Copernicus Data Space login: one client for openEO and Sentinel Hub."""

from __future__ import annotations

from dataclasses import replace

from multisat.auth.credential import Credential
from multisat.auth.finding import find
from multisat.auth.hosts import origin
from multisat.auth.oauth import OAuthLogin
from multisat.auth.wants import CDSE_OPENEO, CDSE_SENTINEL_HUB, CDSE_TOKEN_URL, SENTINEL_HUB, Want
from multisat.config import setting
from multisat.contracts import Proof
from multisat.errors import CredentialsError

_NAME = "cdse"


def token_url() -> str:
    """Return where tokens are given out."""
    return setting(_NAME, "token_url") or CDSE_TOKEN_URL


def data_hosts() -> tuple[str, ...]:
    """Return the services that take the tokens."""
    own = setting(_NAME, "data_url")
    return (origin(own),) if own else (CDSE_SENTINEL_HUB, CDSE_OPENEO)


def find_client(want: Want = SENTINEL_HUB) -> Credential | None:
    """Return the login of openEO or Sentinel Hub, bound to where tokens are given out, or None.

    Raises:
        CredentialsError: There is half a login, or a file does not parse.
    """
    found = find(want, (origin(token_url()), *data_hosts()))
    return None if found is None else replace(found, hosts=(origin(token_url()),))


def log_in(want: Want = SENTINEL_HUB) -> OAuthLogin:
    """Return the tokens of openEO or Sentinel Hub.

    Raises:
        CredentialsError: There is no login, or half a one.
    """
    found = find_client(want)
    if found is None:
        raise CredentialsError("no client was found", provider=want.provider, hint="multisat login cdse")
    return OAuthLogin(want.provider, found, token_url(), data_hosts())


def prove_cdse(want: Want = SENTINEL_HUB) -> Proof:
    """Ask for one token; see ``Provider.prove``."""
    seconds = log_in(want).seconds_left
    return Proof(works=True, seconds=seconds, note=f"a token of {origin(token_url())}")
