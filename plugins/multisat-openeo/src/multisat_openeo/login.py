"""Logins of openEO back-ends: found where users keep them, sent only where they belong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from multisat.auth import Credential, cdse, find
from multisat.auth.hosts import belongs_to, origin
from multisat.auth.oauth import OAuthLogin
from multisat.auth.storing import store_openeo_refresh_token
from multisat.auth.wants import CDSE_PROVIDER, OPENEO, Want
from multisat.config import setting
from multisat.contracts import CredentialStatus
from multisat.errors import CredentialsError, LoginNeeded

T = TypeVar("T")
Headers = Mapping[str, str]

_GIVEN: Want = replace(
    OPENEO,
    variables=(
        ("token", ("OPENEO_AUTH_TOKEN",)),
        ("password", ("OPENEO_USERNAME", "OPENEO_PASSWORD")),
        *OPENEO.variables,
        ("refresh", ("MULTISAT_OPENEO_CLIENT_ID", "MULTISAT_OPENEO_REFRESH_TOKEN")),
    ),
)
"""An access token and a password are for the back-end itself, the others for where tokens are given out."""
_COPERNICUS = ".dataspace.copernicus.eu"


def status(backend: str) -> CredentialStatus:
    """Return whether a login was found, and where. Asks no network."""
    try:
        found = _found(backend)
    except CredentialsError as error:
        return CredentialStatus(found=False, note=str(error))
    if found is None:
        return CredentialStatus(found=False, note="register at the back-end, then multisat login openeo")
    return CredentialStatus(found=True, where=found.where)


def log_in(backend: str) -> Login:
    """Return the login of a back-end.

    Raises:
        LoginNeeded: There is none.
        CredentialsError: There is half a one.
    """
    found = _found(backend)
    if found is None:
        raise LoginNeeded(
            "needs an account, and no login was found", provider="openeo", hint="multisat login openeo"
        )
    if found.kind in {"token", "password"}:
        return Login(found=found)
    issuer = token_url().partition("/protocol/openid-connect")[0]

    def keep(token: str) -> None:
        store_openeo_refresh_token(issuer, found.user, token)

    tokens = OAuthLogin("openeo", found, token_url(), (origin(backend),), keep=keep)
    return Login(found=found, tokens=tokens)


def token_url() -> str:
    """Return where tokens are given out."""
    return setting("openeo", "token_url") or cdse.token_url()


def _found(backend: str) -> Credential | None:
    hosts = (origin(token_url()), origin(backend))
    found = find(_GIVEN, hosts)
    if found is None or found.kind in {"token", "password"}:
        return None if found is None else replace(found, hosts=(origin(backend),))
    own = setting("openeo", "token_url") is not None
    if not own and not belongs_to(backend, (_COPERNICUS, *cdse.data_hosts())):
        return None
    return replace(found, hosts=(origin(token_url()),))


@dataclass(frozen=True, kw_only=True)
class Login:
    """What is sent to a back-end.

    Attributes:
        found: What was found.
        tokens: Tokens made from it, or None if it is sent itself.
    """

    found: Credential
    tokens: OAuthLogin | None = None

    def basic(self, url: str) -> tuple[str, str] | None:
        """Return user and password, or None if the login is a token."""
        return (self.found.user, self.found.reveal_to(url)) if self.found.kind == "password" else None

    def with_token(self, url: str, work: Callable[[str], T]) -> T:
        """Do work with a token for an address; one that is refused is renewed once.

        Raises:
            CredentialsError: The login was refused, or a new token is refused, too.
        """
        if self.tokens is None:
            return work(self.found.reveal_to(url))
        return self.tokens.with_headers(url, lambda headers: work(_bare(headers)))


def _bare(headers: Headers) -> str:
    return headers["Authorization"].removeprefix("Bearer ")


def bearer(token: str, provider: str = CDSE_PROVIDER) -> str:
    """Return a token as the openEO API takes it; one that is in that form stays."""
    return token if token.startswith(("oidc/", "basic/")) else f"oidc/{provider}/{token}"
