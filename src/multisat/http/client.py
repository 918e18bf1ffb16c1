"""One connection pool to one service, with retries, a size limit and a deadline."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from multisat.contracts import Deadline
from multisat.errors import InvalidAnswer, MultisatError, ProviderError, ProviderTimeout, ProviderUnavailable
from multisat.http.answers import Answer, refusal, skew
from multisat.http.redirects import RedirectRefused
from multisat.http.retry import RETRIED, RetryPolicy
from multisat.http.session import open_session

if TYPE_CHECKING:
    import requests

log = logging.getLogger(__name__)

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 30.0
MAX_BYTES = 128 * 2**20
_CHUNK = 2**16


T = TypeVar("T")


class HttpClient:
    """Sends requests to one service and gives back whole bodies.

    Args:
        provider: Name for error messages.
        max_bytes: Largest body accepted, after decompression.
        deadline: Total time limit over all requests.

    Attributes:
        requests: How many were sent.
        skew: Seconds the service's clock is ahead of ours, by its last answer.
    """

    def __init__(
        self, provider: str, *, max_bytes: int = MAX_BYTES, deadline: Deadline | None = None
    ) -> None:
        self.provider = provider
        self.requests = 0
        self.skew = 0.0
        self._max_bytes = max_bytes
        self._deadline = deadline or Deadline()
        self._session = open_session()

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def fetch(
        self,
        method: str,
        url: str,
        *,
        json: object = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        policy: RetryPolicy | None = None,
    ) -> bytes:
        """Return the body of a successful answer.

        Args:
            method: ``GET`` or ``POST``.
            url: Address.
            json: Body to send as JSON.
            params: Query.
            headers: Headers for the host of ``url``.
            policy: How often to try.

        Raises:
            ProviderTimeout: The deadline passed.
            ProviderUnavailable: Refused connections, 429 or 5xx to the last try.
            ProviderRefused: Any other status that is not success.
            CredentialsError: 401.
            RedirectRefused: A redirect leads to a file, or into the reader's own network.
            InvalidAnswer: The body is too large, cut or not decodable.
        """
        asked = {"json": json, "params": params, "headers": headers}
        return self._tried(lambda: self._once(self._read, method, url, **asked), policy or RetryPolicy())

    def ask(
        self,
        method: str,
        url: str,
        *,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        policy: RetryPolicy | None = None,
    ) -> Answer:
        """Return an answer of any status but those that pass; redirects are not followed.

        For requests with a login in them: nothing of the answer gets into an error.

        Raises:
            ProviderTimeout: The deadline passed.
            ProviderUnavailable: Refused connections, 429 or 5xx to the last try.
            InvalidAnswer: The body is too large.
        """
        asked = {"data": data, "headers": headers, "allow_redirects": False}
        try:
            return self._tried(lambda: self._once(self._any, method, url, **asked), policy or RetryPolicy())
        except MultisatError as error:
            found = error
        # Without the errors before it: they quote whole addresses, which may hold a code.
        found.__cause__ = found.__context__ = None
        raise found

    def _tried(self, work: Callable[[], T], policy: RetryPolicy) -> T:
        attempt = 1
        while True:
            try:
                return work()
            except _Again as again:
                wait = policy.wait(attempt, again.headers)
                log.debug("%s: try %d failed, waiting %.2f s", self.provider, attempt, wait)
                if attempt >= policy.tries:
                    raise again.error from again.error.__cause__
                if wait > self._deadline.remaining() or not self._deadline.sleep(wait):
                    raise self._timeout() from again.error
                attempt += 1

    def _once(
        self,
        read: Callable[[requests.Response], T],
        method: str,
        url: str,
        **kwargs: Any,  # noqa: ANN401 - requests' own
    ) -> T:
        import requests
        import urllib3

        if self._deadline.passed:
            raise self._timeout()
        self.requests += 1
        try:
            with self._session.request(
                method, url, stream=True, timeout=self._timeouts(), **kwargs
            ) as answer:
                self.skew = skew(answer.headers.get("Date"))
                return read(answer)
        except RedirectRefused as error:
            error.provider = self.provider
            raise
        except requests.exceptions.TooManyRedirects as error:
            raise InvalidAnswer(
                "redirects without end", provider=self.provider, hint="check the address of the provider"
            ) from error
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise _Again(self._broken(url, error)) from error

    def _timeouts(self) -> tuple[float, float]:
        left = self._deadline.remaining
        return max(0.001, left(CONNECT_TIMEOUT)), max(0.001, left(READ_TIMEOUT))

    def _read(self, answer: requests.Response) -> bytes:
        if answer.status_code in RETRIED:
            raise _Again(refusal(self.provider, answer), answer.headers)
        if not answer.ok:
            raise refusal(self.provider, answer)
        return self._body(answer)

    def _any(self, answer: requests.Response) -> Answer:
        import urllib3

        if answer.status_code in RETRIED:
            error = ProviderUnavailable(
                f"{urlsplit(answer.url).hostname} answered {answer.status_code}",
                provider=self.provider,
                hint="the service is busy or broken; try again later",
            )
            raise _Again(error, answer.headers)
        cookies = {cookie.name: cookie.value or "" for cookie in answer.cookies}
        # A refusal counts without its words: the same wrong password again would lock the account.
        body = self._body(answer) if answer.ok else b""
        if not answer.ok:
            with suppress(urllib3.exceptions.HTTPError, OSError):
                body = self._body(answer)
        return Answer(status=answer.status_code, headers=dict(answer.headers), cookies=cookies, body=body)

    def _body(self, answer: requests.Response) -> bytes:
        body = bytearray()
        # read1 gives what has arrived, so a trickling server cannot hold us past the deadline.
        while chunk := answer.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > self._max_bytes:
                raise InvalidAnswer(
                    f"the answer is larger than {self._max_bytes // 2**20} MiB",
                    provider=self.provider,
                    hint="ask for a shorter time range or a smaller area",
                )
            if self._deadline.passed:
                raise self._timeout()
        return bytes(body)

    def _broken(self, url: str, error: Exception) -> ProviderError:
        host = urlsplit(url).netloc.rpartition("@")[2]
        if self._deadline.passed:
            return self._timeout()
        return ProviderUnavailable(
            f"no whole answer from {host}: {_reason(error)}",
            provider=self.provider,
            hint="check the network and the address of the provider, then try again",
        )

    def _timeout(self) -> ProviderTimeout:
        return ProviderTimeout(
            "no answer within the deadline", provider=self.provider, hint="allow a longer deadline"
        )


def _reason(error: BaseException) -> str:
    """Name the kind of failure without the address, which may carry a signature."""
    inner = error.args[0] if error.args and isinstance(error.args[0], BaseException) else error
    return type(getattr(inner, "reason", None) or inner).__name__


class _Again(Exception):
    """A failure that may pass."""

    def __init__(self, error: MultisatError, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.headers = headers
