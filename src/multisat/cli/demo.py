"""``multisat demo``: the whole way from a field to a picture, offline and without an account."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from multisat.federate import SearchResult

_FOLDER = Path("multisat-demo")
_PLACE = "munich"
_DATES = "2023-05/2023-09"
_COLLECTIONS = ("sentinel-2-l2a", "landsat-c2-l2", "hls", "sentinel-1-rtc")


@click.command(epilog="\b\nExamples:\n  multisat demo --out my-demo\n  multisat demo --secure")
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    show_default=str(_FOLDER),
    help="Folder for the results.",
)
@click.option("--secure", is_flag=True, help="Show logins instead: tokens that end, refusals, redirects.")
def demo(out: Path | None, secure: bool) -> None:
    """Search three archives at once and map a cloud-free NDVI, over synthetic scenes.

    Starts stand-ins of Earth Search, Planetary Computer and NASA CMR on this machine and sends
    them the same real plugins that talk to the real services. Nothing leaves this machine.
    """
    if not secure:
        _map(out or _FOLDER)
        return
    from multisat.cli.secure_demo import run_secure_demo
    from multisat.errors import UsageError

    if out is not None:
        raise UsageError("--secure writes no files", hint="leave out --out")
    run_secure_demo()


def _map(out: Path) -> None:
    """Search, read, map."""
    from multisat.sandbox import Sandbox

    began = time.monotonic()
    _say("1/4  starting stand-ins of three archives (every scene is synthetic)")
    out.mkdir(parents=True, exist_ok=True)
    with Sandbox() as box:
        os.environ.update(box.environment)
        area = _write_area(box.places[_PLACE], out)
        found = _search(area, out)
        picture, raster = _map_ndvi(found, out)
    _say(f"4/4  done in {time.monotonic() - began:.1f} s")
    for title, path in (
        ("area", area),
        ("scenes", out / "found.json"),
        ("NDVI", raster),
        ("picture", picture),
    ):
        click.echo(f"{title:8} {path}")
    _say("\nThe same against the real services:")
    _say(f"  multisat search {area} {_DATES} --max-cloud 60 --out found.json")
    _say("  multisat load found.json -c sentinel-2-l2a --bands red,nir --mask clear --out pixels/")


def _say(text: str) -> None:
    click.echo(text, err=True)


def _write_area(geometry: dict[str, Any], out: Path) -> Path:
    import orjson

    path = out / "field.geojson"
    path.write_bytes(orjson.dumps({"type": "Feature", "properties": {"id": _PLACE}, "geometry": geometry}))
    return path


def _search(area: Path, out: Path) -> SearchResult:
    from multisat.api import search
    from multisat.cli.search import report, write_scenes

    _say(f"2/4  asking all archives for {_DATES}, clouds up to 60 %")
    found = search(area, _DATES, collections=_COLLECTIONS, max_cloud=60)
    report(found)
    write_scenes(found, "table")
    found.save(out / "found.json")
    return found


def _map_ndvi(found: SearchResult, out: Path) -> tuple[Path, Path]:
    """Make the median of the cloud-free NDVI of all Sentinel-2 overpasses, and a picture of it."""
    from multisat.api import load
    from multisat.cube import ndvi
    from multisat.view.progress import progress
    from multisat.view.quicklook import write_quicklook
    from multisat.writing import write_cog

    optical = found.of_collection("sentinel-2-l2a")
    _say(f"3/4  reading red, nir and clouds of {len(optical)} Sentinel-2 scenes, only over the field")
    with progress("scenes") as show:
        cube = load(optical, ["red", "nir"], mask="clear", progress=show)
    greenness = ndvi(cube).median("time", keep_attrs=True).rename("ndvi")
    raster = write_cog(greenness, out / "ndvi.tif", period=_DATES)[0]
    return write_quicklook(greenness, out / "ndvi.png"), raster
