"""``multisat search``: scenes over a place and a time, from several archives at once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from multisat.cli.asking import ask, search_options
from multisat.cli.words import AREA, DATES, says

if TYPE_CHECKING:
    from multisat.federate import SearchResult


_SHORT = (
    "datetime",
    "provider",
    "collection",
    "platform",
    "tile",
    "cloud_cover",
    "processing_baseline",
    "also_at",
)
"""Columns of the table for people; the other formats have all."""


@click.command(
    epilog="""\b
Examples:
  multisat search field.geojson 2023-05/2023-09 --max-cloud 20
  multisat search 11.5,48.32 2023-07 -c sentinel-2-l2a -p earth-search --format table
  multisat search parks.geojson 2023 --only park-1 --sort cloud_cover --limit 5 -o found.json
  multisat search field.geojson 2023-06-03 --format geojson | multisat load - --bands red,nir -o out/
"""
)
@click.argument("aoi")
@click.argument("dates", required=False)
@search_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "ndjson", "json", "csv", "geojson"]),
    help="How to write the scenes: a table on a terminal, one item per line otherwise.",
)
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), help="Write a GeoJSON ItemCollection to a file."
)
@says(AREA, DATES, "Without DATES all of time is searched. Ends with 4 if there is no scene.")
def search(aoi: str, dates: str | None, form: str | None, out: Path | None, **options: Any) -> None:  # noqa: ANN401
    """Ask several archives at once for scenes; what each answered goes to standard error."""
    found = ask(aoi, dates, **options)
    if out is not None:
        found.save(out)
    else:
        write_scenes(found, form)
    report(found)
    if out is not None and any(one.resume for one in found.outcomes):
        click.echo(f"the rest: multisat resume {out}", err=True)
    end_if_empty(found)
    sys.exit(exit_code(found))


def write_scenes(found: SearchResult, form: str | None) -> None:
    """Write scenes to standard output: items for machines, rows for people."""
    import orjson

    from multisat.cli.output import chosen_format, emit
    from multisat.federate.tables import COLUMNS, row

    form = form or chosen_format()
    if form == "geojson":
        click.echo(orjson.dumps(found.to_dict(), option=orjson.OPT_INDENT_2).decode())
    elif form == "ndjson":
        for scene in found:
            click.echo(orjson.dumps(scene.to_item()).decode())
    else:
        emit([row(scene) for scene in found], form, _SHORT if form == "table" else (*COLUMNS, "also_at"))


def report(found: SearchResult) -> None:
    """Say on standard error what each archive answered."""
    from multisat.view.outcomes import print_outcomes

    print_outcomes(found)


def end_if_empty(found: SearchResult) -> None:
    """End if there is no scene: because there is none, or because every archive failed.

    Raises:
        NothingFound: No archive failed, or none was asked.
    """
    from multisat.errors import NothingFound
    from multisat.model import Status

    if found.scenes:
        return
    failed = exit_code(found)
    if failed != NothingFound.exit_code:
        sys.exit(failed)
    if all(one.status is Status.SKIPPED for one in found.outcomes):
        raise NothingFound("no archive was asked", hint="the table above says why")
    raise NothingFound("no scene matches", hint="widen the time range, the area or the limits")


def exit_code(found: SearchResult) -> int:
    """Return 0 for a whole list, 4 for an empty one, 5 for a part, 6 if every archive failed."""
    from multisat.errors import NothingFound, ProviderError
    from multisat.model import Status

    asked = [o for o in found.outcomes if o.status is not Status.SKIPPED]
    failed = [o for o in asked if o.error is not None]
    if failed and len(failed) == len(asked) and not found.scenes:
        return max(getattr(o.error, "exit_code", ProviderError.exit_code) for o in failed)
    if failed:
        return 5
    return 0 if found.scenes else NothingFound.exit_code
