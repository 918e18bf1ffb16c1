"""NASA CMR-STAC: Harmonized Landsat Sentinel-2 from LP DAAC."""

from __future__ import annotations

from functools import cached_property

from multisat.auth.hosts import belongs_to
from multisat.contracts import Access, Asset, Capabilities, CredentialStatus, Proof
from multisat.stac import Dialect, StacProvider
from multisat.vocab.archives import NASA_CMR
from multisat_nasa_cmr import earthdata


class NasaCmr(StacProvider):
    """NASA CMR-STAC, catalogue LPCLOUD.

    Pages are cut to 100 whatever is asked, the next page is always a GET with the area in its
    address, holes in polygons are ignored, and of all property filters only cloud cover is
    understood, where a bound of 0 is lost. So areas are kept short and filters are applied here.
    """

    name = "nasa-cmr"
    title = "NASA CMR (LP DAAC cloud)"
    default_url = "https://cmr.earthdata.nasa.gov/stac/LPCLOUD"
    holdings = NASA_CMR
    dialect = Dialect(page_size=100, smallest_page=10, most_vertices=25, one_part=True)

    @property
    def capabilities(self) -> Capabilities:
        """What NASA CMR can do."""
        held = super().capabilities
        return Capabilities(
            collections=held.collections, native=held.native, counts=True, login="needed to read"
        )

    def access(self, asset: Asset) -> Access:
        """Return how to open a file, with the Earthdata login for NASA's hosts and no others.

        Raises:
            CredentialsError: The file is on a NASA host, and there is no login or it was refused.
            ProviderError: The login host does not answer.
        """
        if not belongs_to(asset.href, earthdata.data_hosts()):
            return Access(href=asset.href)
        return self._earthdata.access(asset)

    def credentials(self) -> CredentialStatus:
        """Return whether an Earthdata login was found, and where."""
        return earthdata.status()

    def prove(self) -> Proof:
        """Ask the data host for keys, which needs a login that holds; see ``Provider.prove``."""
        return self._earthdata.prove()

    @cached_property
    def _earthdata(self) -> earthdata.Earthdata:
        return earthdata.Earthdata()
