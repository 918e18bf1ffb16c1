"""``multisat download``: whole files of a search."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from multisat.cli.asking import band_names, search_options
from multisat.cli.finding import found_scenes
from multisat.cli.words import AREA, DATES, SCENES, says

if TYPE_CHECKING:
    from multisat.downloads import Downloads
    from multisat.federate import SearchResult

_PART = 5
_INTERRUPTED = 130
_SHORT = ("status", "provider", "item", "band", "MB", "seconds", "path")
_LONG = ("checked", "error", "note")
_ALL = ("status", "provider", "item", "asset", "band", "path", "size", "bytes", "seconds", *_LONG)


@click.command(
    epilog="""\b
Examples:
  multisat download field.geojson 2023-06 --bands red,nir -c sentinel-2-l2a -o files/
  multisat search field.geojson 2023-06 -p earth-search -o found.json
  multisat download found.json -c sentinel-2-l2a --bands red,scl --workers 8 -o files/
  multisat search field.geojson 2023-06 -c hls --format geojson | multisat download - -b fmask -o files/
"""
)
@click.argument("what")
@click.argument("dates", required=False)
@search_options
@click.option("--bands", "-b", help="Canonical bands joined by commas; every file that has one if not given.")
@click.option("--workers", type=click.IntRange(min=1), default=4, show_default=True, help="Files at a time.")
@click.option("--overwrite", is_flag=True, help="Download files anew that are there already.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "ndjson", "json", "csv"]),
    help="How to write what became of each file: a table on a terminal, one per line otherwise.",
)
@click.option("--out", "-o", type=click.Path(path_type=Path), required=True, help="Folder to write into.")
@says(SCENES, AREA, DATES)
def download(
    what: str,
    dates: str | None,
    *,
    bands: str | None,
    workers: int,
    overwrite: bool,
    form: str | None,
    out: Path,
    **options: Any,  # noqa: ANN401 - the search options
) -> None:
    """Download whole files into OUT/SCENE/FILE.

    Files are whole, not cut to the area; for pixels of an area see multisat load. Files that are there
    already are passed over, and files that were cut are gone on with.
    """
    from multisat.cli.search import end_if_empty

    names = None if bands is None else band_names(bands)
    found = found_scenes(what, dates, options)
    end_if_empty(found)
    try:
        files = _with_progress(found, out, names, workers=workers, overwrite=overwrite)
    except KeyboardInterrupt:
        click.echo("stopped; the same command goes on from here", err=True)
        sys.exit(_INTERRUPTED)
    _write(files, form)
    sys.exit(_code(found, files))


def _with_progress(found: SearchResult, out: Path, bands: list[str] | None, **how: Any) -> Downloads:  # noqa: ANN401
    from multisat.api import download as download_files
    from multisat.view.progress import download_progress

    with download_progress() as show:
        return download_files(found, out, bands, progress=show, **how)


def _write(files: Downloads, form: str | None) -> None:
    from multisat.cli.output import chosen_format, emit

    form = form or chosen_format()
    table = form == "table"
    rows = [{**one.to_dict(), "MB": one.size / 1e6} if table else one.to_dict() for one in files]
    emit(rows, form, _SHORT if table else _ALL)
    for one in files.failed if table else ():
        click.echo(f"  {one.provider} {one.item} {one.band}: {one.error}", err=True)
    click.echo(files.summary(), err=True)


def _code(found: SearchResult, files: Downloads) -> int:
    from multisat.model import Status

    silent = any(o.error for o in found.outcomes if o.status is not Status.SKIPPED)
    return _PART if silent or files.failed else 0
