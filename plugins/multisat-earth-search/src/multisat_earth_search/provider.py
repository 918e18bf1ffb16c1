"""Earth Search v1: Sentinel-2, Landsat, Sentinel-1 and the Copernicus DEM on AWS."""

from __future__ import annotations

from urllib.parse import urlsplit

from multisat.config import setting
from multisat.contracts import Access, Asset, Capabilities
from multisat.errors import CredentialsError
from multisat.stac import Dialect, StacProvider
from multisat.vocab.archives import EARTH_SEARCH

_OPEN_BUCKETS = {"copernicus-dem-30m": "eu-central-1"}
"""Buckets anybody reads without a login, with their regions (recorded items, 2025-07-31)."""

_PAID_BUCKETS = {"usgs-landsat": "us-west-2", "sentinel-s1-l1c": "eu-central-1"}
"""Buckets whose reader pays for requests and transfer (Earth Search README, 2025-05)."""


class EarthSearch(StacProvider):
    """Earth Search v1.

    It advertises no CQL2, so property filters go out as ``query``. A cloud limit does not: the
    service would drop scenes whose cloud cover is unknown, and those are to be kept.
    """

    name = "earth-search"
    title = "Element 84 Earth Search"
    default_url = "https://earth-search.aws.element84.com/v1"
    holdings = EARTH_SEARCH
    dialect = Dialect(page_size=200, smallest_page=25, filters="query")

    @property
    def capabilities(self) -> Capabilities:
        """What Earth Search can do."""
        held = super().capabilities
        return Capabilities(collections=held.collections, native=held.native, counts=True)

    def access(self, asset: Asset) -> Access:
        """Return how to open a file: as it is over https, by GDAL's S3 reader from a bucket.

        Raises:
            CredentialsError: The reader would pay, and that was not allowed.
        """
        parts = urlsplit(asset.href)
        if parts.scheme != "s3":
            return Access(href=asset.href)
        bucket = parts.netloc
        if bucket in _PAID_BUCKETS:
            return self._paid(asset, bucket)
        return Access(href=asset.href, gdal={"AWS_REGION": _OPEN_BUCKETS.get(bucket, "us-west-2")})

    def _paid(self, asset: Asset, bucket: str) -> Access:
        if setting(self.name, "requester_pays") != "yes":
            raise CredentialsError(
                f"s3://{bucket} charges its reader",
                provider=self.name,
                asset=asset.key,
                hint="take the scene from another provider, or allow the cost: "
                "MULTISAT_EARTH_SEARCH_REQUESTER_PAYS=yes with AWS keys",
            )
        paid = {"AWS_REQUEST_PAYER": "requester", "AWS_NO_SIGN_REQUEST": "NO"}
        return Access(href=asset.href, gdal={**paid, "AWS_REGION": _PAID_BUCKETS[bucket]})
