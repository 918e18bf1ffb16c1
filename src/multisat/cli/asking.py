"""The options of every command that asks archives, and how they become a search."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from multisat.federate import SearchResult

SECONDS = click.FloatRange(min=0, min_open=True)
ERRORS = click.option(
    "--errors",
    type=click.Choice(["skip", "raise"]),
    default="skip",
    show_default=True,
    help="Leave out and list files that cannot be read, or end at the first.",
)

_OPTIONS = (
    click.option("--provider", "-p", "providers", multiple=True, help="Ask only this one. Repeatable."),
    click.option("--collection", "-c", "collections", multiple=True, help="Canonical or native. Repeatable."),
    click.option("--max-cloud", type=click.FloatRange(0, 100), help="Highest cloud cover in percent."),
    click.option(
        "--where", "filters", multiple=True, help='Condition such as "platform=landsat-9". Repeatable.'
    ),
    click.option("--limit", type=click.IntRange(min=1), help="Most scenes to give."),
    click.option(
        "--sort",
        type=click.Choice(["datetime", "-datetime", "cloud_cover", "-cloud_cover"]),
        default="datetime",
        show_default=True,
        help="Order; a minus is descending.",
    ),
    click.option(
        "--deadline", type=SECONDS, default=30.0, show_default=True, help="Seconds for all archives."
    ),
    click.option("--layer", help="Layer of the AOI file."),
    click.option("--id", "id_column", help="Attribute of the AOI file that names its features."),
    click.option("--only", multiple=True, help="Use only the features with this name. Repeatable."),
)


def band_names(text: str) -> list[str]:
    """Return the bands that a text joins by commas.

    Raises:
        UsageError: There is no such band.
    """
    from multisat.vocab.bands import band

    return [band(name.strip()).name for name in text.split(",")]


def search_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the search options to a click command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def ask(
    aoi: str,
    dates: str | None,
    *,
    providers: tuple[str, ...],
    collections: tuple[str, ...],
    max_cloud: float | None,
    filters: tuple[str, ...],
    limit: int | None,
    sort: Any,  # noqa: ANN401 - click has checked the choice
    deadline: float,
    layer: str | None,
    id_column: str | None,
    only: tuple[str, ...],
) -> SearchResult:
    """Search as the options say."""
    from multisat.api import search
    from multisat.cli.recipes import areas_of

    return search(
        areas_of(aoi, {"layer": layer, "id_column": id_column, "only": only}),
        dates,
        providers=list(providers) or None,
        collections=list(collections) or None,
        max_cloud=max_cloud,
        filters=list(filters) or None,
        limit=limit,
        sort=sort,
        deadline=deadline,
    )
