"""What a failing status means, in words."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from multisat.errors import CredentialsError, MultisatError, ProviderRefused, ProviderUnavailable
from multisat.http.retry import RETRIED

if TYPE_CHECKING:
    import requests

_KEPT = 300


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
