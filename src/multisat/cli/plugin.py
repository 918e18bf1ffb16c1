"""``multisat plugin``: a plugin of one's own."""

from __future__ import annotations

from pathlib import Path

import click


@click.group(epilog="\b\nExample:\n  multisat plugin new my-archive")
def plugin() -> None:
    """Write a plugin for an archive of your own."""


@plugin.command(
    epilog="\b\nExamples:\n  multisat plugin new my-archive\n  multisat plugin new my-archive -o code/"
)
@click.argument("name")
@click.option("--out", "-o", type=click.Path(path_type=Path), default=Path(), help="Folder to write into.")
def new(name: str, out: Path) -> None:
    """Write the package multisat-NAME: a provider that works, and its test."""
    from multisat.testing.writing import write_plugin

    root, *paths = write_plugin(name, out)
    for path in paths:
        click.echo(path)
    click.echo(f"next: pip install -e {root} && multisat providers check {name}", err=True)
