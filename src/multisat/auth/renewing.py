"""Tokens that end: fetched once for all threads, kept in memory, renewed shortly before."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass

from multisat.auth.secret import Secret
from multisat.errors import CredentialsError, MultisatError

_SHARE, _MOST = 0.1, 60.0
"""A token is renewed when a tenth of its life is left, and a minute at most."""
_REFUSED_FOR = 30.0
"""Seconds a refused login is not tried again: many tries with a wrong password lock an account."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """Something secret that ends.

    Attributes:
        secret: The token.
        begun: When it was fetched, in seconds since 1970.
        ends: When it ends, in seconds since 1970 by our clock; infinite if that is not known.
    """

    secret: Secret
    begun: float
    ends: float

    @property
    def left(self) -> float:
        """Seconds it still holds."""
        return self.ends - time.time()

    @property
    def fresh(self) -> bool:
        """Whether it holds long enough to begin something with it."""
        return self.left > min(_MOST, _SHARE * max(0.0, self.ends - self.begun))


class Renewing:
    """One token, renewed when it must be. Safe to use from many threads; one fetches, the others wait.

    Args:
        fetch: Gets a new token.
    """

    def __init__(self, fetch: Callable[[], Token]) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._token: Token | None = None
        self._refused: tuple[float, CredentialsError] | None = None

    def get(self) -> Token:
        """Return a token that holds.

        Raises:
            CredentialsError: The login was refused, now or a moment ago.
            ProviderError: There is no answer, and no token that holds still.
        """
        token = self._token
        if token is not None and token.fresh:
            return token
        with self._lock:
            if self._token is None or not self._token.fresh:
                self._token = self._renewed(self._token)
            return self._token

    def refuse(self, secret: Secret) -> None:
        """Forget a token that was refused; one that has been renewed meanwhile is kept."""
        with self._lock:
            if self._token is not None and self._token.secret == secret:
                self._token = None

    def _renewed(self, old: Token | None) -> Token:
        if self._refused is not None and time.time() < self._refused[0]:
            raise copy(self._refused[1])
        try:
            return self._fetch()
        except CredentialsError as error:
            self._refused = (time.time() + _REFUSED_FOR, error)
            raise copy(error) from None
        except MultisatError:
            if old is not None and old.left > 0:
                return old
            raise
