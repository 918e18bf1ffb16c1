"""``multisat retry``: go on with the job in a folder as it was planned."""

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
  multisat retry out/
  multisat retry out/ --failed --workers 4
"""
)
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--failed", is_flag=True, help="Only the units that failed or lack a scene.")
@where_options
def retry(out: Path, *, failed: bool, **where: Any) -> None:  # noqa: ANN401 - the options above
    """Do what is missing in the folder of a job, without searching again.

    OUT is the folder. Paths of the files made go to standard output.
    """
    from multisat.errors import UsageError
    from multisat.jobs import retry as again

    if not (out / "run.lock.json").is_file():
        raise UsageError(f"there is no job in {out}", hint="name the folder of a job")
    with shown() as show:
        report = again(out, only_failed=failed, progress=show, **where)
    told(report)
    sys.exit(0 if report.complete else PART)
