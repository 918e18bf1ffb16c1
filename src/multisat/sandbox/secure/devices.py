"""Logins that a person allows on another device."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from dataclasses import dataclass

from multisat.sandbox.http import Response
from multisat.sandbox.secure.answers import plain_json
from multisat.sandbox.secure.world import Clock

INTERVAL = 1
"""Seconds a client waits between two questions."""
_NOBODY = ""


@dataclass(kw_only=True)
class Waiting:
    """A login that waits for a person.

    Attributes:
        client: Who asked for it.
        challenge: What the client's proof key must match, or empty.
        user_code: What the person types.
        until: When it ends, in seconds since 1970.
        interval: Seconds to wait between two questions.
        asked: When the client asked last.
        user: Who allowed it, if anybody has.
    """

    client: str
    challenge: str
    user_code: str
    until: float
    interval: float = INTERVAL
    asked: float = 0.0
    user: str | None = None


class Devices:
    """The device logins of one identity service.

    Args:
        clock: The time at all hosts.
        seconds: How long a login waits.
    """

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock, self.seconds = clock, seconds
        self._waiting: dict[str, Waiting] = {}
        self._lock = threading.Lock()

    def begin(self, client: str, challenge: str = "") -> tuple[str, str]:
        """Return a new device code and user code."""
        device, user = secrets.token_urlsafe(24), f"{secrets.token_hex(2)}-{secrets.token_hex(2)}".upper()
        until = self._clock.now() + self.seconds
        with self._lock:
            self._waiting[device] = Waiting(client=client, challenge=challenge, user_code=user, until=until)
        return device, user

    def approve(self, user_code: str, user: str) -> None:
        """Do what a person does in the browser.

        Raises:
            LookupError: Nobody waits with this code.
        """
        with self._lock:
            found = [w for w in self._waiting.values() if w.user_code == user_code]
            if not found:
                raise LookupError(user_code)
            found[0].user = user

    def decline(self, user_code: str) -> None:
        """Do what a person does in the browser who does not want this login.

        Raises:
            LookupError: Nobody waits with this code.
        """
        self.approve(user_code, _NOBODY)

    def ask(self, device: str, client: str, verifier: str) -> str | Response:
        """Return the user who allowed a login, or the error to answer with."""
        with self._lock:
            found, now = self._waiting.get(device), self._clock.now()
            if found is None or found.client != client or not _matches(found.challenge, verifier):
                return _error("invalid_grant")
            if now >= found.until:
                return _error("expired_token")
            early, found.asked = now < found.asked + found.interval, now
            if early:
                found.interval += 5
                return _error("slow_down")
            if found.user is None:
                return _error("authorization_pending")
            if found.user == _NOBODY:
                return _error("access_denied")
            return self._waiting.pop(device).user or ""


def _matches(challenge: str, verifier: str) -> bool:
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode()
    return not challenge or digest.rstrip("=") == challenge


def _error(name: str) -> Response:
    return plain_json({"error": name, "error_description": name.replace("_", " ")}, 400)
