"""Loading each plugin on its own, so that a broken one harms no other."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

import pluggy

from multisat.errors import PluginError
from multisat.plugins import hookspecs
from multisat.plugins.markers import PREFIX, PROJECT
from multisat.plugins.spec import PluginRecord, ProviderSpec

GROUP = "multisat"


def load_plugins() -> tuple[PluginRecord, ...]:
    """Load every installed plugin and return what became of each, ordered by distribution.

    ``MULTISAT_DISABLE_PLUGINS`` names entry points or distributions to leave out.

    Raises:
        PluginError: A plugin is broken and ``MULTISAT_STRICT_PLUGINS`` is set.
    """
    records = tuple(sorted((_load(entry) for entry in _entries()), key=lambda r: (r.distribution, r.name)))
    broken = [r for r in records if r.error]
    if broken and os.environ.get("MULTISAT_STRICT_PLUGINS", "") not in {"", "0"}:
        first = broken[0]
        raise PluginError(
            f"plugin {first.name} of {first.distribution}: {first.error}", hint="mend or remove it"
        )
    return records


def _entries() -> Iterator[EntryPoint]:
    """Give each entry point once, though a package may be found on the path twice."""
    seen = set()
    for entry in entry_points(group=GROUP):
        key = (entry.name, entry.value, entry.dist.name if entry.dist else "")
        if key not in seen:
            seen.add(key)
            yield entry


def _load(entry: EntryPoint) -> PluginRecord:
    record = PluginRecord(
        name=entry.name,
        distribution=entry.dist.name if entry.dist else "unknown",
        version=entry.dist.version if entry.dist else "",
    )
    if {record.name, record.distribution} & _disabled():
        return replace(record, disabled=True)
    try:
        return replace(record, providers=_providers(entry))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin may raise anything; it is reported by name
        said = str(error) or "no reason given"
        return replace(record, error=f"{type(error).__name__}: {said}", traceback=traceback.format_exc())


def _disabled() -> set[str]:
    return {name.strip() for name in os.environ.get("MULTISAT_DISABLE_PLUGINS", "").split(",")} - {""}


def _providers(entry: EntryPoint) -> tuple[ProviderSpec, ...]:
    """Import one plugin and ask it for its providers, with a plugin manager of its own.

    pluggy ends a hook call at the first plugin that raises; a manager each keeps them apart.
    """
    module = entry.load()
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(module, name=entry.name)
    manager.check_pending()
    _refuse_unmarked(module, manager)
    found = [spec for answer in manager.hook.multisat_providers() for spec in answer]
    wrong = next((spec for spec in found if not isinstance(spec, ProviderSpec)), None)
    if wrong is not None:
        raise PluginError(f"multisat_providers gave {wrong!r}", hint="yield ProviderSpec(...) records")
    return tuple(found)


def _refuse_unmarked(module: object, manager: pluggy.PluginManager) -> None:
    """Refuse functions that look like hooks and are not marked, or no hook at all."""
    if not isinstance(module, ModuleType):
        return
    hooks = {caller.name for caller in manager.get_hookcallers(module) or ()}
    own = [
        n for n, v in vars(module).items() if callable(v) and getattr(v, "__module__", "") == module.__name__
    ]
    stray = [name for name in own if name.startswith(PREFIX) and name not in hooks]
    if stray:
        raise PluginError(
            f"{stray[0]} is no hook of multisat, or is not marked @hookimpl", hint="see hookspecs"
        )
    if not hooks:
        raise PluginError("it implements no hook", hint="define multisat_providers and mark it @hookimpl")
