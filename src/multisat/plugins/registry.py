"""Providers by name."""

from __future__ import annotations

import threading
from collections import defaultdict
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from multisat.errors import PluginError, UsageError
from multisat.plugins.loading import load_plugins
from multisat.plugins.spec import PluginRecord, ProviderSpec

if TYPE_CHECKING:
    from multisat.contracts import Provider

_KNOWN = ("earth-search", "planetary-computer", "nasa-cmr", "openeo", "sentinel-hub", "local")
"""Providers that have an extra of the core distribution."""


class Registry:
    """The installed providers. Listing imports plugins, not providers; asking for one imports it.

    Args:
        plugins: What loading the plugins gave.
    """

    def __init__(self, plugins: tuple[PluginRecord, ...]) -> None:
        self.plugins = plugins
        self._lock = threading.RLock()
        self._made: dict[str, Provider] = {}
        self._specs: dict[str, list[tuple[PluginRecord, ProviderSpec]]] = defaultdict(list)
        for record in plugins:
            for spec in record.providers:
                self._specs[spec.name].append((record, spec))

    def names(self) -> list[str]:
        """Return the names of the providers that can be asked for, in alphabetical order."""
        return sorted(name for name, owners in self._specs.items() if len(owners) == 1)

    def conflicts(self) -> dict[str, str]:
        """Return the names that several plugins take, with a sentence naming the distributions."""
        taken = {n: " and ".join(r.distribution for r, _ in o) for n, o in self._specs.items() if len(o) > 1}
        return {name: f"the name is taken by {owners}" for name, owners in taken.items()}

    def provider(self, name: str) -> Provider:
        """Return the provider of that name, made once.

        Args:
            name: Provider name.

        Raises:
            UsageError: No installed plugin has it; the message says which there are.
            PluginError: Two plugins have it, or its class cannot be made.
        """
        with self._lock:
            if name not in self._made:
                self._made[name] = self._make(*self._owner(name))
            return self._made[name]

    def owner(self, name: str) -> PluginRecord:
        """Return the plugin a provider comes from.

        Args:
            name: Provider name.

        Raises:
            UsageError: No installed plugin has it.
            PluginError: Two plugins have it.
        """
        return self._owner(name)[0]

    def spec(self, name: str) -> ProviderSpec:
        """Return what the plugin says of a provider.

        Args:
            name: Provider name.

        Raises:
            UsageError: No installed plugin has it.
            PluginError: Two plugins have it.
        """
        return self._owner(name)[1]

    def _owner(self, name: str) -> tuple[PluginRecord, ProviderSpec]:
        owners = self._specs.get(name, [])
        if len(owners) > 1:
            raise PluginError(self.conflicts()[name], provider=name, hint="uninstall one, or disable it")
        if not owners:
            raise UsageError(f"no provider is called {name!r}", hint=self._advice(name))
        return owners[0]

    def _advice(self, name: str) -> str:
        if name in _KNOWN:
            return f'pip install "multisat-eo[{name}]"'
        near = get_close_matches(name, self.names(), n=1)
        return (
            f"did you mean {near[0]}?" if near else f"there are {', '.join(self.names()) or 'none installed'}"
        )

    @staticmethod
    def _make(record: PluginRecord, spec: ProviderSpec) -> Provider:
        from multisat.contracts import Provider

        module, _, attribute = spec.factory.partition(":")
        try:
            made = getattr(import_module(module), attribute)()
        except Exception as error:
            raise PluginError(
                f"{spec.factory} of {record.distribution} does not load: {type(error).__name__}: {error}",
                provider=spec.name,
                hint="reinstall the plugin, or report it to its author",
            ) from error
        if not isinstance(made, Provider):
            raise PluginError(f"{spec.factory} of {record.distribution} is no Provider", provider=spec.name)
        return made


@cache
def registry() -> Registry:
    """Return the registry of this process; ``registry.cache_clear()`` makes it anew."""
    return Registry(load_plugins())
