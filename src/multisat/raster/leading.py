"""Where an address leads, asked by ourselves before a library that follows every redirect reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING

from multisat.auth.hosts import origin
from multisat.contracts import Access
from multisat.errors import AssetRefused, AssetUnreadable
from multisat.http.client import CONNECT_TIMEOUT
from multisat.http.redirects import REDIRECTS, RedirectRefused, next_address
from multisat.http.session import open_session

if TYPE_CHECKING:
    import requests

_LEFT_BEHIND = {"authorization", "cookie"}
"""Headers that the engine and GDAL leave behind when another host is what they are led to."""
_MOST = 8
_STALL = 20.0
_REFUSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


def has_own_headers(access: Access) -> bool:
    """Whether a file is asked for with headers that libraries take along to other hosts."""
    return bool({name.lower() for name in access.headers} - _LEFT_BEHIND)


def final(access: Access) -> Access:
    """Return how to open a file at the end of all redirects; headers stay behind with their own host.

    Costs one request of one byte for each step, and one for the end.

    Args:
        access: How to open it now; what is not on the web is returned as it is.

    Raises:
        AssetUnreadable: It leads to a file, into a more private network, or in circles.
        AssetRefused: It is refused at the end (401, 403).
    """
    url, first = access.href, origin(access.href)
    if not first.startswith(("http://", "https://")):
        return access
    with open_session() as session:
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        for _ in range(_MOST):
            headers = access.headers if origin(url) == first else {}
            target = _target(session, url, headers)
            if target is None:
                return access if url == access.href else replace(access, href=url, headers=headers)
            url = _next(url, target)
    raise AssetUnreadable("redirects without end", hint="the login may not be accepted: multisat doctor")


def _target(session: requests.Session, url: str, headers: Mapping[str, str]) -> str | None:
    """Return what an address redirects to, or None; what fails otherwise fails again where it is read."""
    import requests

    asked = {**headers, "Range": "bytes=0-0"}
    wait = (CONNECT_TIMEOUT, _STALL)
    try:
        with session.get(url, headers=asked, stream=True, allow_redirects=False, timeout=wait) as answer:
            target, status = answer.headers.get("Location"), answer.status_code
    except requests.exceptions.ReadTimeout:
        raise AssetUnreadable("the server stalls: no byte for too long", hint="try again later") from None
    except requests.exceptions.RequestException:
        return None
    if status in _REFUSED:
        raise AssetRefused(f"access is refused ({status})", hint="it may need a login: multisat doctor")
    return target if status in REDIRECTS else None


def _next(url: str, target: str) -> str:
    try:
        return next_address(url, target)
    except RedirectRefused as error:
        raise AssetUnreadable(str(error.args[0]), hint=error.hint) from None
