"""Checks of failure: what is broken is said in our words, in time, and never taken for an answer."""

from __future__ import annotations

import time
from collections.abc import Callable

from multisat.contracts import Deadline
from multisat.errors import (
    AssetUnreadable,
    CredentialsError,
    InvalidAnswer,
    MultisatError,
    ProviderRefused,
    ProviderTimeout,
    ProviderUnavailable,
)
from multisat.testing.asking import needs
from multisat.testing.target import Breaking
from multisat.testing.trial import Trial, expect, given

_SLACK = 10.0
"""Seconds by which a busy machine may be late; what hangs does so for longer."""
_BUSY = (ProviderUnavailable, ProviderTimeout)
"""What passes by itself is tried again until the deadline."""


@needs("search")
def check_unauthorised_is_a_credentials_error(trial: Trial) -> None:
    """401 is CredentialsError: the next step is to log in."""
    _meets(trial, "401", CredentialsError)


@needs("search")
def check_forbidden_is_a_refusal(trial: Trial) -> None:
    """403 is ProviderRefused or CredentialsError, and is not tried again."""
    _meets(trial, "403", ProviderRefused, CredentialsError)


@needs("search")
def check_not_found_is_a_refusal(trial: Trial) -> None:
    """404 of the catalogue is ProviderRefused, not an empty list."""
    _meets(trial, "404", ProviderRefused)


@needs("search")
def check_too_many_requests_is_unavailable(trial: Trial) -> None:
    """429 to the end is ProviderUnavailable, or ProviderTimeout at the deadline."""
    _meets(trial, "429", *_BUSY)


@needs("search")
def check_a_server_error_is_unavailable(trial: Trial) -> None:
    """500 to the end is ProviderUnavailable, or ProviderTimeout at the deadline."""
    _meets(trial, "500", *_BUSY)


@needs("search")
def check_a_hang_ends_at_the_deadline(trial: Trial) -> None:
    """A service that never answers is ProviderTimeout, when the deadline says so."""
    _meets(trial, "hang", ProviderTimeout)


@needs("search")
def check_a_login_page_is_no_answer(trial: Trial) -> None:
    """HTML with status 200 is InvalidAnswer, not an empty list."""
    _meets(trial, "html", InvalidAnswer)


@needs("search")
def check_it_is_well_again_after_a_failure(trial: Trial) -> None:
    """A provider that met a broken service works when the service does."""
    provider, request = trial.make(), trial.request()
    with _breaking(trial)("catalogue", "404"):
        _raised(lambda: list(provider.search(request, deadline=Deadline(trial.target.patience))))
    found = list(provider.search(request, deadline=Deadline(trial.target.deadline)))
    expect(found, "after a failure that is over, nothing is found any more")


@needs("assets")
def check_a_missing_file_is_unreadable(trial: Trial) -> None:
    """404 of a file is AssetUnreadable, naming the scene."""
    with _breaking(trial)("files", "404"):
        error = _raised(trial.load)
    expect(isinstance(error, AssetUnreadable), f"a file that is gone was {error!r}")
    named = isinstance(error, MultisatError) and error.item == trial.picture[0].id
    expect(named, f"the error does not say which scene: {error}")


def _meets(trial: Trial, kind: str, *expected: type[MultisatError]) -> None:
    """Search while the catalogue is broken, and expect one of some errors in time, naming the provider."""
    provider, request = trial.make(), trial.request()
    with _breaking(trial)("catalogue", kind):
        begun = time.monotonic()
        limit = Deadline(trial.target.patience)
        error = _raised(lambda: list(provider.search(request, deadline=limit)))
        took = time.monotonic() - begun
    names = " or ".join(one.__name__ for one in expected)
    expect(error is not None, f"the catalogue answered {kind}, and nothing was raised")
    expect(isinstance(error, expected), f"{kind} was {error!r}, not {names}")
    expect(
        isinstance(error, MultisatError) and error.provider == provider.name, f"{error!r} names no provider"
    )
    expect(took < trial.target.patience + _SLACK, f"it took {took:.1f} s to say so")


def _breaking(trial: Trial) -> Breaking:
    found: Breaking = given(trial.target.breaking, "the target cannot be made to fail (Target.breaking)")
    return found


def _raised(work: Callable[[], object]) -> Exception | None:
    """Return what a call raises, or None."""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - which one it is, is the question
        return error
    return None
