"""NASA CMR-STAC (LP DAAC cloud) for multisat."""

from __future__ import annotations

from collections.abc import Iterator

from multisat.plugins import ProviderSpec, hookimpl


@hookimpl
def multisat_providers() -> Iterator[ProviderSpec]:
    """Register NASA's catalogue."""
    yield ProviderSpec(
        name="nasa-cmr",
        factory="multisat_nasa_cmr.provider:NasaCmr",
        title="NASA CMR (LP DAAC cloud)",
        url="https://cmr.earthdata.nasa.gov/stac/docs",
    )
