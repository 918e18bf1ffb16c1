"""What ``sheet`` and ``report`` share: their options, and the search."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from multisat.cli.asking import SECONDS

if TYPE_CHECKING:
    from multisat.federate import SearchResult

PART = 5
_PICTURES = (".png", ".jpg", ".pdf", ".svg")
LIMITS = ("max_cloud", "min_clear", "min_covered")
_PERCENT = click.FloatRange(0, 100)
_OPTIONS = (
    click.option("--provider", "-p", "providers", multiple=True, help="Ask only this one. Repeatable."),
    click.option(
        "--collection",
        "-c",
        "collections",
        multiple=True,
        default=("sentinel-2-l2a",),
        show_default=True,
        help="Canonical or native. Repeatable.",
    ),
    click.option(
        "--max-cloud",
        type=_PERCENT,
        default=20.0,
        show_default=True,
        help="Highest cloud over the AREA of what is called kept, in percent.",
    ),
    click.option("--min-clear", type=_PERCENT, help="Least clear share of the area of what is kept."),
    click.option("--min-covered", type=_PERCENT, help="Least share of the area with data of what is kept."),
    click.option("--max-scene-cloud", type=_PERCENT, help="Highest cloud of WHOLE SCENES; more is not read."),
    click.option(
        "--deadline", type=SECONDS, default=30.0, show_default=True, help="Seconds for all archives."
    ),
    click.option("--layer", help="Layer of the AOI file."),
    click.option("--id", "id_column", help="Attribute of the AOI file that names its features."),
    click.option("--only", multiple=True, help="Use only the features with this name. Repeatable."),
)


def looking_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of verbs that look at an area."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def looked(aoi: str, dates: str, options: dict[str, Any]) -> SearchResult:
    """Search over one area: all features of a file together; what archives answered is told.

    Raises:
        NothingFound: There is no scene.
        UsageError: The area is no polygon.
    """
    from multisat.api import search
    from multisat.cli.recipes import areas_of
    from multisat.cli.search import report
    from multisat.errors import NothingFound
    from multisat.model import AOIs
    from multisat.screening import polygons

    area = areas_of(aoi, options).union()
    polygons(AOIs.of(area))
    found = search(
        area,
        dates,
        collections=list(options["collections"]),
        providers=list(options["providers"]) or None,
        max_cloud=options["max_scene_cloud"],
        deadline=options["deadline"],
    )
    report(found)
    if not found.scenes:
        failed = [one.error for one in found.outcomes if one.error is not None and one.requests]
        raise (
            failed[0]
            if failed
            else NothingFound("no scene matches", hint="widen the time range or the limits")
        )
    return found


def draw_without_display() -> None:
    """Make matplotlib draw into files only.

    Raises:
        UsageError: It is not installed.
    """
    from multisat.errors import UsageError

    try:
        import matplotlib as mpl
    except ImportError as error:
        raise UsageError("matplotlib is not installed", hint='pip install "multisat-eo[plot]"') from error
    mpl.use("agg")


def check_picture(path: Path) -> None:
    """Refuse a picture that could not be written, before any archive is asked.

    Raises:
        UsageError: No picture has that ending, or matplotlib is not installed.
    """
    from multisat.errors import UsageError

    if path.suffix.lower() not in _PICTURES:
        raise UsageError(f"no picture is called {path.name}", hint=f"end it in one of {', '.join(_PICTURES)}")
    draw_without_display()


def limits_of(options: dict[str, Any]) -> dict[str, float | None]:
    """Return what an overpass must keep to be called kept."""
    return {name: options[name] for name in LIMITS}


def lost(found: SearchResult) -> bool:
    """Whether an archive that was asked failed."""
    from multisat.model import Status

    return any(one.error for one in found.outcomes if one.status is not Status.SKIPPED)


def saved(figure: Any, path: Path) -> None:  # noqa: ANN401 - a matplotlib figure
    """Write a figure whole, and say where."""
    from multisat.writing.whole import whole_file

    with whole_file(path) as temporary:
        figure.savefig(temporary, dpi=150)
    click.echo(str(path))
