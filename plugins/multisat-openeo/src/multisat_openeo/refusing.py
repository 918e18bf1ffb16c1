"""What a back-end's errors mean: one sentence, and the next step."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from multisat.errors import (
    CredentialsError,
    MultisatError,
    NothingFound,
    ProviderRefused,
    ProviderUnavailable,
    UsageError,
)
from multisat.http.retry import RETRIED

NAME = "openeo"


class TooManyJobs(ProviderUnavailable):
    """As many jobs run as the account may have at a time."""


_KEPT = 300
_CODES: Mapping[str, tuple[type[MultisatError], str]] = {
    "NoDataAvailable": (NothingFound, "widen the area, the time range or the cloud limit"),
    "InvalidBand": (UsageError, "see the bands of the collection: multisat_openeo.engine().describe(...)"),
    "CollectionNotFound": (UsageError, "name another collection, or another back-end: MULTISAT_OPENEO_URL"),
    "ProcessUnsupported": (UsageError, "run it on this machine: leave out on="),
    "FeatureUnsupported": (UsageError, "run it on this machine: leave out on="),
    "JobNotFound": (UsageError, "multisat jobs lists the jobs of the account"),
    "ConcurrentJobLimit": (TooManyJobs, "wait for one of them: multisat jobs"),
    "PaymentRequired": (ProviderRefused, "wait for next month's credits, or ask for a larger allowance"),
}  # fmt: skip
"""Error codes of the openEO standard and of openeo-driver to errors and next steps."""
_NOISE = re.compile(r"\s*\(ref(?:erence)?:? [^)]*\)|https?://\S+|Traceback.*", re.DOTALL)


def error_of(status: int, told: object) -> MultisatError:
    """Return the error that a failing answer stands for.

    Args:
        status: HTTP status.
        told: Its JSON, ``code`` and ``message`` of the openEO API, or anything else.
    """
    code, message = _parts(told)
    said = f"{status} {code or _phrase(status)}" + (f": {plain(message)}" if message else "")
    if status == HTTPStatus.PAYMENT_REQUIRED:
        code = "PaymentRequired"
    if code in _CODES:
        kind, hint = _CODES[code]
        return kind(said, provider=NAME, hint=hint)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return CredentialsError(f"the login was refused: {said}", provider=NAME, hint="multisat login openeo")
    if status in RETRIED and status != HTTPStatus.INTERNAL_SERVER_ERROR:
        return ProviderUnavailable(said, provider=NAME, hint="the service is busy; try again later")
    hint = (
        "check the address of the back-end: MULTISAT_OPENEO_URL" if not code else "look at the process graph"
    )
    return ProviderRefused(said, provider=NAME, hint=hint)


def plain(text: str) -> str:
    """Return a service's words on one line, without addresses and references."""
    words = " ".join(_NOISE.sub("", text).split())
    return words if len(words) <= _KEPT else f"{words[:_KEPT]}..."


def _parts(told: object) -> tuple[str, str]:
    if not isinstance(told, Mapping):
        return "", ""
    found: Mapping[str, Any] = told
    return str(found.get("code") or ""), str(found.get("message") or "")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "(no such status)"
