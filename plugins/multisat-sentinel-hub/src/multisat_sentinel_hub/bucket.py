"""The user's own bucket, into which batch jobs deliver.

The settings ``bucket`` (``s3://NAME/FOLDER``), ``bucket_url`` (of a store that is not Amazon's) and
``bucket_region`` say where; the keys are those of the service ``sentinel-hub-bucket``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from multisat.auth import Credential, find
from multisat.auth.hosts import origin
from multisat.auth.wants import Want
from multisat.config import setting
from multisat.errors import CredentialsError, ProviderRefused, UnsupportedOperation
from multisat_sentinel_hub.deployments import NAME, Deployment

_WANT = Want(
    provider="sentinel-hub-bucket",
    variables=(("s3", ("SH_BUCKET_ACCESS_KEY_ID", "SH_BUCKET_SECRET_ACCESS_KEY")),),
)
_REGION = "eu-central-1"
_PATIENCE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """Where jobs deliver.

    Attributes:
        place: Whom its keys are told, so that it can write there.
        name: Of the bucket.
        folder: In it, without slashes at its ends.
        endpoint: Address of the store.
        region: Of the store.
        keys: Bound to the store and to the place.
    """

    place: Deployment
    name: str
    folder: str
    endpoint: str
    region: str
    keys: Credential

    def told(self, key: str) -> dict[str, dict[str, str]]:
        """Return what the service must know of an object or folder; it holds the keys."""
        where = {"url": f"s3://{self.name}/{self.folder}/{key}".rstrip("/"), "region": self.region}
        secret = self.keys.reveal_to(self.place.url)
        return {"s3": {**where, "accessKey": self.keys.user, "secretAccessKey": secret}}

    def put(self, key: str, body: bytes) -> None:
        """Write an object.

        Raises:
            ProviderRefused: The store does not take it.
        """
        try:
            obstore.put(self._store(), f"{self.folder}/{key}", body)
        except BaseError as error:
            raise self._refused("write", key, error) from None

    def get(self, key: str) -> bytes:
        """Return an object.

        Raises:
            ProviderRefused: It is not there, or the store does not give it.
        """
        found = self.find(key)
        if found is None:
            raise self._refused("read", key, FileNotFoundError())
        return found

    def find(self, key: str) -> bytes | None:
        """Return an object, or None if it is not there.

        Raises:
            ProviderRefused: The store does not give it.
        """
        try:
            return bytes(obstore.get(self._store(), f"{self.folder}/{key}").bytes())
        except FileNotFoundError:
            return None
        except BaseError as error:
            raise self._refused("read", key, error) from None

    def _store(self) -> S3Store:
        return S3Store(
            self.name,
            endpoint=self.endpoint,
            region=self.region,
            access_key_id=self.keys.user,
            secret_access_key=self.keys.reveal_to(self.endpoint),
            virtual_hosted_style_request=False,
            client_options={"allow_http": self.endpoint.startswith("http://")},
            retry_config={"max_retries": 4, "retry_timeout": _PATIENCE},
        )

    def _refused(self, verb: str, key: str, error: Exception) -> ProviderRefused:
        return ProviderRefused(
            f"cannot {verb} {key} in s3://{self.name}/{self.folder}: {type(error).__name__}",
            provider=NAME,
            hint="check the bucket and its keys, and that the job is done",
        )


def find_bucket(place: Deployment) -> Bucket:
    """Return the bucket of the settings.

    Raises:
        UnsupportedOperation: None is set.
        CredentialsError: Its keys are missing.
    """
    parts = urlsplit(setting(NAME, "bucket") or "")
    if parts.scheme != "s3" or not parts.netloc:
        raise UnsupportedOperation(
            "a job delivers into a bucket of yours, and none is set",
            provider=NAME,
            hint="MULTISAT_SENTINEL_HUB_BUCKET=s3://NAME/FOLDER, or run it at once",
        )
    region = setting(NAME, "bucket_region") or _REGION
    endpoint = (setting(NAME, "bucket_url") or f"https://s3.{region}.amazonaws.com").rstrip("/")
    keys = find(_WANT, (origin(endpoint), origin(place.url)))
    if keys is None:
        raise CredentialsError(
            f"there are no keys for s3://{parts.netloc}",
            provider=NAME,
            hint="set SH_BUCKET_ACCESS_KEY_ID and SH_BUCKET_SECRET_ACCESS_KEY",
        )
    return Bucket(
        place=place,
        name=parts.netloc,
        folder=parts.path.strip("/") or "multisat",
        endpoint=endpoint,
        region=region,
        keys=keys,
    )
