"""``multisat report``: what there is over an area, in one file to hand on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from multisat.cli.looking import PART, draw_without_display, limits_of, looked, looking_options
from multisat.cli.words import AREA, DATES, says


@click.command(
    epilog="""\b
Examples:
  multisat report field.geojson 2023-05/2023-08 -o report.html
  multisat report city.geojson 2023 -c landsat-c2-l2 --index EVI2 --resolution 60 -o city.html
  multisat report city.geojson 2023 --dry-run -o city.html
"""
)
@click.argument("aoi")
@click.argument("dates")
@looking_options
@click.option("--index", "-i", default="NDVI", show_default=True, help="Published index of the series.")
@click.option(
    "--resolution", type=float, help="Pixel size of the series in units of the CRS; native if not given."
)
@click.option("--dry-run", is_flag=True, help="Search, and say about what reading would cost.")
@click.option("--out", "-o", type=click.Path(path_type=Path), required=True, help="HTML file.")
@says(AREA, DATES)
def report(
    aoi: str,
    dates: str,
    *,
    index: str,
    resolution: float | None,
    dry_run: bool,
    out: Path,
    **options: Any,  # noqa: ANN401 - the options above
) -> None:
    """Write one HTML file: map, contact sheet, index through time, clouds, sources and credits.

    It holds all it shows, runs no script and loads nothing from elsewhere. The path goes to standard
    output; the exit code is 5 if an archive or a file failed, which the report says as well.
    """
    from multisat.view.progress import progress
    from multisat.view.report import check_report, findings, series_plan, write_report

    draw_without_display()
    check_report(out)
    found = looked(aoi, dates, options)
    if dry_run:
        click.echo(series_plan(found, index, resolution).explain())
        return
    with progress("blocks") as show:
        told = findings(found, index=index, resolution=resolution, progress=show)
    click.echo(str(write_report(told, out, **limits_of(options))))
    sys.exit(0 if told.complete else PART)
