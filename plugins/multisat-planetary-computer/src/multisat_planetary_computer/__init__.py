"""Microsoft Planetary Computer for multisat."""

from __future__ import annotations

from collections.abc import Iterator

from multisat.plugins import ProviderSpec, hookimpl


@hookimpl
def multisat_providers() -> Iterator[ProviderSpec]:
    """Register the Planetary Computer."""
    yield ProviderSpec(
        name="planetary-computer",
        factory="multisat_planetary_computer.provider:PlanetaryComputer",
        title="Microsoft Planetary Computer",
        url="https://planetarycomputer.microsoft.com",
    )
