"""``multisat change``: radar before and after an event."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from multisat.cli.asking import ERRORS, SECONDS
from multisat.cli.recipes import PART, areas_of, check_out, written
from multisat.cli.words import AREA, says

if TYPE_CHECKING:
    import xarray

    from multisat.recipe.events import Looks


@click.command(
    epilog="""\b
Examples:
  multisat change field.geojson 2023-06-28 --dry-run -o storm.tif
  multisat change field.geojson 2023-06-28 --days 24 -o storm.tif --preview storm.png
  multisat change 11.49,48.31,11.51,48.33 2023-06-28/2023-06-30 --bands vh --orbit 44 --clip -o storm.nc
"""
)
@click.argument("aoi")
@click.argument("event")
@click.option("--days", type=click.IntRange(min=1), default=30, show_default=True, help="Days on each side.")
@click.option("--bands", "-b", default="vv,vh", show_default=True, help="Radar bands joined by commas.")
@click.option("--on", "-p", "on", multiple=True, help="Archive, best first. Repeatable.")
@click.option(
    "--collection", "-c", default="sentinel-1-rtc", show_default=True, help="Radar; canonical or native."
)
@click.option("--orbit", type=int, help="Relative orbit; the one with most looks if not given.")
@click.option("--resolution", type=float, help="Pixel size in units of the CRS; native if not given.")
@click.option("--crs", help="Such as EPSG:3035; native if not given.")
@click.option("--clip", is_flag=True, help="Drop pixels outside the area.")
@click.option("--layer", help="Layer of the AOI file.")
@click.option("--id", "id_column", help="Attribute of the AOI file that names its features.")
@click.option("--only", multiple=True, help="Use only the features with this name. Repeatable.")
@click.option("--deadline", type=SECONDS, default=60.0, show_default=True, help="Seconds for all archives.")
@click.option("--dry-run", is_flag=True, help="Say which looks would be compared; read nothing.")
@ERRORS
@click.option("--preview", type=click.Path(path_type=Path), help="Draw a picture of the change, too (PNG).")
@click.option("--out", "-o", type=click.Path(path_type=Path), required=True, help=".tif, .nc or .zarr.")
@says(AREA)
def change(
    aoi: str,
    event: str,
    *,
    bands: str,
    out: Path,
    preview: Path | None,
    dry_run: bool,
    **options: Any,  # noqa: ANN401 - the options above
) -> None:
    """Compare mean radar power before and after an event, from one relative orbit.

    EVENT is a day such as 2023-06-28, or two joined by a slash, in UTC, both included; looks within it
    count on neither side. The change is in dB. The path of the file written goes to standard output.
    """
    from multisat.changes import check_radar

    _check(out, preview)
    names = check_radar([name.strip() for name in bands.split(",")])
    found = _looks(aoi, event, options)
    if dry_run:
        click.echo(str(found))
        return
    click.echo(str(found), err=True)
    cube = _compared(found, names, options)
    written(cube, out, preview, f"{names[0]}_change")
    sys.exit(PART if _incomplete(found, cube) else 0)


def _check(out: Path, preview: Path | None) -> None:
    from multisat.errors import UsageError
    from multisat.writing import check_target

    check_out(out, preview)
    if check_target(out) == "folder":
        raise UsageError(f"{out} has no ending", hint="name one file: .tif, .nc or .zarr")


def _looks(aoi: str, event: str, options: dict[str, Any]) -> Looks:
    from multisat.recipe.events import looks

    area = areas_of(aoi, options).union()
    names = ("days", "collection", "orbit", "deadline")
    return looks(area, event, on=options["on"] or None, **{name: options[name] for name in names})


def _compared(found: Looks, bands: Sequence[str], options: dict[str, Any]) -> xarray.Dataset:
    from multisat.changes import change as compare
    from multisat.federate.loading import open_asset
    from multisat.view.progress import progress

    how = {name: options[name] for name in ("resolution", "crs", "clip", "errors")}
    sides = found.before, found.after
    with progress("scenes") as show:
        return compare(found.aoi, sides, bands, access=open_asset, progress=show, **how)


def _incomplete(found: Looks, cube: xarray.Dataset) -> bool:
    from multisat.model import Status

    silent = any(o.error for o in found.outcomes if o.status is not Status.SKIPPED)
    return silent or bool(cube.attrs["skipped_before"] or cube.attrs["skipped_after"])
