"""The file of one job on its server: asked for anew at each try, read as it arrives."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from multisat.contracts import Access, Asset, Deadline
from multisat.downloads import problems
from multisat.downloads.locking import Stopped
from multisat.downloads.opening import Opener, host, scheme
from multisat.downloads.plan import Job
from multisat.errors import AssetUnreadable, MultisatError
from multisat.http.retry import RetryPolicy

if TYPE_CHECKING:
    import requests

AccessTo = Callable[[str, Asset], Access]
"""Provider name and asset to how the asset is opened now."""

T = TypeVar("T")
_POLICY = RetryPolicy(tries=5)
_LONGEST_WAIT = 120.0
_CHUNK = 2**18
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_SLOW_BYTES, _SLOW_SECONDS = 2**15, 60.0


class Source:
    """A file on a server.

    Args:
        job: The file.
        opener: Opens addresses.
        access: Tells how to open an asset of a provider now.
        deadline: Calls the work off.
    """

    def __init__(self, job: Job, *, opener: Opener, access: AccessTo, deadline: Deadline) -> None:
        self.provider = job.provider
        self.host = host(job.asset.href)
        self._renewed = False
        self._job, self._opener, self._ask, self._deadline = job, opener, access, deadline

    def access(self) -> Access:
        """Return how to open the file now.

        Raises:
            AssetUnreadable: It is not on a web server, or the plugin cannot say.
            CredentialsError: A login is needed and none is there.
            Again: Signing needs the network, and that failed.
        """
        try:
            access = self._ask(self.provider, self._job.asset)
        except MultisatError:
            raise
        except OSError as error:
            raise self.broken(error) from None
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything; its words may hold a secret
            text = f"the plugin cannot say how to open the file: {type(error).__name__}"
            raise AssetUnreadable(text, hint="report it to the plugin's author") from None
        if scheme(access.href) not in {"http", "https"}:
            raise problems.not_https(scheme(access.href))
        self.host = host(access.href)
        return access

    def opened(self, headers: Mapping[str, str]) -> closing[requests.Response]:
        """Return an answer of any status, its body not read yet, to be used in a with statement.

        Raises:
            Again: There is no answer.
            Stopped: The work was called off.
        """
        import requests

        if self._deadline.passed:
            raise Stopped
        access = self.access()
        try:
            answer = self._opener.open(access, {"Accept-Encoding": "identity", **headers})
        except requests.RequestException as error:
            raise self.broken(error) from None
        if answer.status_code in _REFUSED and access.refused is not None and not self._renewed:
            answer.close()
            self._renew(access.refused)
            return self.opened(headers)
        return closing(answer)

    def _renew(self, refused: Callable[[], None]) -> None:
        """Have a refused access made anew, once for this file."""
        self._renewed = True
        try:
            refused()
        except OSError as error:
            raise self.broken(error) from None

    def repeat(self, work: Callable[[], T]) -> T:
        """Return what a piece of work gives, tried again while its failures may pass.

        Raises:
            MultisatError: The failure of the last try.
            Stopped: The work was called off.
        """
        attempt = 1
        while True:
            try:
                return work()
            except problems.Again as again:
                wait = _POLICY.wait(attempt, again.headers)
                if attempt >= _POLICY.tries or wait > _LONGEST_WAIT:
                    raise again.error from None
                if not self._deadline.sleep(wait):
                    raise Stopped from None
                attempt += 1

    def chunks(self, answer: requests.Response) -> Iterator[bytes]:
        """Yield what has arrived, until the end of the body.

        Raises:
            Again: The connection broke, or almost nothing came for a minute.
            Stopped: The work was called off.
        """
        import urllib3

        since, count = time.monotonic(), 0
        while True:
            try:
                chunk = answer.raw.read1(_CHUNK, decode_content=True)
            except (urllib3.exceptions.HTTPError, OSError) as error:
                raise self.broken(error) from None
            if not chunk:
                return
            yield chunk
            count += len(chunk)
            if self._deadline.passed:
                raise Stopped
            if time.monotonic() - since > _SLOW_SECONDS:
                if count < _SLOW_BYTES:
                    raise self.broken(TimeoutError())
                since, count = time.monotonic(), 0

    def broken(self, error: BaseException) -> problems.Again:
        """Return the failure of a connection, named without the address."""
        inner = next((one for one in error.args[:2] if isinstance(one, BaseException)), error)
        kind = type(getattr(inner, "reason", None) or inner).__name__
        hint = "check the network, then run the same again; what is there is kept"
        return problems.Again(AssetUnreadable(f"no whole answer from {self.host}: {kind}", hint=hint))
