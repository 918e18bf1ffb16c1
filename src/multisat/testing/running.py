"""Running every check on a provider, with or without pytest."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Literal

from multisat.cube.warnings import MultisatWarning
from multisat.errors import UsageError
from multisat.testing import (
    assets,
    failing,
    filtering,
    loading,
    login,
    paging,
    pushing_down,
    scenes,
    searching,
)
from multisat.testing.asking import Check, needs_scenes, undeclared
from multisat.testing.target import environment
from multisat.testing.trial import Skipped, Trial

State = Literal["passed", "failed", "skipped", "expected", "no longer fails"]

_ROOMS = (searching, filtering, paging, scenes, assets, loading, pushing_down, failing, login)


def _checks() -> Iterator[tuple[str, Check]]:
    for room in _ROOMS:
        yield from _checks_of(room)


def _checks_of(room: ModuleType) -> Iterator[tuple[str, Check]]:
    for name, value in vars(room).items():
        if name.startswith("check_"):
            yield name, value


CHECKS: Mapping[str, Check] = dict(_checks())
"""Every check by its name, in the order in which they are run."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What became of one check.

    Attributes:
        check: Its name.
        state: What became of it; ``"expected"`` is a failure that was announced.
        note: What was wrong, or why it was not asked.
    """

    check: str
    state: State
    note: str = ""

    @property
    def bad(self) -> bool:
        """Whether the provider does not do what it should, or what was announced."""
        return self.state in {"failed", "no longer fails"}


def perform(name: str, trial: Trial) -> None:
    """Run one check.

    Raises:
        Unmet: The provider does not do what the contract says.
        Skipped: It was not asked, and why.
    """
    check = CHECKS[name]
    with environment(trial.target.environment), warnings.catch_warnings():
        warnings.simplefilter("ignore", MultisatWarning)
        lacking = undeclared(check, trial.provider.capabilities)
        if lacking is not None:
            raise Skipped(f"the capability {lacking!r} is not declared")
        if needs_scenes(check):
            _ = trial.scenes
        check(trial)


def judge(trial: Trial, expected: Mapping[str, str] | None = None) -> Iterator[Verdict]:
    """Run every check and give what became of it, one after another.

    Args:
        trial: The provider, and what it is tried on.
        expected: Checks that are known to fail, with the reason; one that passes is told, too.

    Raises:
        UsageError: No check has a name that is expected to fail.
    """
    known = announced(expected)
    for name in CHECKS:
        yield _judged(name, trial, known.get(name))


def announced(expected: Mapping[str, str] | None) -> Mapping[str, str]:
    """Return the failures that are expected, by check.

    Raises:
        UsageError: No check has that name, or there is no reason.
    """
    for name, reason in (expected or {}).items():
        if name not in CHECKS:
            raise UsageError(f"no check is called {name!r}", hint=f"there are {', '.join(CHECKS)}")
        if not reason.strip():
            raise UsageError(f"{name} is expected to fail without a reason", hint="say why it does")
    return expected or {}


def _judged(name: str, trial: Trial, known: str | None) -> Verdict:
    failure = _failure(lambda: perform(name, trial))
    if isinstance(failure, Skipped):
        return Verdict(check=name, state="skipped", note=str(failure))
    if failure is None:
        return Verdict(check=name, state="passed" if known is None else "no longer fails", note=known or "")
    return Verdict(
        check=name, state="failed" if known is None else "expected", note=known or _words(failure, trial)
    )


def _words(failure: Exception, trial: Trial) -> str:
    """Return what was wrong, without the secrets that a provider on trial may tell."""
    said = str(failure) if isinstance(failure, AssertionError) else f"{type(failure).__name__}: {failure}"
    for secret in trial.target.secrets:
        said = said.replace(secret, "(a secret)")
    return said


def _failure(work: Callable[[], None]) -> Exception | None:
    try:
        work()
    except Exception as error:  # noqa: BLE001 - a provider may raise anything; the verdict says it
        return error
    return None
