"""Files in buckets: open ones without a login, paid ones only when that is allowed."""

from __future__ import annotations

import os
import threading
import warnings
from urllib.parse import urlsplit

from multisat.auth import Credential, find
from multisat.auth.hosts import host_of
from multisat.auth.wants import AWS, CDSE_S3, CDSE_S3_HOST
from multisat.config import setting
from multisat.contracts import Access, Asset
from multisat.errors import CredentialsError, CredentialsWarning

NAME = "earth-search"
_OPEN = {"copernicus-dem-30m": "eu-central-1"}
"""Buckets anybody reads without a login, with their regions (recorded items, 2025-07-31)."""
_PAID = {"usgs-landsat": "us-west-2", "sentinel-s1-l1c": "eu-central-1", "sentinel-s2-l1c": "eu-central-1"}
"""Buckets whose reader pays for requests and transfer (Earth Search README, 2025-05)."""
_USUAL = "us-west-2"
_AMAZON = "s3.amazonaws.com"
_ENDPOINTS = ("AWS_S3_ENDPOINT", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
"""Variables that point tools at another store; the keys beside them are for that one."""
_warned: set[str] = set()
_lock = threading.Lock()


def bucket_access(asset: Asset) -> Access:
    """Return how to open a file in a bucket.

    Raises:
        CredentialsError: The reader would pay, and that was not allowed; or the keys are not for Amazon.
    """
    bucket = urlsplit(asset.href).netloc
    if bucket in _PAID:
        return _paid(asset, bucket)
    gdal = {"AWS_NO_SIGN_REQUEST": "YES", "AWS_REGION": _OPEN.get(bucket, _USUAL)}
    return Access(href=asset.href, gdal=gdal)


def _paid(asset: Asset, bucket: str) -> Access:
    if setting(NAME, "requester_pays") != "yes":
        raise CredentialsError(
            f"s3://{bucket} charges its reader",
            provider=NAME,
            asset=asset.key,
            hint="take the scene from another provider, or allow the cost: "
            "MULTISAT_EARTH_SEARCH_REQUESTER_PAYS=yes with AWS keys",
        )
    keys = amazon_keys()
    _say_the_cost(bucket)
    gdal = {"AWS_REQUEST_PAYER": "requester", "AWS_NO_SIGN_REQUEST": "NO", "AWS_REGION": _PAID[bucket]}
    if keys is not None:
        gdal |= {
            "AWS_ACCESS_KEY_ID": keys.user,
            "AWS_SECRET_ACCESS_KEY": keys.reveal_to(f"https://{_AMAZON}/"),
            "AWS_SESSION_TOKEN": keys.session.reveal() if keys.session else "",
        }
    return Access(href=asset.href, gdal={name: value for name, value in gdal.items() if value})


def amazon_keys() -> Credential | None:
    """Return the user's keys for Amazon, or None; then GDAL may still find a role of this machine.

    Raises:
        CredentialsError: There are keys, and they are for another store.
    """
    keys = find(AWS, (_AMAZON,))
    if keys is None:
        return None
    other = _other_store() if keys.where.startswith("environment") else None
    cdse = find(CDSE_S3, (CDSE_S3_HOST,))
    if other or (cdse is not None and cdse.user == keys.user):
        raise CredentialsError(
            f"the keys of {keys.where} are for {other or CDSE_S3_HOST}, and not for Amazon",
            provider=NAME,
            hint="put Amazon's own keys into ~/.aws/credentials, and those of Copernicus into ~/.s3cfg",
        )
    return keys


def _other_store() -> str | None:
    """Return the host of the store that is not Amazon's and that the environment points at, or None."""
    named = (os.environ[name] for name in _ENDPOINTS if os.environ.get(name))
    hosts = (host_of(text if "://" in text else f"https://{text}") for text in named)
    return next((host for host in hosts if not host.endswith(".amazonaws.com")), None)


def _say_the_cost(bucket: str) -> None:
    with _lock:
        if bucket in _warned:
            return
        _warned.add(bucket)
    text = (
        f"reading s3://{bucket} costs you money: its owner lets readers pay for requests and transfer "
        f"(free of transfer only inside {_PAID[bucket]})"
    )
    warnings.warn(text, CredentialsWarning, stacklevel=2)
