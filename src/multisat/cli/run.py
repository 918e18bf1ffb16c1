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
from multisat.cli.words import AREA, DATES, says

if TYPE_CHECKING:
    from multisat.recipe import Recipe

_TABLES = {".csv", ".parquet", ".geoparquet", ".gpkg"}


@click.command(
    epilog="""\b
Examples:
  echo '{"multisat_recipe":1,"index":["NDVI"],"zonal":{"statistics":["mean"]}}' > means.json
  multisat run means.json forests.gpkg 2023-05 --id forest -o forests.csv
  echo '{"multisat_recipe":1,"index":["NDVI"],"composite":{"period":"month","reducer":"max"}}' > recipe.json
  multisat run recipe.json city.geojson 2023-05/2023-06 --dry-run -o ndvi.nc
  multisat run recipe.json field.geojson 2023 -p sentinel-hub --as batch --cap "90 processing units" -o all.nc
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
@says(AREA, DATES)
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
    """Run a recipe from a file.

    RECIPE is JSON, which Recipe.save() writes in Python.

    A table into a folder, and pixels with --tile, are worked out unit by unit, and go on there when called
    again. Paths of the files written go to standard output.
    """
    from multisat.recipe import Recipe
    from multisat.zones import write_table

    wanted = Recipe.open(recipe)
    job = is_folder(out) if wanted.zoned is not None else options["tile"] is not None
    _check_how(how, no_wait=no_wait, options=options, preview=preview)
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


def _check_how(how: str, *, no_wait: bool, options: dict[str, Any], preview: Path | None) -> None:
    """Refuse options that would do nothing."""
    from multisat.errors import UsageError

    if how == "now" and no_wait:
        raise UsageError("--no-wait is for batch jobs", hint="add --as batch, or leave it out")
    if how == "batch" and not options["on"]:
        raise UsageError("a batch job needs a service", hint="add --on openeo or --on sentinel-hub")
    if how == "batch" and (preview is not None or options["tile"] is not None):
        raise UsageError("--preview and --tile have no meaning for a batch job", hint="leave them out")


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
