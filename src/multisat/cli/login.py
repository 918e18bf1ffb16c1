"""``multisat login``: what an archive needs, tried once, and kept where its own tools look."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from multisat.cli.answers import answers

if TYPE_CHECKING:
    from multisat.auth.keeping import Store
    from multisat.contracts import Proof

_CDSE = ("openeo", "sentinel-hub", "cdse")
_KINDS: Mapping[str, str] = {
    "nasa-cmr": "password",
    "planetary-computer": "key",
    **dict.fromkeys(_CDSE, "client"),
}


@click.command(
    epilog="""\b
Examples:
  multisat login
  multisat login nasa-cmr
  multisat login nasa-cmr --token --store keyring
  multisat login cdse --stdin < client.txt
  multisat login openeo --device
"""
)
@click.argument("provider", required=False)
@click.option("--token", is_flag=True, help="Earthdata: give a token instead of user name and password.")
@click.option("--device", is_flag=True, help="openEO: log in as yourself in a browser, here or elsewhere.")
@click.option("--stdin", is_flag=True, help="Read the answers from standard input, one a line.")
@click.option(
    "--store",
    type=click.Choice(["files", "keyring"]),
    default="files",
    show_default=True,
    help="Keep it in the files of the archive's own tools, or in the system keyring.",
)
def login(provider: str | None, token: bool, device: bool, stdin: bool, store: Store) -> None:
    """Log in to an archive: ask, try, and keep the login where the archive's own tools look for it.

    Without PROVIDER it tells which archives take which login.
    """
    if provider is None:
        _overview()
        return
    _check(provider, token=token, device=device, store=store)
    if provider == "earth-search":
        click.echo("earth-search needs no login; buckets whose reader pays take AWS keys of your own")
    elif device:
        _log_in_elsewhere()
    else:
        kind = "token" if token else _KINDS[provider]
        _log_in("cdse" if provider in _CDSE else provider, kind, stdin=stdin, store=store)


def _check(provider: str, *, token: bool, device: bool, store: Store) -> None:
    """Refuse what makes no sense together.

    Raises:
        UsageError: A provider without a login, or an option that is not for it.
    """
    from multisat.errors import UsageError

    if provider not in {"earth-search", *_KINDS}:
        raise UsageError(f"no login is known for {provider!r}", hint="multisat login lists them")
    if token and provider != "nasa-cmr":
        raise UsageError("--token is for nasa-cmr", hint="leave it out")
    if device and (provider not in _CDSE or store != "files"):
        raise UsageError("--device is for openEO, and is kept in its client's files", hint="leave it out")


def _overview() -> None:
    click.echo("earth-search        no login needed")
    click.echo("planetary-computer  a subscription key, optional: multisat login planetary-computer")
    click.echo("nasa-cmr            an Earthdata account: multisat login nasa-cmr [--token]")
    click.echo("cdse                client id and secret, for openEO and Sentinel Hub: multisat login cdse")
    click.echo("openeo              or your own account, in a browser: multisat login openeo --device")


def _log_in(provider: str, kind: str, *, stdin: bool, store: Store) -> None:
    """Ask, try, keep."""
    from multisat.auth.keeping import keep

    parts = answers(provider, kind, stdin=stdin)
    with _given(provider, parts):
        proof = _proof(provider)
    kept = keep(provider, parts, store)
    click.echo(f"{provider}: it works ({proof.note}); kept in {' and '.join(kept)}, for you alone")
    for where in _found(provider):
        if where not in kept:
            _warn(f"the login of {where} comes before it, and is used")


def _log_in_elsewhere() -> None:
    """Let a person allow it in a browser, try, keep."""
    from multisat.auth.cdse import log_in_elsewhere, proof_of, tokens_of
    from multisat.auth.keeping import keep_refresh_token
    from multisat.auth.wants import OPENEO
    from multisat.errors import CredentialsError

    if not sys.stdin.isatty():
        raise CredentialsError(
            "there is no terminal, and such a login waits for a person",
            provider="openeo",
            hint="multisat login cdse --stdin, or set variables",
        )
    found = log_in_elsewhere(_show)
    kept = keep_refresh_token(found)
    proof = proof_of(tokens_of(found, OPENEO))
    click.echo(f"openeo: it works ({proof.note}); kept in {kept}, for you alone")


def _show(address: str, code: str) -> None:
    click.echo(f"Open {address} in a browser, on any device, and type {code}", err=True)
    click.echo("waiting for you to allow it there; Ctrl-C ends this", err=True)


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


def _found(provider: str) -> Iterator[str]:
    """Return where the login is found from now on."""
    from multisat.auth.cdse import find_client
    from multisat.auth.wants import OPENEO, SENTINEL_HUB
    from multisat.plugins import registry

    if provider != "cdse":
        yield registry().provider(provider).credentials().where
        return
    for want in (SENTINEL_HUB, OPENEO):
        found = find_client(want)
        if found is not None:
            yield found.where


def _warn(text: str) -> None:
    click.secho("warning: ", fg="yellow", err=True, nl=False)
    click.echo(text, err=True)
