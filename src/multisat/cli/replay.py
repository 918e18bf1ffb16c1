"""``multisat replay``: run a job anew from its lock."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from multisat.cli.jobs import PART, shown, told, where_options


@click.command(
    epilog="""\b
Examples:
  multisat zonal forests.gpkg 2023-06 --id forest -i NDVI --resolution 20 -o out/
  multisat replay out/run.lock.json -o again/
"""
)
@click.argument("lock", type=click.Path(path_type=Path))
@click.option("--out", "-o", type=click.Path(path_type=Path), required=True, help="A new folder.")
@where_options
def replay(lock: Path, out: Path, **where: Any) -> None:  # noqa: ANN401 - the options above
    """Read the same items with the same steps again, and tell which files the archive replaced since.

    LOCK is the run.lock.json beside a result. The exit code is 5 if a file was replaced or could not be
    read. Paths of the files made go to standard output.
    """
    from multisat.jobs import replay as again

    with shown() as show:
        found = again(lock, out, progress=show, **where)
    told(found.report)
    same = "the same" if not found.differing else f"{len(found.differing)} files differ"
    click.echo(f"{len(found.replaced)} files were replaced since; the result is: {same}", err=True)
    sys.exit(0 if found.report.complete and not found.replaced else PART)
