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
    """Write the package multisat-NAME: a provider that works, and its test.

    NAME is the new provider's, in lower case with hyphens.
    """
    from multisat.errors import PluginError, UsageError
    from multisat.plugins import registry
    from multisat.testing.writing import write_plugin

    if name in registry().names():
        raise UsageError(
            f"{name} is there already, from {registry().owner(name).distribution}", hint="take another name"
        )
    try:
        root, *paths = write_plugin(name, out)
    except PluginError as error:
        raise UsageError(str(error.args[0]), hint=error.hint) from None
    for path in paths:
        click.echo(path)
    click.echo(f"next: pip install -e {root} && multisat providers check {name}", err=True)
