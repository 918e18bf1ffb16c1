"""``multisat zonal`` and ``multisat series``: numbers of features through time."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from multisat.cli.index import composed
from multisat.cli.jobs import check_job, is_folder, job_options, work
from multisat.cli.looking import check_picture, saved
from multisat.cli.recipes import PART, areas_of, computed, incomplete, masked, planned, recipe_options
from multisat.cli.words import AREA, DATES, says

if TYPE_CHECKING:
    import pandas as pd

    from multisat.model import AOIs
    from multisat.recipe import Recipe

_OUT = click.option(
    "--out", "-o", type=click.Path(path_type=Path), required=True,
    help="File: .csv, .parquet or .gpkg; or a folder to work in.",
)  # fmt: skip
_WHAT = (
    click.option("--index", "-i", "indices", multiple=True,
        help="Index, or name=expression; NDVI if no bands are given. Repeatable.",
    ),
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
  multisat zonal forests.gpkg 2023-06 --id forest -i NDVI -i EVI --period month -s mean -s median -o out.csv
  multisat zonal forests.gpkg 2023 --id forest -i NDVI --only 283 -o one.csv
  multisat zonal forests.gpkg 2023 --id forest -i NDVI --from 16 --dry-run -o rest.parquet
  multisat zonal forests.gpkg 2023-06 --id forest -i NDVI --batch 5 --workers 4 -o out/
  multisat zonal city.geojson 2023-06 --hex-size 500m -i NDVI -o hexagons.gpkg
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
@says(AREA, DATES)
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
  multisat series field.geojson 2023 -i NDVI -o ndvi.csv --plot ndvi.png
  multisat series 11.5,48.32 2023 --bands red,nir -c landsat-c2-l2 -o point.csv
"""
)
@click.argument("aoi")
@click.argument("dates")
@_what
@recipe_options
@job_options
@click.option(
    "--plot", type=click.Path(path_type=Path), help="Draw the means of up to 8 places, too (PNG, PDF, SVG)."
)
@_OUT
@says(AREA, DATES)
def series(aoi: str, dates: str, *, plot: Path | None, **options: Any) -> None:  # noqa: ANN401 - the options above
    """Compute a row per point or polygon and overpass, with the share that is masked beside it.

    Paths of the table and of the picture go to standard output.
    """
    areas = areas_of(aoi, options)
    if plot is not None:
        _check_plot(plot, areas, options["stats"])
    _table(areas, dates, lambda recipe: recipe, options, plot)


def _check_plot(plot: Path, areas: AOIs, stats: Sequence[str]) -> None:
    """Refuse what could not be drawn, before any archive is asked."""
    from multisat.errors import UsageError
    from multisat.view.series import MOST

    check_picture(plot)
    if "mean" not in stats:
        raise UsageError("--plot draws means", hint="add -s mean")
    if len(areas) > MOST:
        raise UsageError(
            f"{len(areas)} areas are too many for one plot", hint=f"choose up to {MOST} with --only"
        )


def _table(areas: AOIs, dates: str, compose: Any, options: dict[str, Any], plot: Path | None = None) -> None:  # noqa: ANN401
    from multisat.recipe import Recipe
    from multisat.zones import check_table, write_table

    out, stats = options.pop("out"), options.pop("stats")
    job = is_folder(out)
    if job:
        check_job(out, options, plot)
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
        if plot is not None:
            saved(_drawn(table), plot)
        sys.exit(PART if incomplete(plan, table) else 0)


def _drawn(table: pd.DataFrame) -> Any:  # noqa: ANN401 - a matplotlib figure
    """Return a figure with a row per variable."""
    from matplotlib.figure import Figure

    from multisat.view.series import plot_series

    names = [str(column).removesuffix("_mean") for column in table.columns if str(column).endswith("_mean")]
    figure = Figure(figsize=(9, 4 * len(names)), layout="constrained")
    for name, axes in zip(names, figure.subplots(len(names), squeeze=False)[:, 0], strict=True):
        plot_series(table, name, ax=axes)
    return figure


def _variables(recipe: Recipe, options: dict[str, Any]) -> Recipe:
    bands, indices = options.pop("bands"), options.pop("indices")
    if bands:
        recipe = recipe.bands(*(name.strip() for name in bands.split(",")))
    for one in indices or (() if bands else ("NDVI",)):
        name, _, expression = one.rpartition("=")
        recipe = recipe.index(expression, name=name.strip() or None)
    return recipe
