"""``multisat index``: spectral indices of a field, composed over calendar periods."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from multisat.cli.recipes import (
    PART,
    areas_of,
    check_out,
    check_times,
    computed,
    incomplete,
    masked,
    planned,
    recipe_options,
    written,
)
from multisat.cli.words import AREA, DATES, says


@click.command(
    epilog="""\b
Examples:
  multisat index field.geojson 2023-05/2023-09 --index NDVI --period month -o ndvi.nc --preview ndvi.png
  multisat index field.geojson 2023-06/2023-07 -i NDVI -i EVI --period 16d --stat mean -o out/
  multisat index field.geojson 2023 -i NDVI --kernel 11,1.6,0.1 --mask cloud --dry-run -o ndvi.nc
  multisat index field.geojson 2023 -i "ratio=nir/red" --period none -o ratio.nc
"""
)
@click.argument("aoi")
@click.argument("dates")
@click.option(
    "--index", "-i", "indices", multiple=True, default=("NDVI",), show_default=True,
    help="Name of an index, or name=expression over bands. Repeatable.",
)  # fmt: skip
@click.option(
    "--period",
    default="month",
    show_default=True,
    help="day, dekad, month, quarter, season, year, days such as 16d, all, none.",
)
@click.option(
    "--stat",
    default="median",
    show_default=True,
    help="How looks of a period become one: median, mean, max, q90, medoid ...",
)
@click.option("--clip", is_flag=True, help="Drop pixels outside the area.")
@recipe_options
@click.option("--preview", type=click.Path(path_type=Path), help="Draw a picture, too (PNG).")
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), required=True, help="Folder, or .nc, .zarr or .tif."
)
@says(AREA, DATES)
def index(
    aoi: str,
    dates: str,
    *,
    indices: tuple[str, ...],
    period: str,
    stat: str,
    clip: bool,
    out: Path,
    preview: Path | None,
    **options: Any,  # noqa: ANN401 - the options above
) -> None:
    """Compute indices in every overpass, and compose them over periods.

    "--period none" keeps the overpasses, "all" makes one composite of all. Paths of the files
    written go to standard output.
    """
    from multisat.recipe import Recipe

    check_out(out, preview)
    recipe = masked(Recipe(), options)
    for one in indices:
        name, _, expression = one.rpartition("=")
        recipe = recipe.index(expression, name=name.strip() or None)
    recipe = composed(recipe, period, stat)
    plan = planned(recipe.clip() if clip else recipe, areas_of(aoi, options), dates, options)
    check_times(plan, out)
    cube = computed(plan, options)
    if cube is not None:
        written(cube, out, preview)
        sys.exit(PART if incomplete(plan, cube) else 0)


def composed(recipe: Any, period: str, stat: str) -> Any:  # noqa: ANN401 - recipes are imported late
    """Add a composite; a quantile is written such as q90."""
    if period == "none":
        return recipe
    span = None if period == "all" else period
    if stat[:1] == "q" and stat[1:].isdigit():
        return recipe.composite(span, "quantile", q=int(stat[1:]) / 100)
    return recipe.composite(span, stat)
