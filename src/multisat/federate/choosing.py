"""Whom to ask."""

from __future__ import annotations

from collections.abc import Sequence

from multisat.config import default_providers
from multisat.contracts import Provider
from multisat.plugins import registry


def chosen(providers: str | Sequence[str] | None) -> list[Provider]:
    """Return providers by name; None is those of the configuration, or all that are installed.

    Raises:
        UsageError: No installed plugin has that name.
    """
    known = registry()
    if providers is not None:
        wanted = [providers] if isinstance(providers, str) else list(providers)
        return [known.provider(name) for name in wanted]
    return [known.provider(name) for name in default_providers() or known.names()]
