"""``multisat status``: how the job in a folder stands."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from multisat.cli.jobs import PART


@click.command(
    epilog="""\b
Examples:
  multisat zonal forests.gpkg 2023-06 --id forest -i NDVI --resolution 20 -o out/
  multisat status out/
"""
)
@click.argument("out", type=click.Path(path_type=Path))
def status(out: Path) -> None:
    """Tell how many units of a job are done, to do, and failed, and why.

    OUT is the folder of the job, which may be at work. The exit code is 0 if all is done, else 5.
    """
    from multisat.jobs import standing

    found = standing(out)
    for state, number in found.units.items():
        click.echo(f"{state:8}{number}")
    click.echo(f"{found.bytes / 1e6:.2f} MB written, {found.seconds:.0f} s of work")
    for state, tries, error in found.problems:
        click.echo(f"  {state} after {tries} tries: {error}")
    whole = found.finished and not found.problems and not found.units["todo"]
    if not whole:
        click.echo(f"go on: the same command, or multisat retry {out}", err=True)
    sys.exit(0 if whole else PART)
