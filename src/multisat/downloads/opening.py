"""Asking for a file: headers and logins go to the host they belong to, whatever a redirect says."""

from __future__ import annotations

import netrc
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from multisat.contracts import Access
from multisat.errors import AssetUnreadable
from multisat.http.client import CONNECT_TIMEOUT, READ_TIMEOUT
from multisat.http.redirects import RedirectRefused, next_address
from multisat.http.session import open_session

if TYPE_CHECKING:
    import requests

_MOST_REDIRECTS = 8
_Origin = tuple[str, str, int | None]


class Opener:
    """Opens addresses and follows redirects by hand. Safe to use from many threads.

    A server's cookies go back to that server only, and they are kept in memory.
    """

    def __init__(self) -> None:
        self._session = open_session()
        self._cookies: dict[_Origin, dict[str, str]] = {}

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def open(self, access: Access, headers: Mapping[str, str]) -> requests.Response:
        """Return the last answer, its body not read yet.

        Args:
            access: The address, and what may be sent to its host only.
            headers: What may be sent to any host.

        Raises:
            AssetUnreadable: The address is not http(s), or redirects do not end well.
            requests.RequestException: There is no answer.
        """
        url, first = access.href, _origin(access.href)
        for _ in range(_MOST_REDIRECTS + 1):
            own = access.headers if _origin(url) == first else {}
            answer = self._once(url, {**own, **headers}, _login(access, url))
            target = answer.headers.get("Location") if answer.is_redirect else None
            if target is None:
                return answer
            answer.close()
            url = _next(url, target)
        raise AssetUnreadable(
            "redirects without end", hint="the login may not be accepted; multisat providers lists them"
        )

    def _once(self, url: str, headers: Mapping[str, str], login: tuple[str, str] | None) -> requests.Response:
        from requests import Request

        origin = _origin(url)
        cookies = self._cookies.get(origin, {})
        asked = self._session.prepare_request(Request("GET", url, dict(headers), auth=login, cookies=cookies))
        settings = self._session.merge_environment_settings(asked.url or url, {}, True, None, None)
        # Straight to the adapter: a session reads the bodies of redirects, however long they are.
        answer = self._session.get_adapter(asked.url or url).send(
            asked, timeout=(CONNECT_TIMEOUT, READ_TIMEOUT), **settings
        )
        given = {cookie.name: cookie.value or "" for cookie in answer.cookies}
        if given:
            self._cookies[origin] = {**cookies, **given}
        return answer


def scheme(url: str) -> str:
    """Return the scheme of an address, lower case; empty if it has none."""
    try:
        return urlsplit(url).scheme.lower()
    except ValueError:
        return ""


def host(url: str) -> str:
    """Return the host of an address, for messages; never a login or a query."""
    try:
        return urlsplit(url).hostname or "the server"
    except ValueError:
        return "the server"


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise AssetUnreadable("the address is no address", hint="tell the archive") from None
    return parts


def _origin(url: str) -> _Origin:
    parts = _split(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or usual


def _next(url: str, target: str) -> str:
    try:
        return next_address(url, target)
    except RedirectRefused as error:
        raise AssetUnreadable(str(error.args[0]), hint=error.hint) from None


def _login(access: Access, url: str) -> tuple[str, str] | None:
    """Return the login for the host of an address from the private netrc file of an access, or None."""
    file = access.gdal.get("GDAL_HTTP_NETRC_FILE")
    if not file or access.gdal.get("GDAL_HTTP_NETRC") != "YES" or scheme(url) != "https":
        return None
    try:
        entry = netrc.netrc(file).hosts.get(host(url))
    except (OSError, netrc.NetrcParseError):
        return None
    return (entry[0], entry[2]) if entry and entry[2] else None
