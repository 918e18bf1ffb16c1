"""Planetary Computer: Sentinel-1, Sentinel-2, Landsat, HLS and the Copernicus DEM on Azure."""

from __future__ import annotations

import os
from pathlib import Path

from multisat.auth.hosts import belongs_to
from multisat.contracts import Access, Asset, Capabilities, CredentialStatus
from multisat.stac import Dialect, StacProvider
from multisat.vocab.archives import PLANETARY_COMPUTER

_SIGNED_HOSTS = (".blob.core.windows.net",)
_KEY = "PC_SDK_SUBSCRIPTION_KEY"


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
        """Return how to open a file; files on Azure are signed with a token that lasts about an hour."""
        if not belongs_to(asset.href, _SIGNED_HOSTS):
            return Access(href=asset.href)
        import planetary_computer

        # A signed address is never signed anew, not even when it has expired: begin without one.
        return Access(href=planetary_computer.sign_url(asset.href.partition("?")[0]))

    def credentials(self) -> CredentialStatus:
        """Return whether a subscription key was found; it is optional."""
        settings = Path.home() / ".planetarycomputer" / "settings.env"
        if os.environ.get(_KEY):
            return CredentialStatus(found=True, where=f"environment {_KEY}")
        if settings.is_file() and _KEY in settings.read_text(encoding="utf-8"):
            return CredentialStatus(found=True, where=str(settings))
        return CredentialStatus(found=False, note="no key needed; one raises the limits")
