"""One back-end over HTTP: the openEO client's connection, with our login, patience and errors."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from multisat.auth.hosts import host_of, origin
from multisat.auth.wants import CDSE_PROVIDER
from multisat.contracts import Deadline
from multisat.errors import (
    InvalidAnswer,
    MultisatError,
    ProviderRefused,
    ProviderTimeout,
    ProviderUnavailable,
)
from multisat.http.retry import RETRIED, RetryPolicy
from multisat.http.session import open_session
from multisat_openeo.backends import Habits, habits_at
from multisat_openeo.limiting import Limiter
from multisat_openeo.login import Login, bearer, log_in, token_url
from multisat_openeo.refusing import NAME, TooManyJobs, error_of

if TYPE_CHECKING:
    import requests
    from openeo.rest.connection import Connection

log = logging.getLogger(__name__)

_CONNECT, _READ, _LONGEST = 10.0, 30.0, 1800.0
"""Seconds for a connection, for an answer, and for a synchronous result."""
_NOW = 0.001
_PATIENCE = 300.0
"""Seconds that a question may take with all its tries if the caller sets no deadline."""
_POLICY = RetryPolicy(tries=6)
_BUSY = frozenset({429, 503})


class Service:
    """A back-end; nothing is asked of it before it must be.

    Args:
        url: Its address.
        limiter: Of requests that compute; None is what the back-end is known to allow.
    """

    def __init__(self, url: str, *, limiter: Limiter | None = None) -> None:
        self.url = url
        self.known: Habits = habits_at(url)
        self._limiter = limiter or Limiter(self.known.requests_a_minute)
        self._lock = threading.RLock()
        self._kept = ""

    @cached_property
    def connection(self) -> Connection:
        """The openEO client's connection; made once.

        Raises:
            ProviderUnavailable: There is no answer.
            InvalidAnswer: Nobody there speaks openEO.
            ProviderRefused: The API is at another host.
        """
        from openeo.rest.connection import connect

        logging.getLogger("openeo").addHandler(logging.NullHandler())  # its warnings are our errors
        try:
            made = connect(self.url, session=open_session(), default_timeout=int(_READ), auto_validate=False)
            made.capabilities()
        except Exception as error:
            raise self._no_openeo(error) from error
        if origin(made.root_url) != origin(self.url):
            raise ProviderRefused(
                f"{self.url} sends us to another host, {origin(made.root_url)}, which gets no login",
                provider=NAME,
                hint=f"if it is yours to trust: MULTISAT_OPENEO_URL={made.root_url}",
            )
        return made

    def _no_openeo(self, error: Exception) -> MultisatError:
        import requests
        from openeo.rest import OpenEoApiError

        if isinstance(error, OpenEoApiError):
            return error_of(error.http_status_code or 500, {"code": error.code, "message": error.message})
        hint = "check the address of the back-end: MULTISAT_OPENEO_URL"
        if isinstance(error, requests.exceptions.RequestException) and not isinstance(error, ValueError):
            return ProviderUnavailable(
                f"no answer from {self.url}: {type(error).__name__}", provider=NAME, hint=hint
            )
        return InvalidAnswer(f"{self.url} does not speak openEO", provider=NAME, hint=hint)

    @cached_property
    def _login(self) -> Login:
        return log_in(self.url)

    @cached_property
    def _issuer(self) -> str:
        """What the back-end calls the login service that our tokens are from."""
        listed = self.json("GET", "/credentials/oidc", login=False).get("providers") or []
        ids = {host_of(str(one.get("issuer"))): str(one.get("id")) for one in listed if isinstance(one, dict)}
        return ids.get(host_of(token_url())) or next(iter(ids.values()), CDSE_PROVIDER)

    def owns(self, href: str) -> bool:
        """Whether an address is the back-end's own, so that the login may go there."""
        return origin(href) == origin(self.url)

    def who(self) -> Mapping[str, Any]:
        """Return what the back-end says of the account."""
        return self.json("GET", "/me")

    def json(self, method: str, path: str, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - those of ask
        """Return the JSON object of an answer; see ``ask``.

        Raises:
            InvalidAnswer: It is none.
        """
        answer = self.ask(method, path, **options)
        try:
            found = answer.json()
        except ValueError:
            found = None
        finally:
            answer.close()
        if not isinstance(found, dict):
            raise InvalidAnswer(f"{path} gives no JSON object", provider=NAME, hint="try again later")
        return found

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        login: bool = True,
        computes: bool = False,
        stream: bool = False,
        deadline: Deadline | None = None,
    ) -> requests.Response:
        """Return a successful answer.

        Args:
            method: HTTP method.
            path: Below the address of the API.
            body: Sent as JSON.
            login: Whether the account is needed.
            computes: Whether it counts against the requests a minute; it may take long.
            stream: Whether the body is left to be read.
            deadline: Total time limit.

        Raises:
            MultisatError: See ``error_of``; 429 and 5xx only after several tries.
        """
        until = deadline or Deadline(_LONGEST if computes else _PATIENCE)
        sent: dict[str, Any] = {"method": method, "json": body, "stream": stream}

        def work(token: str | None) -> requests.Response:
            return self._tried(path, token, sent, until, computes=computes)

        if not login:
            return work(None)
        basic = self._login.basic(self.url)
        return work(self._basic(basic)) if basic else self._login.with_token(self.url, self._with(work))

    def _with(self, work: Callable[[str | None], requests.Response]) -> Callable[[str], requests.Response]:
        return lambda token: work(bearer(token, self._issuer) if "/" not in token else token)

    def _basic(self, pair: tuple[str, str]) -> str:
        """Return the token that user and password are exchanged for."""
        import requests

        with self._lock:
            if not self._kept:
                path = self.connection.build_url("/credentials/basic")
                answer = self.connection.session.get(
                    path, auth=requests.auth.HTTPBasicAuth(*pair), timeout=_READ
                )
                if not answer.ok:
                    raise error_of(answer.status_code, _json(answer))
                self._kept = f"basic//{answer.json()['access_token']}"
            return self._kept

    def _tried(
        self, path: str, token: str | None, sent: Mapping[str, Any], deadline: Deadline, *, computes: bool
    ) -> requests.Response:
        for attempt in range(1, _POLICY.tries + 1):
            if computes and not self._limiter.wait(deadline):
                raise self._late()
            left = deadline.remaining
            limits = left(_CONNECT) or _NOW, left(_LONGEST if computes else _READ) or _NOW
            answer, error = _outcome(partial(self._once, path, token, {**sent, "timeout": limits}))
            if answer is not None and error is None:
                return answer
            if deadline.passed:
                raise self._late(error) from error
            wait = _POLICY.wait(attempt, answer.headers if answer is not None else None)
            if attempt == _POLICY.tries or not _passes(answer, sent["method"], error):
                break
            log.debug("try %d failed, waiting %.2f s", attempt, wait)
            if wait > deadline.remaining() or not deadline.sleep(wait):
                raise self._late(error) from error
        raise error or self._late()

    def _once(self, path: str, token: str | None, sent: Mapping[str, Any]) -> requests.Response:
        """Send one request; an address that is not the back-end's own gets no login."""
        url = self.connection.build_url(path)
        headers = {"Authorization": f"Bearer {token}"} if token is not None and self.owns(url) else {}
        return self.connection.session.request(url=url, headers=headers, **sent)

    def _late(self, last: MultisatError | None = None) -> ProviderTimeout:
        said = f"; the last one was {last.args[0]}" if last is not None else ""
        return ProviderTimeout(
            f"no answer within the deadline{said}",
            provider=NAME,
            hint="allow more time, or run it as a batch job",
        )


def _outcome(work: Callable[[], requests.Response]) -> tuple[requests.Response | None, MultisatError | None]:
    """Return an answer, and the error it stands for if it fails."""
    import requests

    try:
        answer = work()
    except requests.exceptions.RequestException as broken:
        what = f"no whole answer: {type(broken).__name__}"
        hint = "check the network and the address of the back-end, then try again"
        return None, ProviderUnavailable(what, provider=NAME, hint=hint)
    if answer.ok:
        return answer, None
    with answer:
        return answer, error_of(answer.status_code, _json(answer))


def _passes(answer: requests.Response | None, method: str, error: MultisatError | None) -> bool:
    """Whether it is worth trying again: a POST that is lost on the way may have made a job."""
    if isinstance(error, TooManyJobs):
        return False
    if method == "GET":
        return answer is None or answer.status_code in RETRIED
    return answer is not None and answer.status_code in _BUSY


def _json(answer: requests.Response) -> object:
    try:
        return answer.json()
    except ValueError:
        return None
