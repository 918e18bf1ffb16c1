"""``multisat zonal`` and ``multisat series``: numbers of features through time."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from multisat.cli.index import composed
from multisat.cli.jobs import check_job, is_folder, job_options, work
from multisat.cli.recipes import PART, areas_of, computed, incomplete, masked, planned, recipe_options

if TYPE_CHECKING:
    from multisat.model import AOIs
    from multisat.recipe import Recipe

_OUT = click.option(
    "--out", "-o", type=click.Path(path_type=Path), required=True,
    help="File: .csv, .parquet or .gpkg; or a folder to work in.",
)  # fmt: skip
_WHAT = (
    click.option("--index", "-i", "indices", multiple=True, help="Index, or name=expression. Repeatable."),
    click.option("--bands", "-b", help="Bands joined by commas."),
    click.option(
        "--stat", "-s", "stats", multiple=True, default=("mean", "count", "valid"), show_default=True,
        help="mean, median, min, max, std, sum, count, valid, q10. Repeatable.",
    ),
)  # fmt: skip


def _what(command: Any) -> Any:  # noqa: ANN401 - click commands
    for option in reversed(_WHAT):
        command = option(command)
    return command


@click.command(
    epilog="""\b
Examples:
  multisat zonal forests.gpkg 2023 --id forest -i NDVI -i EVI --period month -s mean -s median -o out.csv
  multisat zonal forests.gpkg 2023 --id forest -i NDVI --only 283 -o one.csv
  multisat zonal forests.gpkg 2023 --id forest -i NDVI --from 16 --dry-run -o rest.parquet
  multisat zonal fields.gpkg 2023 --id field -i NDVI --batch 200 --workers 4 -o out/
  multisat zonal city.geojson 2023 --hex-size 500m -i NDVI -o hexagons.gpkg
"""
)
@click.argument("aoi")
@click.argument("dates")
@_what
@click.option("--period", default="month", show_default=True, help='Calendar period, "16d" or "all".')
@click.option("--reduce", "reducer", default="median", show_default=True, help="How looks become one.")
@click.option(
    "--from",
    "start",
    type=click.IntRange(min=1),
    help="Begin with this feature (or hexagon), counted from 1.",
)
@click.option("--hex-size", help="Hexagons of this width over the area, such as 500m, as the features.")
@recipe_options
@job_options
@_OUT
def zonal(
    aoi: str,
    dates: str,
    *,
    period: str,
    reducer: str,
    start: int | None,
    hex_size: str | None,
    **options: Any,  # noqa: ANN401 - the options above
) -> None:
    """Compute statistics per feature and period, pixels weighted by their exact share inside.

    Each period is composed without clouds first. The path of the table goes to standard output. Work into a
    folder is done unit by unit, and goes on there when it is called again.
    """
    from multisat.zones import hexagons, pick

    if hex_size is None:
        areas = areas_of(aoi, options, start=start)
    else:
        areas = pick(hexagons(areas_of(aoi, options).union(), hex_size), start=start)
    _table(areas, dates, lambda recipe: composed(recipe, period, reducer), options)


@click.command(
    epilog="""\b
Examples:
  multisat series field.geojson 2023 -i NDVI -o ndvi.csv
  multisat series 11.5,48.1 2023 --bands red,nir -c landsat-c2-l2 -o point.csv
"""
)
@click.argument("aoi")
@click.argument("dates")
@_what
@recipe_options
@job_options
@_OUT
def series(aoi: str, dates: str, **options: Any) -> None:  # noqa: ANN401 - the options above
    """Compute a row per point or polygon and overpass, with the share that is masked beside it.

    The path of the table goes to standard output.
    """
    _table(areas_of(aoi, options), dates, lambda recipe: recipe, options)


def _table(areas: AOIs, dates: str, compose: Any, options: dict[str, Any]) -> None:  # noqa: ANN401
    from multisat.recipe import Recipe
    from multisat.zones import check_table, write_table

    out, stats = options.pop("out"), options.pop("stats")
    job = is_folder(out)
    if job:
        check_job(out, options)
    else:
        check_table(out)
    recipe = compose(masked(_variables(Recipe(), options), options)).zonal(*stats)
    plan = planned(recipe, areas, dates, options)
    if job:
        work(plan, out, options)
        return
    table = computed(plan, options)
    if table is not None:
        click.echo(str(write_table(table, out)))
        sys.exit(PART if incomplete(plan, table) else 0)


def _variables(recipe: Recipe, options: dict[str, Any]) -> Recipe:
    bands, indices = options.pop("bands"), options.pop("indices")
    if bands:
        recipe = recipe.bands(*(name.strip() for name in bands.split(",")))
    for one in indices or (() if bands else ("NDVI",)):
        name, _, expression = one.rpartition("=")
        recipe = recipe.index(expression, name=name.strip() or None)
    return recipe
