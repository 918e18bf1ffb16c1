"""A requests session that sends only what it is given."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.request import getproxies

if TYPE_CHECKING:
    import requests

_MAX_REDIRECTS = 5


def open_session() -> requests.Session:
    """Return a session that reads no netrc file, with proxies and certificates of the environment.

    ``trust_env`` would also send netrc passwords to whichever host a redirect leads to, and let
    them replace a bearer token; it is off. Proxies and certificate bundles are passed by hand.
    """
    import requests

    session = requests.Session()
    session.trust_env = False
    session.max_redirects = _MAX_REDIRECTS
    session.proxies.update(getproxies())
    bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    if bundle:
        session.verify = bundle
    session.headers["User-Agent"] = _user_agent()
    return session


def _user_agent() -> str:
    from importlib.metadata import version

    return f"multisat-eo/{version('multisat-eo')}"
