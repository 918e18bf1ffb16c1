"""Sentinel Hub for multisat."""

from __future__ import annotations

from collections.abc import Iterator

from multisat.plugins import ProviderSpec, hookimpl


@hookimpl
def multisat_providers() -> Iterator[ProviderSpec]:
    """Register Sentinel Hub."""
    yield ProviderSpec(
        name="sentinel-hub",
        factory="multisat_sentinel_hub.provider:SentinelHub",
        title="Sentinel Hub",
        url="https://documentation.dataspace.copernicus.eu/APIs/SentinelHub.html",
    )
