"""``multisat sandbox``: stand-ins of the archives on this machine, over synthetic scenes."""

from __future__ import annotations

import threading
from contextlib import ExitStack, suppress

import click


@click.command(
    epilog="""\b
Examples, the second one for another terminal:
  multisat sandbox --port 8123
  eval "$(multisat sandbox --print-environment --port 8123)"
  multisat sandbox --secure --token-seconds 60
"""
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port on 127.0.0.1; a free one if not given."
)
@click.option(
    "--print-environment", is_flag=True, help="Only print the variables for a sandbox on --port, and end."
)
@click.option("--secure", is_flag=True, help="Let protected files want logins, as the real archives do.")
@click.option("--sentinel-hub", is_flag=True, help="Stand in for Sentinel Hub, too; evalscripts really run.")
@click.option(
    "--token-seconds",
    type=click.FloatRange(min=0.1),
    default=3600.0,
    show_default=True,
    help="How long tokens and signatures hold.",
)
def sandbox(
    port: int, print_environment: bool, secure: bool, sentinel_hub: bool, token_seconds: float
) -> None:
    """Run stand-ins of Earth Search, Planetary Computer and NASA CMR until Ctrl-C.

    Prints the environment variables that point the real plugins at it. Every scene is synthetic, and
    so are the users, passwords and keys of --secure.
    """
    from multisat.errors import UsageError
    from multisat.sandbox import Sandbox

    if print_environment and not port:
        raise UsageError("--print-environment is for a sandbox that runs on a port", hint="add --port")
    try:
        box = Sandbox(port=port, secure=secure, sentinel_hub=sentinel_hub, token_seconds=token_seconds)
    except ImportError as error:
        raise UsageError("evalscripts need V8", hint=str(error).partition(": ")[2]) from error
    if print_environment:
        _print(box.environment)
        return
    with suppress(KeyboardInterrupt), ExitStack() as running:
        try:
            running.enter_context(box)
        except OSError as error:
            raise UsageError(
                f"port {port} cannot be used: {error.strerror}", hint="name another one"
            ) from error
        _print(box.environment)
        if secure or sentinel_hub:
            _print_accounts()
        click.echo(f"serving synthetic scenes at {box.url}; end with Ctrl-C", err=True)
        threading.Event().wait()


def _print(environment: dict[str, str]) -> None:
    for name, value in environment.items():
        click.echo(f"export {name}={value}")


def _print_accounts() -> None:
    """Say who may log in; comments, so that the whole output can be evaluated."""
    from multisat.sandbox.secure.accounts import CLIENT, CLIENTS, SUBSCRIPTION_KEY, USERS

    for user, password in USERS.items():
        click.echo(f"# synthetic Earthdata user: {user}, password {password}")
    click.echo(f"# synthetic client of Copernicus: {CLIENT}, secret {CLIENTS[CLIENT]}")
    click.echo(f"# synthetic subscription key: {SUBSCRIPTION_KEY}")
