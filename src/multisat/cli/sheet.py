"""``multisat sheet``: every overpass over an area at a glance."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from multisat.cli.looking import PART, check_picture, limits_of, looked, looking_options, lost, saved
from multisat.cli.words import AREA, DATES, says


@click.command(
    epilog="""\b
Examples:
  multisat sheet field.geojson 2023-05/2023-08 -o sheet.png
  multisat sheet parks.geojson 2023 --id name --only park-1 -c landsat-c2-l2 --max-cloud 5 -o park.pdf
"""
)
@click.argument("aoi")
@click.argument("dates")
@looking_options
@click.option(
    "--pixels", type=click.IntRange(16, 1000), default=160, show_default=True, help="Of a longer side."
)
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), required=True, help="Picture: .png, .jpg, .pdf, .svg."
)
@says(AREA, DATES)
def sheet(aoi: str, dates: str, *, pixels: int, out: Path, **options: Any) -> None:  # noqa: ANN401 - the options above
    """Draw a contact sheet: a small true-colour picture of each overpass with its date and cloud.

    Whether it is kept is told by the cloud over the area (--max-cloud). All pictures have one stretch.
    Quality layers are read, and coarse red, green and blue. The path goes to standard output.
    """
    from multisat.api import screen
    from multisat.model import AOIs
    from multisat.view.sheet import sheet as draw

    check_picture(out)
    found = looked(aoi, dates, options)
    assert found.request is not None  # noqa: S101 - it was searched
    screening = screen(AOIs.of(found.request.aoi), scenes=found)
    saved(draw(screening, pixels=pixels, **limits_of(options)), out)
    click.echo(screening.summary(), err=True)
    sys.exit(PART if lost(found) or not screening.complete else 0)
