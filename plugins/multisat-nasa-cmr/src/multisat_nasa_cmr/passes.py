"""What opens files on a data host: a bearer token, or the cookie of a login danced by redirects."""

from __future__ import annotations

import base64
import binascii
import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus

from multisat.auth import Credential, Secret
from multisat.auth.asking import ask, refused, text
from multisat.auth.renewing import Token
from multisat_nasa_cmr.dance import dance

NAME = "nasa-cmr"
_COOKIE = "Cookie: "
_DAY = 86400.0
_LEAST = 1.0
"""Seconds a token is used at least, so that clocks that differ do not make us ask all the time."""
_WRONG = "check user name and password, then: multisat login nasa-cmr"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pass:
    """A header that opens files on one data host.

    Attributes:
        headers: The header, with the secret in it.
    """

    headers: dict[str, str] = field(repr=False)

    @classmethod
    def of(cls, secret: Secret) -> Pass:
        """Make it of what ``fetch_pass`` gave."""
        name, _, value = secret.reveal().partition(": ")
        return cls(headers={name: value})


def fetch_pass(login: Credential, login_url: str, host: str) -> Token:
    """Return a new pass for a data host.

    A user name and password are turned into a token of the account, which any reader may send; where
    the login host gives none, we log in by redirects once and keep the cookie.

    Args:
        login: The login.
        login_url: The one address that is told a password.
        host: Scheme, host and port of the data host.

    Raises:
        CredentialsError: The login was refused.
        ProviderError: There is no answer.
    """
    begun = time.time()
    if login.kind == "token":
        header = login.authorization(host + "/")["Authorization"]
        return Token(secret=Secret(f"Authorization: {header}"), begun=begun, ends=float("inf"))
    found = find_or_create_token(login, login_url)
    if found is not None:
        # The service gives the same token until it has ended, so asking earlier is of no use.
        token, end = found[0], max(found[1], begun + _LEAST)
        return Token(secret=Secret(f"Authorization: Bearer {token}"), begun=end, ends=end)
    return Token(secret=Secret(_COOKIE + dance(login, login_url, host)), begun=begun, ends=float("inf"))


def find_or_create_token(login: Credential, login_url: str) -> tuple[str, float] | None:
    """Return a token of the account and when it ends, or None if the service gives none.

    Raises:
        CredentialsError: User name or password is wrong.
        ProviderError: There is no answer.
    """
    url = f"{login_url}/api/users/find_or_create_token"
    answer, ahead = ask(NAME, "POST", url, headers=login.authorization(url))
    if answer.status == HTTPStatus.UNAUTHORIZED:
        raise refused(NAME, answer, f"the Earthdata user name or password of {login.where}", _WRONG)
    if answer.status != HTTPStatus.OK:
        return None
    token = text(answer.told, "access_token", NAME)
    return token, _end(token, str(answer.told.get("expiration_date"))) - ahead


def _end(token: str, day: str) -> float:
    """Return when a token ends: to the second if it says so itself, else with the day told."""
    try:
        middle = token.split(".")[1]
        told = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        return float(told["exp"]) + 1
    except (IndexError, KeyError, TypeError, ValueError, binascii.Error):
        pass
    try:
        return datetime.strptime(day, "%m/%d/%Y").replace(tzinfo=UTC).timestamp() + _DAY
    except ValueError:
        return float("inf")
