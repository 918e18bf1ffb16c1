"""Reading straight from NASA's buckets; that works inside us-west-2 only, so it is asked for."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from urllib.parse import urlsplit

from multisat.auth import Secret
from multisat.auth.asking import ask, ends_at, refused, text
from multisat.auth.hosts import origin
from multisat.auth.renewing import Renewing, Token
from multisat.config import setting
from multisat.contracts import Access

_NAME = "nasa-cmr"
_REGION = "us-west-2"
_PARTS = ("accessKeyId", "secretAccessKey", "sessionToken")


def wants_direct(href: str) -> bool:
    """Whether a file is to be read from its bucket: the setting ``direct_s3`` says ``yes``."""
    return setting(_NAME, "direct_s3") == "yes" and urlsplit(href).path.count("/") > 1


def direct(
    href: str,
    headers: Mapping[str, str],
    known: dict[tuple[str, Secret], Renewing],
    lock: threading.Lock,
) -> Access:
    """Return how to open a file in its bucket, with keys that last about an hour.

    Args:
        href: Its address on the data host; the bucket is the first part of the path.
        headers: What opens the data host.
        known: Keys by data host and login.
        lock: Guards ``known``.

    Raises:
        CredentialsError: The login was refused.
        ProviderError: The data host does not answer.
    """
    with lock:
        name = (origin(href), Secret(str(sorted(headers.items()))))
        keys = known.setdefault(name, Renewing(partial(_fetch, f"{origin(href)}/s3credentials", headers)))
    secret = keys.get().secret
    key, password, session = secret.reveal().split("\n")
    gdal = {
        "AWS_REGION": _REGION,
        "AWS_NO_SIGN_REQUEST": "NO",
        "AWS_ACCESS_KEY_ID": key,
        "AWS_SECRET_ACCESS_KEY": password,
        "AWS_SESSION_TOKEN": session,
    }
    return Access(href=f"s3:/{urlsplit(href).path}", gdal=gdal, refused=partial(keys.refuse, secret))


def _fetch(url: str, headers: Mapping[str, str]) -> Token:
    begun = time.time()
    answer, ahead = ask(_NAME, "GET", url, headers=headers)
    if answer.status != HTTPStatus.OK:
        raise refused(_NAME, answer, "the Earthdata login", "see multisat doctor")
    parts = [text(answer.told, name, _NAME) for name in _PARTS]
    return Token(
        secret=Secret("\n".join(parts)), begun=begun, ends=ends_at(answer.told.get("expiration"), ahead)
    )
