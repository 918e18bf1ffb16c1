"""Sentinel Hub over HTTP: logged in, at its pace, what was spent counted."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from multisat.contracts import Deadline
from multisat.errors import InvalidAnswer, ProviderRefused, ProviderTimeout
from multisat.http import HttpClient
from multisat_sentinel_hub.deployments import NAME, Deployment
from multisat_sentinel_hub.login import tokens
from multisat_sentinel_hub.pace import Pace

if TYPE_CHECKING:
    import requests

    from multisat.auth.oauth import OAuthLogin

LARGEST = 256 * 2**20
"""Bytes of an answer: twice those of the largest tile that is asked for."""
_SPENT = "x-processingunits-spent"
_total, _counting = [0.0], threading.Lock()
_EMPTY = ("INSUFFICIENT_PROCESSING_UNITS", "ACCESS_INSUFFICIENT_PROCESSING_UNITS")


class Service(HttpClient):
    """One deployment, for one piece of work. Safe to use from many threads.

    Args:
        place: Where it is.
        deadline: Total time limit.
        login: Its tokens; None finds the user's.

    Attributes:
        spent: Processing units that its answers cost.
    """

    def __init__(
        self, place: Deployment, *, deadline: Deadline | None = None, login: OAuthLogin | None = None
    ) -> None:
        self._limit = deadline or Deadline()
        super().__init__(NAME, max_bytes=LARGEST, deadline=self._limit)
        self.place, self.spent = place, 0.0
        self._pace, self._login = Pace(), login

    def send(self, method: str, path: str, body: object = None, *, accept: str = "application/json") -> bytes:
        """Return the body of an answer; a token that has ended is renewed once.

        Args:
            method: HTTP method.
            path: Behind the root of the deployment.
            body: Sent as JSON.
            accept: Media type that is wanted.

        Raises:
            CredentialsError: There is no login, or it was refused.
            ProviderRefused: The request was refused; out of processing units is said as such.
            ProviderError: There is no answer.
        """
        url = self.place.url + path

        def work(login: Mapping[str, str]) -> bytes:
            self._hold()
            headers = {"Accept": accept, **login}
            return self.fetch(method, url, json=body, headers=headers, policy=self._pace)

        try:
            self._login = self._login or tokens(self.place)
            return self._login.with_headers(url, work)
        except ProviderRefused as error:
            raise _named(error) from error

    def told(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Return the JSON object of an answer; errors as for ``send``.

        Raises:
            InvalidAnswer: It is none.
        """
        answer = self.send(method, path, body)
        try:
            found = json.loads(answer) if answer else {}
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise InvalidAnswer(f"{path} gives no JSON object", provider=NAME, hint="check the address")
        return found

    def _hold(self) -> None:
        """Wait while the service has asked anybody of us to."""
        left = self._pace.rest.left
        if left and (left > self._limit.remaining() or not self._limit.sleep(left)):
            raise ProviderTimeout(
                "no answer within the deadline", provider=NAME, hint="allow more time with deadline="
            )

    def _read(self, answer: requests.Response) -> bytes:
        found = super()._read(answer)
        cost = _number(answer.headers.get(_SPENT))
        with _counting:
            self.spent += cost
            _total[0] += cost
        return found


def spent_so_far() -> float:
    """Return the processing units this process has spent."""
    return _total[0]


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def _named(error: ProviderRefused) -> ProviderRefused:
    """Return the error of a refusal in the words of who has to do something about it."""
    said = str(error.args[0])
    if any(word in said for word in _EMPTY) or ("403" in said and "processing unit" in said.lower()):
        return ProviderRefused(
            "the processing units of this account are used up",
            provider=NAME,
            hint="wait for the next month, or see multisat quota sentinel-hub",
        )
    return error
