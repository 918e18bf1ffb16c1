"""Earth Search v1: Sentinel-2, Landsat, Sentinel-1 and the Copernicus DEM on AWS."""

from __future__ import annotations

from urllib.parse import urlsplit

from multisat.config import setting
from multisat.contracts import Access, Asset, Capabilities, CredentialStatus
from multisat.stac import Dialect, StacProvider
from multisat.vocab.archives import EARTH_SEARCH
from multisat_earth_search.buckets import amazon_keys, bucket_access


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
        if urlsplit(asset.href).scheme != "s3":
            return Access(href=asset.href)
        return bucket_access(asset)

    def credentials(self) -> CredentialStatus:
        """Return whether keys for buckets whose reader pays were found; without them all else is read."""
        keys = amazon_keys()
        allowed = setting(self.name, "requester_pays") == "yes"
        if keys is None or not allowed:
            return CredentialStatus(found=False, note="no login needed")
        return CredentialStatus(found=True, where=keys.where, note="s3://usgs-landsat costs its reader money")
