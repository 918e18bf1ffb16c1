"""One area of interest, every satellite archive, one answer you can trust.

Names are imported when they are first used, so ``import multisat`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multisat.api import (
        change,
        download,
        job,
        load,
        open_results,
        provider,
        providers,
        screen,
        search,
        zonal,
    )
    from multisat.contracts import Access, Asset, Capabilities, Provider, Search
    from multisat.cube import ndvi
    from multisat.downloads import Download, Downloads
    from multisat.errors import (
        AOIError,
        AssetError,
        AssetRefused,
        AssetUnreadable,
        BaselineMissing,
        CredentialsError,
        CredentialsWarning,
        InvalidAnswer,
        LoginNeeded,
        MultisatError,
        NothingFound,
        PluginError,
        ProviderError,
        ProviderRefused,
        ProviderTimeout,
        ProviderUnavailable,
        TimeRangeError,
        UnsupportedOperation,
        UsageError,
    )
    from multisat.federate import SearchResult
    from multisat.jobs import How, run_job
    from multisat.model import AOI, AOIs, Grid, Outcome, Request, Scene, Status, TimeRange
    from multisat.recipe import Plan, Recipe
    from multisat.steps import gaussian
    from multisat.writing import write, write_cog, write_netcdf, write_zarr
    from multisat.zones import hexagons

_HOMES = {
    "multisat.api": (
        "change",
        "download",
        "job",
        "load",
        "open_results",
        "provider",
        "providers",
        "screen",
        "search",
        "zonal",
    ),
    "multisat.contracts": ("Access", "Asset", "Capabilities", "Provider", "Search"),
    "multisat.errors": (
        "AOIError",
        "AssetError",
        "AssetRefused",
        "AssetUnreadable",
        "BaselineMissing",
        "CredentialsError",
        "CredentialsWarning",
        "InvalidAnswer",
        "LoginNeeded",
        "MultisatError",
        "NothingFound",
        "PluginError",
        "ProviderError",
        "ProviderRefused",
        "ProviderTimeout",
        "ProviderUnavailable",
        "TimeRangeError",
        "UnsupportedOperation",
        "UsageError",
    ),
    "multisat.federate": ("SearchResult",),
    "multisat.cube": ("ndvi",),
    "multisat.downloads": ("Download", "Downloads"),
    "multisat.model": ("AOI", "AOIs", "Grid", "Outcome", "Request", "Scene", "Status", "TimeRange"),
    "multisat.jobs": ("How", "run_job"),
    "multisat.recipe": ("Plan", "Recipe"),
    "multisat.zones": ("hexagons",),
    "multisat.steps": ("gaussian",),
    "multisat.writing": ("write", "write_cog", "write_netcdf", "write_zarr"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "AOI",
    "AOIError",
    "AOIs",
    "Access",
    "Asset",
    "AssetError",
    "AssetRefused",
    "AssetUnreadable",
    "BaselineMissing",
    "Capabilities",
    "CredentialsError",
    "CredentialsWarning",
    "Download",
    "Downloads",
    "Grid",
    "How",
    "InvalidAnswer",
    "LoginNeeded",
    "MultisatError",
    "NothingFound",
    "Outcome",
    "Plan",
    "PluginError",
    "Provider",
    "ProviderError",
    "ProviderRefused",
    "ProviderTimeout",
    "ProviderUnavailable",
    "Recipe",
    "Request",
    "Scene",
    "Search",
    "SearchResult",
    "Status",
    "TimeRange",
    "TimeRangeError",
    "UnsupportedOperation",
    "UsageError",
    "__version__",
    "change",
    "download",
    "gaussian",
    "hexagons",
    "job",
    "load",
    "ndvi",
    "open_results",
    "provider",
    "providers",
    "run_job",
    "screen",
    "search",
    "write",
    "write_cog",
    "write_netcdf",
    "write_zarr",
    "zonal",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    """Import a public name when it is first used."""
    if name == "__version__":
        from importlib.metadata import version

        return version("multisat-eo")
    if name not in _HOME:
        raise AttributeError(f"module 'multisat' has no attribute {name!r}")
    # Not kept in globals(): the package "load" would shadow the function of that name.
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
