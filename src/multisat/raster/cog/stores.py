"""Connections to where files are, kept for as long as their address and login hold."""

from __future__ import annotations

import atexit
import datetime as dt
import time
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from obstore.exceptions import BaseError
from obstore.store import HTTPStore, S3Store

from multisat.contracts import Access
from multisat.raster.cog.limits import Limits
from multisat.raster.cog.refusals import NotForEngine

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

Store = HTTPStore | S3Store
_MOMENT = 0.1
"""Seconds."""
_YES = ("YES", "TRUE", "ON")
_S3 = {
    "AWS_REGION": "region",
    "AWS_S3_ENDPOINT": "endpoint",
    "AWS_ACCESS_KEY_ID": "access_key_id",
    "AWS_SECRET_ACCESS_KEY": "secret_access_key",
    "AWS_SESSION_TOKEN": "session_token",
}


@cache
def _end_in_peace() -> None:
    """Give threads of the stores a moment before Python ends.

    They let go of Python's objects a little after an answer is there; one that finds Python ending
    aborts the process (seen with obstore 0.12 in a quarter of short programs on a busy machine).
    """
    atexit.register(time.sleep, _MOMENT)


def locate(access: Access, limits: Limits) -> tuple[Store, str]:
    """Return the store of a file and its path there.

    Stores with the same origin, signature and headers are one, so connections are shared.

    Raises:
        NotForEngine: An address the stores cannot say.
    """
    _end_in_peace()
    parts = urlsplit(access.href)
    path = unquote(parts.path).lstrip("/")
    if not path or "//" in parts.path or "%2f" in parts.path.lower() or parts.fragment or "@" in parts.netloc:
        raise NotForEngine("an address that only GDAL can open")
    if access.gdal.get("GDAL_HTTP_NETRC", "").upper() in _YES:
        raise NotForEngine("a login that GDAL makes on the way")
    if parts.scheme == "s3":
        return _s3(parts.netloc, _s3_settings(access, parts.netloc), limits), path
    if parts.scheme not in ("http", "https"):
        raise NotForEngine("it is not on a web server")
    origin = f"{parts.scheme}://{parts.netloc}/" + (f"?{parts.query}" if parts.query else "")
    return _http(origin, tuple(sorted(access.headers.items())), limits), path


@lru_cache(maxsize=64)
def _http(origin: str, headers: tuple[tuple[str, str], ...], limits: Limits) -> HTTPStore:
    options = _client(limits, allow_http=origin.startswith("http:"))
    if headers:
        options["default_headers"] = dict(headers)
    return HTTPStore.from_url(origin, client_options=options, retry_config=_retry(limits))


def _s3_settings(access: Access, bucket: str) -> tuple[tuple[str, Any], ...]:
    """Return a bucket's settings from GDAL's words for them; nothing is taken from the environment."""
    given = access.gdal
    unsigned = given.get("AWS_NO_SIGN_REQUEST", "YES").upper() in _YES
    if (not unsigned and "AWS_ACCESS_KEY_ID" not in given) or "AWS_REGION" not in given:
        raise NotForEngine("a bucket whose place or login only GDAL finds")
    found: dict[str, Any] = {ours: given[theirs] for theirs, ours in _S3.items() if theirs in given}
    found["skip_signature"] = unsigned
    in_host = given.get("AWS_VIRTUAL_HOSTING", "").upper() != "FALSE" and "." not in bucket
    found["virtual_hosted_style_request"] = in_host
    if given.get("AWS_REQUEST_PAYER") == "requester":
        found["request_payer"] = True
    # Said always: obstore takes it from the environment else, which may name another store.
    found.setdefault("endpoint", f"s3.{given['AWS_REGION']}.amazonaws.com")
    if "://" not in found["endpoint"]:
        scheme = "http" if given.get("AWS_HTTPS", "").upper() == "NO" else "https"
        found["endpoint"] = f"{scheme}://{found['endpoint']}"
    return tuple(sorted(found.items()))


@lru_cache(maxsize=16)
def _s3(bucket: str, settings: tuple[tuple[str, Any], ...], limits: Limits) -> S3Store:
    given: dict[str, Any] = dict(settings)
    if given["virtual_hosted_style_request"]:
        given["endpoint"] = given["endpoint"].replace("://", f"://{bucket}.", 1)
    plain = str(given["endpoint"]).startswith("http:")
    try:
        return S3Store(
            bucket, **given, client_options=_client(limits, allow_http=plain), retry_config=_retry(limits)
        )
    except BaseError:
        raise NotForEngine("a bucket that only GDAL can open") from None


def _client(limits: Limits, *, allow_http: bool) -> ClientConfig:
    return {
        "allow_http": allow_http,
        "connect_timeout": "10s",
        "read_timeout": dt.timedelta(seconds=limits.stall_seconds),
        "timeout": dt.timedelta(seconds=10 * limits.stall_seconds),
        "user_agent": "multisat",
    }


def _retry(limits: Limits) -> RetryConfig:
    return {
        "max_retries": limits.retries,
        "retry_timeout": dt.timedelta(seconds=limits.retry_seconds),
        "backoff": {
            "init_backoff": dt.timedelta(milliseconds=100),
            "max_backoff": dt.timedelta(seconds=8),
            "base": 2,
        },
    }
