"""Scenes for the verbs that use them: searched for now, or found before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from multisat.cli.asking import ask
from multisat.errors import UsageError

if TYPE_CHECKING:
    from multisat.federate import SearchResult


def found_scenes(what: str, dates: str | None, options: dict[str, Any]) -> SearchResult:
    """Return scenes: read from a file or a pipe, or searched for now.

    Args:
        what: An area, a file written by search, or ``-``.
        dates: Time range of a search; None if the scenes are found already, or need no dates.
        options: Those of ``search_options``.

    Raises:
        UsageError: A search has no dates, and its scenes have.
    """
    from multisat.api import open_results
    from multisat.cli.search import report

    if dates is None and _holds_scenes(what):
        return _narrowed(open_results(what), options)
    if dates is None and not _static(options["collections"]):
        raise UsageError(
            "no dates: that would be the scenes of all years",
            hint="give some, such as 2023 or 2023-05/2023-09",
        )
    found = ask(what, dates, **options)
    report(found)
    return found


def _static(collections: tuple[str, ...]) -> bool:
    """Whether scenes are of no date, such as those of an elevation model."""
    from multisat.vocab.collections import COLLECTIONS

    return bool(collections) and all(name in COLLECTIONS and COLLECTIONS[name].static for name in collections)


def _holds_scenes(what: str) -> bool:
    """Whether an argument is scenes that were found before, and not an area."""
    path = Path(what)
    return what == "-" or (path.is_file() and b'"multisat:provider"' in path.read_bytes())


def _narrowed(found: SearchResult, options: dict[str, Any]) -> SearchResult:
    """Return the scenes of a file, of some providers and collections only if so asked."""
    idle = [name for name in ("max_cloud", "filters", "limit", "layer", "id_column", "only") if options[name]]
    if idle:
        raise UsageError(
            f"{idle[0]} has no meaning for scenes that are found already", hint="give it to search"
        )
    if options["providers"]:
        found = found.of_provider(*options["providers"])
    return found.of_collection(*options["collections"]) if options["collections"] else found
