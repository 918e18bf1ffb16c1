"""Scenes in the user's own folders for multisat."""

from __future__ import annotations

from collections.abc import Iterator

from multisat.plugins import ProviderSpec, hookimpl


@hookimpl
def multisat_providers() -> Iterator[ProviderSpec]:
    """Register the user's own folders."""
    yield ProviderSpec(name="local", factory="multisat_local.provider:Local", title="Your own folders")
