"""Libraries that only some tables need."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from multisat.errors import UsageError


def extra(name: str) -> Any:  # noqa: ANN401 - a module, whose types are its own
    """Import a library of the extra ``zonal``.

    Raises:
        UsageError: It is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise UsageError(f"{package} is not installed", hint='pip install "multisat-eo[zonal]"') from error
