"""Tokens that end, and codes that hold once."""

from __future__ import annotations

import base64
import json
import secrets
import threading
from dataclasses import dataclass

from multisat.sandbox.secure.world import Clock


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Whom a token stands for, and until when.

    Attributes:
        user: User or client.
        until: Seconds since 1970.
        note: What else is bound to it.
    """

    user: str
    until: float
    note: str = ""


class Tokens:
    """Tokens given out by one host.

    Args:
        clock: The time at all hosts.
        seconds: How long a token holds.
    """

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock, self._seconds = clock, seconds
        self._grants: dict[str, Grant] = {}
        self._lock = threading.Lock()

    def issue(self, user: str, note: str = "", *, like_jwt: bool = False) -> str:
        """Return a new token.

        Args:
            user: User or client.
            note: What else is bound to it.
            like_jwt: Whether it looks like a JSON web token; its signature means nothing.
        """
        until = self._clock.now() + self._seconds
        token = _like_jwt(user, until) if like_jwt else secrets.token_urlsafe(24)
        with self._lock:
            self._grants[token] = Grant(user=user, until=until, note=note)
        return token

    def grant(self, token: str | None) -> Grant | None:
        """Return what a token stands for, or None if it is unknown or has ended."""
        with self._lock:
            found = self._grants.get(token or "")
        return found if found and found.until > self._clock.now() else None

    def take(self, token: str | None) -> Grant | None:
        """Return what a token stands for and forget it, so that it holds once."""
        found = self.grant(token)
        with self._lock:
            return found if self._grants.pop(token or "", None) else None

    def held_by(self, user: str) -> list[tuple[str, Grant]]:
        """Return the tokens of a user that have not ended."""
        with self._lock:
            mine = [(t, g) for t, g in self._grants.items() if g.user == user]
        return [(token, grant) for token, grant in mine if grant.until > self._clock.now()]

    def clear(self) -> None:
        """End all tokens."""
        with self._lock:
            self._grants.clear()


def _like_jwt(user: str, until: float) -> str:
    head = {"alg": "none", "typ": "JWT"}
    claims = {"sub": user, "exp": int(until), "jti": secrets.token_hex(8), "synthetic": True}
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (head, claims)
    ]
    return ".".join([*parts, secrets.token_urlsafe(16)])
