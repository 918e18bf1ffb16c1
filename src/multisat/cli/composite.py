"""``multisat composite``: cloud-free mosaics of bands."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from multisat.cli.index import composed
from multisat.cli.jobs import check_job, job_options, work
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

_SETS = {"rgb": ("red", "green", "blue")}


@click.command(
    epilog="""\b
Examples:
  multisat composite city.geojson 2023 --period year --clip -o city.tif --preview city.png
  multisat composite city.geojson 2023-05/2023-09 --bands rgb,nir --stat medoid --period all -o city.tif
  multisat composite city.geojson 2023-05/2023-06 --period month --tile 512 -o tiles/
"""
)
@click.argument("aoi")
@click.argument("dates")
@click.option("--bands", "-b", default="rgb", show_default=True, help="Bands joined by commas; rgb is three.")
@click.option("--period", default="all", show_default=True, help='Calendar period, "16d", or "all".')
@click.option("--stat", default="median", show_default=True, help="Such as median, q25, greenest, medoid.")
@click.option("--clip", is_flag=True, help="Drop pixels outside the area.")
@recipe_options
@job_options
@click.option("--preview", type=click.Path(path_type=Path), help="Draw a picture, too (PNG).")
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), required=True, help="Folder, or .nc, .zarr or .tif."
)
@says(AREA, DATES)
def composite(
    aoi: str,
    dates: str,
    *,
    bands: str,
    period: str,
    stat: str,
    clip: bool,
    out: Path,
    preview: Path | None,
    **options: Any,  # noqa: ANN401 - the options above
) -> None:
    """Make one cloud-free image of many, per period, with the number of clear looks beside it.

    With --tile it is worked out tile by tile into a folder, and goes on there when it is called again.
    Paths of the files written go to standard output.
    """
    from multisat.recipe import Recipe

    if options["tile"] is None:
        check_out(out, preview)
    else:
        check_job(out, options, preview)
    names = [name for one in bands.split(",") for name in _SETS.get(one.strip(), (one.strip(),))]
    recipe = composed(masked(Recipe().bands(*names), options), period, stat)
    plan = planned(recipe.clip() if clip else recipe, areas_of(aoi, options), dates, options)
    if options["tile"] is not None:
        work(plan, out, options)
        return
    check_times(plan, out)
    cube = computed(plan, options)
    if cube is not None:
        written(cube, out, preview)
        sys.exit(PART if incomplete(plan, cube) else 0)
