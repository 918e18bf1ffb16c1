"""The hooks a plugin can implement. All begin with ``multisat_``."""

from __future__ import annotations

from collections.abc import Iterable

from multisat.plugins.markers import hookspec
from multisat.plugins.spec import ProviderSpec


@hookspec
def multisat_providers() -> Iterable[ProviderSpec]:  # type: ignore[empty-body]
    """Name the providers of this plugin.

    Called once, when providers are first listed or asked for. Keep the module of the hook light
    and name the class by its import string: it is imported when the provider is first used.

        from multisat.plugins import ProviderSpec, hookimpl

        @hookimpl
        def multisat_providers():
            yield ProviderSpec(name="my-archive", factory="my_package.provider:MyArchive")

    Returns:
        One ``ProviderSpec`` per provider.
    """
