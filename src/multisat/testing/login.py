"""Checks of logins: nothing secret is told, and nobody is asked to type."""

from __future__ import annotations

import contextlib
import io
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from unittest import mock
from urllib.parse import parse_qsl, urlsplit

from multisat.errors import MultisatError
from multisat.plugins.spec import ProviderSpec
from multisat.testing.asking import needs
from multisat.testing.target import environment
from multisat.testing.trial import Trial, expect, given

_LONGEST = 20.0
"""Seconds after which somebody is waited for."""
_SHORT = 16
"""Characters that a signature has more of."""


def check_names_are_well_formed(trial: Trial) -> None:
    """The provider has a name of lower-case words, and a title for readers."""
    provider = trial.provider
    ProviderSpec(name=provider.name, factory="a:b")
    expect(provider.title, f"{provider.name} has no title")
    expect(provider.capabilities.collections, f"{provider.name} declares no collection")


@needs("login")
def check_a_login_is_found(trial: Trial) -> None:
    """A login in the environment is found, and said where."""
    given(trial.target.login, "the target has no login (Target.login)")
    status = trial.provider.credentials()
    expect(status.found, f"the login in {', '.join(trial.target.login)} was not found: {status.note}")
    expect(status.where, "the login was found, and not said where")


@needs("login")
def check_a_missing_login_has_a_next_step(trial: Trial) -> None:
    """Without a login, what to do is said."""
    with environment(dict.fromkeys(given(trial.target.login, "the target has no login (Target.login)"))):
        status = trial.make().credentials()
    expect(not status.found, f"a login was found at {status.where!r}, and the target's was taken away")
    expect(status.note, "no login was found, and no next step is named")


@needs("login")
def check_no_secret_is_told(trial: Trial) -> None:
    """No secret is in a repr, an error, a saved scene, or the log at its most talkative."""
    fresh = Trial(make=trial.make, target=trial.target)
    secrets = [*given(trial.target.secrets, "the target has no secret (Target.secrets)"), *_signature(fresh)]
    with _listening() as heard:
        told = [*_said(fresh), heard.getvalue()]
    leaks = [text for text in told if any(secret in text for secret in secrets)]
    expect(not leaks, f"{len(leaks)} texts hold a secret (they are not shown here)")


def check_nobody_is_asked_to_type(trial: Trial) -> None:
    """Without a login and without a terminal everything ends by itself, with an error of ours or none."""
    with environment(dict.fromkeys(trial.target.login)):
        fresh = Trial(make=trial.make, target=trial.target)
        calls: list[Callable[[], object]] = [fresh.make().credentials]
        if fresh.provider.capabilities.search:
            calls.append(lambda: list(fresh.search()))
        if fresh.provider.capabilities.assets:
            scene, band = trial.picture
            calls.append(lambda: fresh.provider.access(scene.assets[band]))
        for call in calls:
            _ends_alone(call)


def _ends_alone(call: Callable[[], object]) -> None:
    """Expect that a call neither reads standard input nor waits for ever."""
    raised: list[BaseException] = []

    def work() -> None:
        try:
            call()
        except BaseException as error:  # noqa: BLE001 - carried to the check
            raised.append(error)

    with mock.patch.object(sys, "stdin", _Nobody()):
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(_LONGEST)
        expect(not thread.is_alive(), f"it waits for somebody, after {_LONGEST:.0f} s still")
    for error in raised:
        expect(not isinstance(error, _Asked | EOFError), "somebody was asked to type")
        expect(isinstance(error, MultisatError), f"it ended with {error!r}")


class _Asked(Exception):
    """Somebody was asked to type."""


class _Nobody(io.TextIOBase):
    """A standard input at which nobody sits."""

    def readline(self, *_: object) -> str:  # type: ignore[override]
        raise _Asked

    read = readline


def _signature(trial: Trial) -> list[str]:
    """Return what is added to the address of a file when it is signed."""
    if not trial.provider.capabilities.assets:
        return []
    scene, band = trial.picture
    before = scene.assets[band].href
    added = dict(parse_qsl(urlsplit(trial.provider.access(scene.assets[band]).href).query))
    return [value for value in added.values() if len(value) > _SHORT and value not in before]


def _said(trial: Trial) -> list[str]:
    """Return all that a provider shows of itself while it works."""
    provider = trial.provider
    calls: list[Callable[[], object]] = [provider.credentials, provider.prove, trial.scenes[0].to_item]
    if provider.capabilities.assets:
        scene, band = trial.picture
        calls += [lambda: provider.access(scene.assets[band]), lambda: trial.load().to_dict(data=False)]
    said = [repr(provider), str(vars(provider))]
    for call in calls:
        try:
            said.append(str(call()))
        except Exception as error:  # noqa: BLE001 - what it says is the question
            said += [repr(error), str(error)]
    return said


@contextlib.contextmanager
def _listening() -> Iterator[io.StringIO]:
    """Take down the log at its most talkative."""
    text, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(text), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield text
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
