"""One request with a login in it; answers are named by their status, never by their words."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from multisat.contracts import Deadline
from multisat.errors import CredentialsError, ProviderRefused
from multisat.http import Answer, HttpClient
from multisat.http.retry import RetryPolicy

POLICY = RetryPolicy(tries=6)
PATIENCE = 120.0
"""Seconds a login may take with all its waits; a service's ``Retry-After`` is obeyed within them."""


def ask(
    provider: str,
    method: str,
    url: str,
    *,
    data: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[Answer, float]:
    """Return an answer of any final status, and how many seconds the service's clock is ahead of ours.

    Raises:
        ProviderError: There is no answer.
    """
    client = HttpClient(provider, deadline=Deadline(PATIENCE), max_bytes=2**20)
    try:
        return client.ask(method, url, data=data, headers=headers, policy=POLICY), client.skew
    finally:
        client.close()


def ends_at(end: object, ahead: float) -> float:
    """Return when something ends by our clock, in seconds since 1970.

    Args:
        end: Seconds since 1970 or a time in ISO form, by the service's clock; anything else never ends.
        ahead: Seconds the service's clock is ahead of ours.
    """
    if isinstance(end, int | float):
        return float(end) - ahead
    try:
        moment = datetime.fromisoformat(str(end))
    except ValueError:
        return float("inf")
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - ahead


def lasts(seconds: object) -> float:
    """Return when something ends that lasts so many seconds from now."""
    return time.time() + float(seconds) if isinstance(seconds, int | float) else float("inf")


def text(told: Mapping[str, Any], name: str, provider: str) -> str:
    """Return a text of an answer.

    Raises:
        ProviderRefused: It is not there.
    """
    found = told.get(name)
    if not isinstance(found, str) or not found:
        raise ProviderRefused(
            f"the login service's answer has no {name}", provider=provider, hint="try again later"
        )
    return found


def refused(provider: str, answer: Answer, what: str, hint: str) -> CredentialsError | ProviderRefused:
    """Return the error of a login service that says no.

    Args:
        provider: Provider.
        answer: What it said.
        what: What was refused.
        hint: The next step if the login is wrong.
    """
    if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return CredentialsError(f"{what} was refused ({answer.status})", provider=provider, hint=hint)
    return ProviderRefused(
        f"the login service answers {answer.status}", provider=provider, hint="check its address"
    )
