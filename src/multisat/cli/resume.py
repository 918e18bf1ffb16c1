"""``multisat resume``: go on with a search whose list is incomplete."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from multisat.cli.asking import SECONDS


@click.command(
    epilog="""\b
Examples:
  multisat search field.geojson 2023 -p earth-search --limit 3 -o found.json
  multisat resume found.json --out whole.json
"""
)
@click.argument("found", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--deadline", type=SECONDS, default=30.0, show_default=True, help="Seconds for all archives.")
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), help="File to write; the one that was read if not given."
)
def resume(found: Path, deadline: float, out: Path | None) -> None:
    """Ask the archives whose list was incomplete to go on where they stopped.

    FOUND is a file written by multisat search --out. Archives that answered whole are not asked
    again.
    """
    from multisat.api import open_results
    from multisat.cli.search import exit_code, report

    whole = open_results(found).resume(deadline=deadline)
    whole.save(out or found)
    report(whole)
    sys.exit(exit_code(whole))
