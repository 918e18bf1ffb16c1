"""The Copernicus Data Space login: one client for openEO and Sentinel Hub, or a person's own for openEO."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from multisat.auth.credential import Credential
from multisat.auth.device import device_login
from multisat.auth.finding import find
from multisat.auth.hosts import origin
from multisat.auth.oauth import OAuthLogin
from multisat.auth.storing import store_openeo_refresh_token
from multisat.auth.wants import (
    CDSE_DEVICE_CLIENT,
    CDSE_DEVICE_URL,
    CDSE_OPENEO,
    CDSE_SENTINEL_HUB,
    CDSE_TOKEN_URL,
    OPENEO,
    SENTINEL_HUB,
    Want,
)
from multisat.config import setting
from multisat.contracts import Proof
from multisat.errors import CredentialsError

NAME = "cdse"
_PROTOCOL = "/protocol/openid-connect"


def token_url() -> str:
    """Return where tokens are given out."""
    return setting(NAME, "token_url") or CDSE_TOKEN_URL


def issuer() -> str:
    """Return what the login service calls itself."""
    return token_url().partition(_PROTOCOL)[0]


def backend(want: Want) -> str:
    """Return the service of openEO or Sentinel Hub."""
    own = setting(NAME, "data_url")
    usual = CDSE_OPENEO if want is OPENEO else CDSE_SENTINEL_HUB
    return origin(own) if own else usual


def data_hosts() -> tuple[str, ...]:
    """Return the services that take the tokens."""
    return tuple(dict.fromkeys(map(backend, (SENTINEL_HUB, OPENEO))))


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
    return tokens_of(found, want)


def tokens_of(login: Credential, want: Want) -> OAuthLogin:
    """Return the tokens of a login; a refresh token that is replaced by the next is stored again."""

    def keep(token: str) -> None:
        store_openeo_refresh_token(issuer(), login.user, token)

    return OAuthLogin(want.provider, login, token_url(), data_hosts(), keep=keep)


def prove_cdse(want: Want = SENTINEL_HUB) -> Proof:
    """Ask for one token; see ``Provider.prove``."""
    return proof_of(log_in(want))


def proof_of(tokens: OAuthLogin) -> Proof:
    """Ask for one token of a login; see ``Provider.prove``."""
    return Proof(works=True, seconds=tokens.seconds_left, note=f"a token of {origin(token_url())}")


def log_in_elsewhere(show: Callable[[str, str], None]) -> Credential:
    """Log in to openEO on another device; it waits for a person. See ``device_login``."""
    client = setting(NAME, "device_client") or CDSE_DEVICE_CLIENT
    at = setting(NAME, "device_url") or CDSE_DEVICE_URL
    found = device_login(NAME, client, at, token_url(), show)
    return replace(found, hosts=(origin(token_url()),))
