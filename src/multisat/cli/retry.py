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
  multisat retry out/
  multisat retry out/ --failed --workers 4
"""
)
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--failed", is_flag=True, help="Only the units that failed or lack a scene.")
@where_options
def retry(out: Path, *, failed: bool, **where: Any) -> None:  # noqa: ANN401 - the options above
    """Do what is missing in the folder of a job, without searching again.

    Paths of the files made go to standard output.
    """
    from multisat.jobs import retry as again

    with shown() as show:
        report = again(out, only_failed=failed, progress=show, **where)
    told(report)
    sys.exit(0 if report.complete else PART)
