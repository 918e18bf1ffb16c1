"""``multisat screen``: the cloud over polygons, from quality layers alone."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from multisat.cli.asking import ERRORS, SECONDS, band_names
from multisat.cli.words import AREA, DATES, says

if TYPE_CHECKING:
    from multisat.federate import SearchResult
    from multisat.model import AOIs
    from multisat.screening import Fetched, Screening

_PART = 5
_PERCENT = click.FloatRange(0, 100)
_SHORT = (
    *("aoi", "time", "collection", "platform", "scene_cloud", "clear", "cloud", "cirrus"),
    *("shadow", "snow", "water", "covered", "bound", "status"),
)
_FETCHED = ("file", "path", "file_error")


@click.command(
    epilog="""\b
Examples:
  multisat screen parks.geojson 2023 --max-cloud 5 --min-covered 99 --save overview.csv --plot clouds.png
  multisat screen parks.geojson 2023-06 -c sentinel-2-l2a --best 1 --fetch red,green,blue --out clear/
  multisat screen parks.geojson 2023 --id name --only park-1 --dry-run
  multisat search parks.geojson 2023-06 --format geojson | multisat screen parks.geojson --scenes -
"""
)
@click.argument("aoi")
@click.argument("dates", required=False)
@click.option("--provider", "-p", "providers", multiple=True, help="Ask only this one. Repeatable.")
@click.option("--collection", "-c", "collections", multiple=True, help="Canonical or native. Repeatable.")
@click.option("--max-cloud", type=_PERCENT, help="Highest cloud over the POLYGON, in percent of it.")
@click.option("--min-clear", type=_PERCENT, help="Least share of the polygon that is clear, in percent.")
@click.option("--min-covered", type=_PERCENT, help="Least share of the polygon with data, in percent.")
@click.option("--max-scene-cloud", type=_PERCENT, help="Highest cloud of the WHOLE SCENE; more is not read.")
@click.option("--best", type=click.IntRange(min=1), help="Only so many of each polygon, the clearest first.")
@click.option(
    "--mask", default="clear", show_default=True, help='What is not clear: "clear", "loose" or words.'
)
@click.option("--exact", is_flag=True, help="Full resolution only, no overviews.")
@click.option(
    "--tolerance", type=float, default=1.0, show_default=True, help="Percent that overviews may be off."
)
@click.option("--scenes", help="Scenes written by search instead of DATES; - is standard input.")
@click.option("--deadline", type=SECONDS, default=30.0, show_default=True, help="Seconds for all archives.")
@click.option("--layer", help="Layer of the AOI file.")
@click.option("--id", "id_column", help="Attribute of the AOI file that names its features.")
@click.option("--only", multiple=True, help="Use only the features with this name. Repeatable.")
@ERRORS
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "ndjson", "json", "csv"]),
    help="How to write the rows: a table on a terminal, one per line otherwise.",
)
@click.option("--save", type=click.Path(path_type=Path), help="Write all rows to this CSV file, too.")
@click.option("--plot", type=click.Path(path_type=Path), help="Draw scene cloud against polygon cloud (PNG).")
@click.option("--fetch", help="Bands to write of the rows that pass, clipped to the polygon: red,green,blue.")
@click.option("--out", "-o", type=click.Path(path_type=Path), help="Folder for --fetch.")
@click.option("--dry-run", is_flag=True, help="Search, and say about what reading would cost.")
@says(AREA, DATES)
def screen(
    aoi: str,
    dates: str | None,
    *,
    form: str | None,
    fetch: str | None,
    out: Path | None,
    dry_run: bool,
    **options: Any,  # noqa: ANN401 - the options above
) -> None:
    """Tell which share of each polygon is clear on each overpass.

    Only quality layers are read, no band. --max-cloud here is the cloud over the polygon; that of the
    whole scene is --max-scene-cloud. Shares are percent of the polygon. Ends with 4 if nothing passes.
    """
    from multisat.cli.search import end_if_empty

    _check(fetch, out, options)
    areas = _areas(aoi, options)
    found = _found(areas, dates, options)
    end_if_empty(found)
    if dry_run:
        _tell_cost(found, areas, form)
        return
    everything = _screened(found, areas, options)
    _keep(everything, options)
    passed = _passing(everything, options)
    files = _fetched(passed, fetch, out)
    _write(passed, files, form)
    sys.exit(_code(found, everything, passed, files))


def _check(fetch: str | None, out: Path | None, options: dict[str, Any]) -> None:
    """Refuse a wrong use before any archive is asked."""
    from multisat.cli.looking import check_picture
    from multisat.errors import UsageError
    from multisat.vocab.masks import mask_words

    if options["plot"] is not None:
        check_picture(options["plot"])
    save = options["save"]
    if save is not None and save.suffix.lower() != ".csv":
        raise UsageError(f"cannot write {save.name}: the table is CSV", hint="name it .csv")
    if (fetch is None) != (out is None):
        raise UsageError("--fetch and --out belong together", hint="give bands and a folder")
    mask_words(options["mask"])
    if fetch is not None:
        band_names(fetch)


def _areas(aoi: str, options: dict[str, Any]) -> AOIs:
    from multisat.cli.recipes import areas_of
    from multisat.screening import polygons

    return polygons(areas_of(aoi, options))


def _found(areas: AOIs, dates: str | None, options: dict[str, Any]) -> SearchResult:
    """Return scenes: of a file or a pipe, or searched for now."""
    from multisat.api import collections_with_quality, open_results, search
    from multisat.cli.search import report
    from multisat.errors import UsageError

    names = ("scenes", "providers", "collections", "max_scene_cloud", "deadline")
    scenes, providers, collections, cloud, deadline = (options[name] for name in names)
    if scenes is not None:
        if dates or providers or collections or cloud is not None:
            raise UsageError("what to search for has no meaning with --scenes", hint="give it to search")
        return open_results(scenes)
    found = search(
        areas,
        dates,
        providers=list(providers) or None,
        collections=list(collections) or collections_with_quality(),
        max_cloud=cloud,
        deadline=deadline,
    )
    report(found)
    return found


def _tell_cost(found: SearchResult, areas: AOIs, form: str | None) -> None:
    from multisat.cli.output import chosen_format, emit
    from multisat.screening import cost

    told = cost(found.scenes, areas)
    emit([asdict(told)], form or chosen_format(), tuple(asdict(told)))
    click.echo(str(told), err=True)


def _screened(found: SearchResult, areas: AOIs, options: dict[str, Any]) -> Screening:
    from multisat.api import screen as screen_areas
    from multisat.view.progress import progress

    how = {name: options[name] for name in ("mask", "exact", "tolerance", "errors")}
    with progress("scenes") as show:
        return screen_areas(areas, scenes=found, progress=show, **how)


def _keep(everything: Screening, options: dict[str, Any]) -> None:
    """Write the table and the picture, which show all rows, not only those that pass."""
    from multisat.writing.whole import whole_file

    if options["save"] is not None:
        everything.save(options["save"])
    if options["plot"] is not None:
        with whole_file(options["plot"]) as temporary:
            everything.plot().figure.savefig(temporary, dpi=150)


def _passing(everything: Screening, options: dict[str, Any]) -> Screening:
    limits = {name: options[name] for name in ("max_cloud", "min_clear", "min_covered")}
    passed = everything.filter(**limits)
    return passed if options["best"] is None else passed.best(options["best"])


def _fetched(passed: Screening, bands: str | None, out: Path | None) -> list[Fetched]:
    from multisat.view.progress import progress

    if bands is None or out is None:
        return []
    with progress("files") as show:
        return passed.fetch(band_names(bands), out, progress=show)


def _write(passed: Screening, files: Sequence[Fetched], form: str | None) -> None:
    from multisat.cli.output import chosen_format, emit
    from multisat.screening import COLUMNS

    form = form or chosen_format()
    rows = [row.to_dict() for row in (*passed.rows, *passed.failed)]
    for row, file in zip(rows, files, strict=False):  # rows that failed have no file
        row |= {"file": file.status.value, "path": str(file.path), "file_error": file.error}
    columns = _SHORT if form == "table" else COLUMNS
    emit(rows, form, (*columns, *_FETCHED) if files else columns)
    for row in rows if form == "table" else ():
        if row["error"]:
            click.echo(f"  {row['aoi']} {row['time']}: {row['error']}", err=True)
    click.echo(passed.summary(), err=True)


def _code(found: SearchResult, everything: Screening, passed: Screening, files: Sequence[Fetched]) -> int:
    from multisat.downloads import FileStatus
    from multisat.errors import NothingFound
    from multisat.model import Status

    silent = any(o.error for o in found.outcomes if o.status is not Status.SKIPPED)
    failed = any(file.status is FileStatus.FAILED for file in files)
    if silent or failed or not everything.complete:
        return _PART
    return 0 if passed.rows else NothingFound.exit_code
