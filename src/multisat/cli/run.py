"""``multisat run``: a recipe from a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from multisat.cli.jobs import check_job, is_folder, job_options, work
from multisat.cli.recipes import (
    PART,
    areas_of,
    check_out,
    check_times,
    computed,
    incomplete,
    plan_options,
    planned,
    written,
)
from multisat.cli.services import batch

if TYPE_CHECKING:
    from multisat.recipe import Recipe

_TABLES = {".csv", ".parquet", ".geoparquet", ".gpkg"}


@click.command(
    epilog="""\b
Examples:
  multisat run recipe.json field.geojson 2023 -o ndvi.nc
  multisat run zonal.json forests.gpkg 2023 --id forest --dry-run -o forests.csv
  multisat run recipe.json field.geojson 2023 --on openeo --as batch --cap 50credits -o ndvi.nc
"""
)
@click.argument("recipe", type=click.Path(path_type=Path))
@click.argument("aoi")
@click.argument("dates")
@plan_options
@job_options
@click.option(
    "--as",
    "how",
    type=click.Choice(["now", "batch"]),
    default="now",
    show_default=True,
    help="As a batch job of the service that --on names; it goes on when this command ends.",
)
@click.option("--no-wait", is_flag=True, help="Print the id of a batch job and end.")
@click.option("--preview", type=click.Path(path_type=Path), help="Draw a picture of pixels, too (PNG).")
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), required=True,
    help="Folder, .nc, .zarr or .tif for pixels; folder, .csv, .parquet or .gpkg for a table.",
)  # fmt: skip
def run(
    recipe: Path,
    aoi: str,
    dates: str,
    *,
    out: Path,
    preview: Path | None,
    how: str,
    no_wait: bool,
    **options: Any,  # noqa: ANN401 - the options above
) -> None:
    """Run a recipe that was written with Recipe.save(); see the docs for its words.

    A table into a folder, and pixels with --tile, are worked out unit by unit, and go on there when called
    again. Paths of the files written go to standard output.
    """
    from multisat.recipe import Recipe
    from multisat.zones import write_table

    wanted = Recipe.open(recipe)
    job = is_folder(out) if wanted.zoned is not None else options["tile"] is not None
    if job:
        check_job(out, options, preview)
    else:
        _check(wanted, out, preview)
    plan = planned(wanted, areas_of(aoi, options), dates, options)
    if how == "batch":
        batch(plan, out, options, wait=not no_wait)
        return
    if job:
        work(plan, out, options)
        return
    if wanted.zoned is None:
        check_times(plan, out)
    found = computed(plan, options)
    if found is None:
        return
    if wanted.zoned is None:
        written(found, out, preview)
    else:
        click.echo(str(write_table(found, out)))
    sys.exit(PART if incomplete(plan, found) else 0)


def _check(wanted: Recipe, out: Path, preview: Path | None) -> None:
    """Refuse a file that does not hold what the recipe gives."""
    from multisat.errors import UsageError
    from multisat.zones import check_table

    if wanted.zoned is None:
        if out.suffix.lower() in _TABLES:
            raise UsageError(
                f"the recipe gives pixels, no table for {out.name}", hint='add "zonal" to it, or name .nc'
            )
        check_out(out, preview)
        return
    if preview is not None:
        raise UsageError("a table has no picture", hint="leave out --preview")
    check_table(out)
