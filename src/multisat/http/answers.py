"""What a failing status means, in words."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from multisat.errors import CredentialsError, MultisatError, ProviderRefused, ProviderUnavailable
from multisat.http.redirects import REDIRECTS
from multisat.http.retry import RETRIED

if TYPE_CHECKING:
    import requests

_KEPT = 300
_UNCLEAR = 5.0
"""Seconds by which clocks may differ through rounding and a slow network."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """An answer of any status; it may hold a secret, so it shows none of it.

    Attributes:
        status: HTTP status.
        headers: Its headers, names as they were sent.
        cookies: Cookies it set.
        body: Its body.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    cookies: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def told(self) -> dict[str, Any]:
        """The JSON object of the body, empty if it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def location(self) -> str | None:
        """Where it redirects to, as it says so; None if it does not."""
        named = {name.lower(): value for name, value in self.headers.items()}
        return named.get("location") if self.status in REDIRECTS else None


def refusal(provider: str, answer: requests.Response) -> MultisatError:
    """Return the error a failing answer stands for; its first words are kept."""
    status = answer.status_code
    text = f"answered {status} {_phrase(status)}{_said(answer)}"
    if status in RETRIED:
        return ProviderUnavailable(
            text, provider=provider, hint="the service is busy or broken; try again later"
        )
    if status == HTTPStatus.UNAUTHORIZED:
        return CredentialsError(text, provider=provider, hint=f"log in: multisat providers show {provider}")
    return ProviderRefused(text, provider=provider, hint="check the request, or the address of the provider")


def skew(date: str | None) -> float:
    """Return how many seconds a service's clock is ahead of ours.

    Args:
        date: Its ``Date`` header, which counts whole seconds; without a sound one it is 0.
    """
    try:
        told = parsedate_to_datetime(date or "")
    except (TypeError, ValueError):
        return 0.0
    ahead = (told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp() - time.time()
    return ahead if abs(ahead) > _UNCLEAR else 0.0


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "(no such status)"


def _said(answer: requests.Response) -> str:
    """Return the first words of a plain or JSON body; an HTML page says nothing to a reader."""
    kind = answer.headers.get("Content-Type", "")
    if "json" not in kind and "text/plain" not in kind:
        return ""
    try:
        words = next(answer.iter_content(_KEPT), b"").decode("utf-8", "replace")
    except OSError:
        return ""
    return f": {' '.join(words.split())}" if words.strip() else ""
