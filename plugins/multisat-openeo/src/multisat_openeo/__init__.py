"""openEO back-ends for multisat: recipes run there as process graphs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from multisat.plugins import ProviderSpec, hookimpl

if TYPE_CHECKING:
    from multisat_openeo.raw import run_graph

__all__ = ["multisat_providers", "run_graph"]


@hookimpl
def multisat_providers() -> Iterator[ProviderSpec]:
    """Register openEO."""
    yield ProviderSpec(
        name="openeo",
        factory="multisat_openeo.provider:OpenEO",
        title="openEO (Copernicus Data Space)",
        url="https://documentation.dataspace.copernicus.eu/APIs/openEO/openEO.html",
    )


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a function
    """Import what a program uses when it uses it."""
    if name == "run_graph":
        from multisat_openeo.raw import run_graph

        return run_graph
    raise AttributeError(name)
