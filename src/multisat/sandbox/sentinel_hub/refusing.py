"""How the service says no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from multisat.sandbox.http import Response
from multisat.sandbox.secure.answers import plain_json

BAD_PAYLOAD, RENDERER, UNAUTHORISED = "COMMON_BAD_PAYLOAD", "RENDERER_EXCEPTION", "COMMON_UNAUTHORIZED"
NOT_FOUND, NO_UNITS, TOO_MANY = (
    "COMMON_NOT_FOUND",
    "ACCESS_INSUFFICIENT_PROCESSING_UNITS",
    "RATE_LIMIT_EXCEEDED",
)
_LOGIN = (
    "You are not authorized! Please provide a valid access token within the header "
    "[Authorization: Bearer <accessToken>] of your request."
)
_MESSAGES: Mapping[int, tuple[str, str]] = {
    400: (BAD_PAYLOAD, "The request is not valid."),
    401: (UNAUTHORISED, _LOGIN),
    403: (NO_UNITS, "Insufficient processing units or requests available in your account."),
    404: (NOT_FOUND, "Not found."),
    429: (TOO_MANY, "You have exceeded your rate limit"),
}
"""Code and message by status, as the service's reference and its users report them (2025-03)."""


class Refused(Exception):
    """A request the service does not carry out.

    Args:
        message: What is wrong.
        code: The service's code for it.
        status: HTTP status.
        errors: What is wrong with each parameter.
    """

    def __init__(
        self,
        message: str,
        code: str = BAD_PAYLOAD,
        status: int = 400,
        errors: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(message)
        self.code, self.status, self.errors = code, status, errors


class CatalogRefused(Exception):
    """A request the catalogue does not answer.

    Args:
        message: What is wrong.
        status: HTTP status.
    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def refusal(error: Refused) -> Response:
    """Return the answer to a refused request."""
    more = {"errors": list(error.errors)} if error.errors else {}
    return _wrapped(error.status, str(error), error.code, more)


def failed(status: int, *, catalog: bool = False, retry_after: str | None = None) -> Response:
    """Return the answer of a status as the service words it.

    Args:
        status: HTTP status.
        catalog: Whether it is the catalogue that answers.
        retry_after: Milliseconds to wait, as the header says them.
    """
    code, message = _MESSAGES.get(status, ("COMMON_EXCEPTION", "Something went wrong."))
    waiting = {"Retry_After": retry_after} if retry_after else {}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        body = {"status": status, "reason": _reason(status), "message": message, "code": code}
        return plain_json(body, status, **waiting)
    if catalog:
        return plain_json({"code": status, "description": message}, status, **waiting)
    return _wrapped(status, message, code, {}, **waiting)


def _wrapped(status: int, message: str, code: str, more: Mapping[str, Any], **headers: str) -> Response:
    body = {"status": status, "reason": _reason(status), "message": message, "code": code, **more}
    return plain_json({"error": body}, status, **headers)


def _reason(status: int) -> str:
    return HTTPStatus(status).phrase
