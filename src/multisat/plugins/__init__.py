"""Extensions: hooks, loading each plugin on its own, and the registry of providers.

A plugin is a package with an entry point in the group ``multisat``:

    [project.entry-points.multisat]
    my-archive = "my_package"

and, in that module, a function marked ``@hookimpl``; see ``multisat.plugins.hookspecs``.
"""

from __future__ import annotations

from multisat.plugins.markers import hookimpl
from multisat.plugins.registry import Registry, registry
from multisat.plugins.spec import PluginRecord, ProviderSpec

__all__ = ["PluginRecord", "ProviderSpec", "Registry", "hookimpl", "registry"]
