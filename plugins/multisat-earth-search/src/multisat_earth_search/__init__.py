"""Element 84 Earth Search for multisat."""

from __future__ import annotations

from collections.abc import Iterator

from multisat.plugins import ProviderSpec, hookimpl


@hookimpl
def multisat_providers() -> Iterator[ProviderSpec]:
    """Register Earth Search."""
    yield ProviderSpec(
        name="earth-search",
        factory="multisat_earth_search.provider:EarthSearch",
        title="Element 84 Earth Search",
        url="https://github.com/Element84/earth-search",
    )
