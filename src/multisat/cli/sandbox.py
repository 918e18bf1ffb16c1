"""``multisat sandbox``: stand-ins of the archives on this machine, over synthetic scenes."""

from __future__ import annotations

import threading

import click


@click.command(
    epilog="""\b
Example, in two terminals:
  multisat sandbox
  eval "$(multisat sandbox --print-environment --port 8123)"
"""
)
@click.option("--port", type=int, default=0, help="Port on 127.0.0.1; a free one if not given.")
@click.option(
    "--print-environment", is_flag=True, help="Only print the variables for a sandbox on --port, and end."
)
def sandbox(port: int, print_environment: bool) -> None:
    """Run stand-ins of Earth Search, Planetary Computer and NASA CMR until Ctrl-C.

    Prints the environment variables that point the real plugins at it. Every scene is synthetic.
    """
    from multisat.sandbox import Sandbox

    box = Sandbox(port=port)
    if print_environment:
        _print(box.environment)
        return
    with box:
        _print(box.environment)
        click.echo(f"serving synthetic scenes at {box.url}; end with Ctrl-C", err=True)
        threading.Event().wait()


def _print(environment: dict[str, str]) -> None:
    for name, value in environment.items():
        click.echo(f"export {name}={value}")
