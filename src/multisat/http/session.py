"""A requests session that sends only what it is given."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING
from urllib.request import getproxies

from multisat.http.redacting import redact_logs
from multisat.http.redirects import RedirectRefused, next_address

if TYPE_CHECKING:
    import requests

_MAX_REDIRECTS = 5
_FREE = {
    *("accept", "accept-encoding", "accept-language", "connection", "content-length", "content-type"),
    *("range", "transfer-encoding", "user-agent"),
}
"""Headers that any host may see; all others belong to the host they were meant for."""


def open_session() -> requests.Session:
    """Return a session that reads no netrc file, with proxies and certificates of the environment.

    ``trust_env`` would also send netrc passwords to whichever host a redirect leads to, and let
    them replace a bearer token; it is off. Proxies and certificate bundles are passed by hand.
    """
    redact_logs()
    session = _session_kind()()
    session.trust_env = False
    session.max_redirects = _MAX_REDIRECTS
    session.proxies.update(getproxies())
    bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    if bundle:
        session.verify = bundle
    session.headers["User-Agent"] = _user_agent()
    return session


@cache
def _session_kind() -> type[requests.Session]:
    """Return the kind of session, made late because requests is slow to import."""
    import requests

    class CarefulSession(requests.Session):
        """Follows redirects where they may lead, and leaves behind what belongs to the host before."""

        def get_redirect_target(self, resp: requests.Response) -> str | None:
            target = super().get_redirect_target(resp)
            try:
                return target if target is None else next_address(resp.url, target)
            except RedirectRefused:
                resp.close()
                raise

        def rebuild_auth(
            self, prepared_request: requests.PreparedRequest, response: requests.Response
        ) -> None:
            super().rebuild_auth(prepared_request, response)
            if self.should_strip_auth(response.url or "", prepared_request.url or ""):
                for name in [name for name in prepared_request.headers if name.lower() not in _FREE]:
                    del prepared_request.headers[name]

    return CarefulSession


def _user_agent() -> str:
    from importlib.metadata import version

    return f"multisat-eo/{version('multisat-eo')}"
