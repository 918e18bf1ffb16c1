"""A template: an archive that does not speak STAC; see README.md."""

from __future__ import annotations

from collections.abc import Iterator

from multisat.plugins import ProviderSpec, hookimpl


@hookimpl
def multisat_providers() -> Iterator[ProviderSpec]:
    """Name the provider; its module is imported when it is first used."""
    yield ProviderSpec(name="example-folder", factory="multisat_example_folder.provider:Folder")
