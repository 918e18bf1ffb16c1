"""Planetary Computer: Sentinel-1, Sentinel-2, Landsat, HLS and the Copernicus DEM on Azure."""

from __future__ import annotations

from functools import cached_property

from multisat.config import setting
from multisat.contracts import Access, Asset, Capabilities, CredentialStatus, Proof
from multisat.stac import Dialect, StacProvider
from multisat.vocab.archives import PLANETARY_COMPUTER
from multisat_planetary_computer.sas import PROBE, Signer, subscription_key


class PlanetaryComputer(StacProvider):
    """Planetary Computer.

    It refuses searches without a collection, never counts, and takes pages of 1 to 1000.
    """

    name = "planetary-computer"
    title = "Microsoft Planetary Computer"
    default_url = "https://planetarycomputer.microsoft.com/api/stac/v1"
    holdings = PLANETARY_COMPUTER
    dialect = Dialect(page_size=500, smallest_page=50, filters="cql2-json")

    @property
    def capabilities(self) -> Capabilities:
        """What the Planetary Computer can do."""
        held = super().capabilities
        return Capabilities(collections=held.collections, native=held.native, login="optional")

    def access(self, asset: Asset) -> Access:
        """Return how to open a file; files on Azure are signed with a token that lasts about an hour.

        Raises:
            CredentialsError: The subscription key was refused.
            ProviderError: The signing service does not answer.
        """
        return self._signer.access(asset.href)

    def credentials(self) -> CredentialStatus:
        """Return whether a subscription key was found; it is optional."""
        key = subscription_key()
        if key is None:
            return CredentialStatus(found=False, note="no key needed; one raises the limits")
        return CredentialStatus(found=True, where=key.where)

    def prove(self) -> Proof:
        """Ask for one signature; see ``Provider.prove``.

        Raises:
            UsageError: The setting ``probe`` is no account and container.
        """
        place = setting(self.name, "probe") or PROBE
        return Proof(
            works=True, seconds=self._signer.tokens(place).get().left, note=f"a signature for {place}"
        )

    @cached_property
    def _signer(self) -> Signer:
        return Signer()
