"""``multisat login``: what an archive needs, kept where its own tools look, and tried once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from multisat.contracts import Proof

_CDSE = ("openeo", "sentinel-hub", "cdse")
_QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "password": ("username", "password"),
    "token": ("token",),
    "key": ("subscription_key",),
    "client": ("client_id", "client_secret"),
}
_HIDDEN = {"password", "token", "subscription_key", "client_secret"}


@click.command(
    epilog="\b\nExamples:\n  multisat login nasa-cmr\n  multisat login nasa-cmr --token\n"
    "  multisat login cdse --stdin < client.txt"
)
@click.argument("provider", required=False)
@click.option("--token", is_flag=True, help="Earthdata: give a token instead of user name and password.")
@click.option("--stdin", is_flag=True, help="Read the answers from standard input, one a line.")
def login(provider: str | None, token: bool, stdin: bool) -> None:
    """Log in to an archive: ask, try, and keep the login where the archive's own tools look for it."""
    from multisat.errors import UsageError

    if provider is None:
        _overview()
    elif provider == "earth-search":
        click.echo("earth-search needs no login; buckets whose reader pays take AWS keys of your own")
    elif provider == "nasa-cmr":
        _log_in(provider, "token" if token else "password", stdin=stdin)
    elif provider == "planetary-computer":
        _log_in(provider, "key", stdin=stdin)
    elif provider in _CDSE:
        _log_in("cdse", "client", stdin=stdin)
    else:
        raise UsageError(f"no login is known for {provider!r}", hint="multisat login lists them")


def _overview() -> None:
    click.echo("earth-search        no login needed")
    click.echo("planetary-computer  a subscription key, optional: multisat login planetary-computer")
    click.echo("nasa-cmr            an Earthdata account: multisat login nasa-cmr [--token]")
    click.echo("cdse                client id and secret, for openEO and Sentinel Hub: multisat login cdse")


def _log_in(provider: str, kind: str, *, stdin: bool) -> None:
    """Ask, try, keep."""
    from multisat.auth.storing import store_in_config, store_netrc, store_subscription_key

    parts = _answers(provider, kind, stdin=stdin)
    with _given(provider, parts):
        proof = _proof(provider)
    keep: dict[str, Callable[[], Path]] = {
        "password": lambda: store_netrc(_machine(), parts["username"], parts["password"]),
        "token": lambda: store_in_config(provider, parts),
        "key": lambda: store_subscription_key(parts["subscription_key"]),
        "client": lambda: _keep_client(parts),
    }
    path = keep[kind]()
    click.echo(f"{provider}: it works ({proof.note}); kept in {path}, which only you may read")


def _answers(provider: str, kind: str, *, stdin: bool) -> dict[str, str]:
    """Return what was answered; nobody is asked without a terminal.

    Raises:
        CredentialsError: There is no terminal, or an answer is missing.
    """
    from multisat.errors import CredentialsError

    if not stdin and not sys.stdin.isatty():
        raise CredentialsError(
            "there is no terminal to ask on",
            provider=provider,
            hint="give the answers with --stdin, or set variables",
        )
    lines = iter(sys.stdin.read().splitlines()) if stdin else None
    found = {}
    for name in _QUESTIONS[kind]:
        text = name.replace("_", " ").capitalize()
        found[name] = (
            next(lines, "") if lines is not None else click.prompt(text, hide_input=name in _HIDDEN, err=True)
        )
        if not found[name].strip():
            raise CredentialsError(
                f"the {text.lower()} is missing", provider=provider, hint="one answer a line"
            )
    return {name: answer.strip("\r\n") for name, answer in found.items()}


@contextmanager
def _given(provider: str, parts: Mapping[str, str]) -> Iterator[None]:
    from multisat.auth import give

    give(provider, **parts)
    try:
        yield
    finally:
        give(provider)


def _proof(provider: str) -> Proof:
    from multisat.plugins import registry

    if provider != "cdse":
        return registry().provider(provider).prove()
    from multisat.auth.cdse import prove_cdse

    return prove_cdse()


def _machine() -> str:
    from multisat.auth.hosts import host_of
    from multisat.config import setting

    return host_of(setting("nasa-cmr", "login_url") or "https://urs.earthdata.nasa.gov")


def _keep_client(parts: Mapping[str, str]) -> Path:
    from multisat.auth.cdse import token_url
    from multisat.auth.storing import store_sentinelhub
    from multisat.auth.wants import CDSE_SENTINEL_HUB

    return store_sentinelhub(parts["client_id"], parts["client_secret"], token_url(), CDSE_SENTINEL_HUB)
