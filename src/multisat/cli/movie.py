"""``multisat movie``: an area through time."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from multisat.cli.index import composed
from multisat.cli.looking import draw_without_display
from multisat.cli.recipes import PART, areas_of, computed, incomplete, masked, planned, recipe_options
from multisat.cli.words import AREA, DATES, says

if TYPE_CHECKING:
    from multisat.recipe import Recipe

_COLOURS = ("red", "green", "blue")


@click.command(
    epilog="""\b
Examples:
  multisat movie field.geojson 2023-05/2023-08 -o months.gif
  multisat movie city.geojson 2023 --index NDVI --period month --resolution 30 -o ndvi.gif
  multisat movie city.geojson 2023-05 --period none --mask none -o looks.gif
"""
)
@click.argument("aoi")
@click.argument("dates")
@click.option("--index", "-i", help="Index, or name=expression, instead of true colour.")
@click.option(
    "--period", default="month", show_default=True, help='Calendar period, "16d", or "none" for overpasses.'
)
@click.option("--stat", default="median", show_default=True, help="How looks of a period become one.")
@click.option("--seconds", type=float, default=0.6, show_default=True, help="How long each frame is shown.")
@recipe_options
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), required=True, help=".gif; .mp4 needs imageio-ffmpeg."
)
@says(AREA, DATES)
def movie(
    aoi: str,
    dates: str,
    *,
    index: str | None,
    period: str,
    stat: str,
    seconds: float,
    out: Path,
    **options: Any,  # noqa: ANN401 - the options above
) -> None:
    """Write a film of an area: one cloud-free frame per period, or every overpass, with one stretch for all.

    Frames without a value are left out; what has no value is grey. Name a coarser --resolution for a
    large area. The path goes to standard output.
    """
    from multisat.recipe import Recipe
    from multisat.view.movie import check_movie, write_movie

    draw_without_display()
    check_movie(out, seconds)
    recipe = composed(masked(_variable(Recipe(), index), options), period, stat)
    plan = planned(recipe, areas_of(aoi, options), dates, options)
    cube = computed(plan, options)
    if cube is not None:
        click.echo(str(write_movie(cube, out, seconds=seconds)))
        sys.exit(PART if incomplete(plan, cube) else 0)


def _variable(recipe: Recipe, index: str | None) -> Recipe:
    if index is None:
        return recipe.bands(*_COLOURS)
    name, _, expression = index.rpartition("=")
    return recipe.index(expression, name=name.strip() or None)
