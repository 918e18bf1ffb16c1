"""Settings: the environment first, then one TOML file; and the folders of this user. Nothing is written."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from multisat.errors import UsageError


def setting(provider: str, key: str, default: str | None = None) -> str | None:
    """Return one setting of a provider.

    Args:
        provider: Provider name, such as ``"earth-search"``.
        key: Name of the setting, such as ``"url"``: the variable ``MULTISAT_EARTH_SEARCH_URL``,
            or ``url`` in the table ``[providers.earth-search]`` of the file.
        default: What to return if it is set nowhere.

    Raises:
        UsageError: The configuration file does not parse.
    """
    variable = f"MULTISAT_{provider}_{key}".upper().replace("-", "_")
    if os.environ.get(variable):
        return os.environ[variable]
    value = in_file(provider, key)
    return default if value is None else value


def in_file(provider: str, key: str) -> str | None:
    """Return one setting of a provider in the file, or None.

    Raises:
        UsageError: The configuration file does not parse.
    """
    tables = _file().get("providers", {})
    table = tables.get(provider, {}) if isinstance(tables, dict) else {}
    value = table.get(key) if isinstance(table, dict) else None
    return None if value is None else str(value)


def default_providers() -> tuple[str, ...] | None:
    """Return the providers to ask when none is named, or None for all that are installed.

    ``MULTISAT_PROVIDERS=earth-search,nasa-cmr``, or ``default_providers = [...]`` in the file.
    """
    named = os.environ.get("MULTISAT_PROVIDERS")
    if named:
        return tuple(name.strip() for name in named.split(",") if name.strip())
    listed = _file().get("default_providers")
    return tuple(str(name) for name in listed) if listed else None


def config_path() -> Path:
    """Return where the configuration file is looked for."""
    if os.environ.get("MULTISAT_CONFIG"):
        return Path(os.environ["MULTISAT_CONFIG"]).expanduser()
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "multisat" / "config.toml"


def cache_folder() -> Path | None:
    """Return the folder of what may be fetched again, or None if nothing is to be kept.

    ``MULTISAT_CACHE`` names it, or is ``off``; else it is ``multisat`` in the user's cache folder.
    """
    named = os.environ.get("MULTISAT_CACHE", "")
    if named.lower() in ("off", "no", "0"):
        return None
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return (Path(named) if named else Path(base) / "multisat").expanduser()


def state_folder() -> Path:
    """Return the folder of what must be found again, such as jobs that services go on with.

    ``MULTISAT_STATE`` names it; else it is ``multisat`` in the user's state folder.
    """
    if os.environ.get("MULTISAT_STATE"):
        return Path(os.environ["MULTISAT_STATE"]).expanduser()
    base = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(base).expanduser() / "multisat"


def _file() -> dict[str, Any]:
    path = config_path()
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is no TOML: {error}", hint="mend the line, or move the file away") from None
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", hint="check its permissions") from None
