"""``multisat load``: pixels of a search as GeoTIFF, netCDF or Zarr."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from multisat.cli.asking import ERRORS, band_names, search_options
from multisat.cli.finding import found_scenes
from multisat.cli.words import AREA, DATES, SCENES, says

if TYPE_CHECKING:
    from multisat.federate import SearchResult
    from multisat.model import Scene

_PART = 5


@click.command(
    epilog="""\b
Examples:
  multisat load field.geojson 2023-06 --bands red,nir --mask clear -c sentinel-2-l2a -o out/
  multisat load field.geojson 2023-06 --bands red,nir -c hls -o field.nc
  multisat load field.geojson --bands elevation -c cop-dem-30 -o heights/
  multisat search field.geojson 2023 -c sentinel-2-l2a --max-cloud 20 -o found.json
  multisat load found.json --bands red --aoi 11.50,48.315,11.51,48.32 -o window/
"""
)
@click.argument("what")
@click.argument("dates", required=False)
@search_options
@click.option("--bands", "-b", required=True, help="Canonical bands joined by commas, such as red,nir.")
@click.option("--mask", help='"clear", "loose", or class words joined by commas.')
@click.option("--dilate", type=float, default=0.0, help="Metres: margin around what is masked.")
@click.option("--opening", type=float, default=0.0, help="Metres: size of masked specks to drop.")
@click.option("--resolution", type=float, help="Pixel size in units of the CRS; native if not given.")
@click.option("--crs", help="Such as EPSG:3035; native if not given.")
@click.option("--resampling", default="nearest", show_default=True, help="How pixels move to another grid.")
@click.option("--raw", is_flag=True, help="Stored integers instead of physical values.")
@click.option("--aoi", "area", help="Area to read, if it is not the one that was searched.")
@click.option("--assume-baseline", help="Sentinel-2 baseline such as 05.09, for items that give none.")
@ERRORS
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), required=True, help="Folder, or .nc, .zarr or .tif."
)
@says(SCENES, AREA, DATES)
def load(
    what: str,
    dates: str | None,
    *,
    bands: str,
    area: str | None,
    assume_baseline: str | None,
    out: Path,
    **options: Any,  # noqa: ANN401 - the options above
) -> None:
    """Read bands and write one GeoTIFF per overpass, or all as netCDF or Zarr.

    Values are surface reflectance, kelvin or linear power, and NaN where there is no data; see --raw.
    Paths of the files written go to standard output.
    """
    from multisat.api import load as load_pixels
    from multisat.model import AOIs, Status
    from multisat.model.scene import check_baseline
    from multisat.view.progress import progress
    from multisat.writing import check_target, write

    check_target(out)
    wanted = band_names(bands)
    if assume_baseline is not None:
        check_baseline(assume_baseline)
    if area is not None:
        AOIs.of(area)
    names = ("mask", "dilate", "opening", "resolution", "crs", "resampling", "raw", "errors")
    reading = {name: options.pop(name) for name in names}
    found = found_scenes(what, dates, options)
    scenes = _with_baseline(found, assume_baseline)
    where = area if area is not None else (found.request.aoi if found.request else None)
    with progress("scenes") as show:
        cube = load_pixels(scenes, wanted, aoi=where, progress=show, **reading)
    for path in write(cube, out):
        click.echo(str(path))
    failed = any(o.error for o in found.outcomes if o.status is not Status.SKIPPED)
    sys.exit(_PART if failed or cube.attrs["skipped"] else 0)


def _with_baseline(found: SearchResult, assumed: str | None) -> list[Scene]:
    """Return the scenes; Sentinel-2 without a processing baseline gets the one the user assumes."""
    if assumed is None:
        return list(found)
    lacking = {s.uid for s in found if s.collection == "sentinel-2-l2a" and s.baseline is None}
    return [s.with_baseline(assumed) if s.uid in lacking else s for s in found]
