"""Logins in the keyring of the system: Keychain, Windows Credential Manager, Secret Service.

It is read only for providers whose setting ``store`` says ``keyring``: a keyring that is locked opens a
window and waits for its user.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from multisat.auth.secret import Secret
from multisat.config import setting
from multisat.errors import CredentialsError

T = TypeVar("T")

NAME = "keyring"
SERVICE = "multisat"
WHERE = "the system keyring"
PATIENCE = 20.0
"""Seconds a keyring may take; one that is locked would wait for a human for ever."""
_read: dict[str, Mapping[str, Secret]] = {}


class _Keyring(Protocol):
    """What a keyring can do, of which we use this."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...


def uses_keyring(provider: str) -> bool:
    """Whether a provider's login is to be looked for there."""
    return setting(provider, "store") == NAME


def keyring_parts(provider: str) -> dict[str, str | None]:
    """Return the parts of a provider's login, empty if there is none; they are remembered.

    Raises:
        CredentialsError: There is no keyring, it does not answer, or what it holds is not ours.
    """
    if provider not in _read:
        text = _asked(provider, lambda keyring: keyring.get_password(SERVICE, provider))
        _read[provider] = {name: Secret(value) for name, value in _parts(provider, text or "{}").items()}
    return {name: secret.reveal() for name, secret in _read[provider].items()}


def store_in_keyring(provider: str, parts: Mapping[str, str]) -> str:
    """Put a login into the keyring, and return how that is called.

    Raises:
        CredentialsError: There is no keyring, it does not answer, or it keeps nothing.
    """
    text = json.dumps(dict(parts))

    def keep(keyring: _Keyring) -> str | None:
        keyring.set_password(SERVICE, provider, text)
        return keyring.get_password(SERVICE, provider)

    if _asked(provider, keep) != text:
        raise _no_keyring(provider, "does not keep what it is given")
    _read.pop(provider, None)
    return WHERE


def _parts(provider: str, text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise CredentialsError(
            f"what {WHERE} has for {SERVICE}, {provider} does not parse",
            provider=provider,
            hint=f"multisat login {provider} --store {NAME}",
        )
    return found


def _asked(provider: str, work: Callable[[_Keyring], T]) -> T:
    """Return what a keyring answers within the patience there is; it is asked in a thread we can leave."""
    try:
        import keyring
        from keyring.errors import NoKeyringError
    except ImportError:
        raise CredentialsError(
            "the system keyring needs a package that is not there",
            provider=provider,
            hint='pip install "multisat-eo[keyring]"',
        ) from None
    found: list[T] = []
    failed: list[Exception] = []

    def ask() -> None:
        try:
            found.append(work(keyring.get_keyring()))
        except Exception as error:  # noqa: BLE001 - each system's keyring has errors of its own
            failed.append(error)

    thread = threading.Thread(target=ask, name="multisat-keyring", daemon=True)
    thread.start()
    thread.join(PATIENCE)
    if failed:
        missing = isinstance(failed[0], NoKeyringError)
        what = "is not there: this machine has none" if missing else f"fails: {type(failed[0]).__name__}"
        raise _no_keyring(provider, what)
    if not found:
        raise _no_keyring(provider, f"gives no answer within {PATIENCE:.0f} s; it may be locked")
    return found[0]


def _no_keyring(provider: str, what: str) -> CredentialsError:
    return CredentialsError(
        f"{WHERE} {what}",
        provider=provider,
        hint=f"unlock it, or keep the login in a file: multisat login {provider}",
    )
