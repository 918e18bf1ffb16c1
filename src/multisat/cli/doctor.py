"""``multisat doctor``: how each archive is, which login was found where, and the next step."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from multisat.auth.checks import Check

COLUMNS = (
    "provider",
    "reachable",
    "login",
    "credentials",
    "works",
    "token_seconds",
    "clock_skew",
    "missing",
    "next_step",
)
_EXIT = 3


@click.command(epilog="\b\nExamples:\n  multisat doctor\n  multisat doctor nasa-cmr --format json")
@click.argument("names", nargs=-1, metavar="[PROVIDER]...")
@click.option(
    "--format", "form", type=click.Choice(["table", "ndjson", "json", "csv"]), help="How to print it."
)
def doctor(names: tuple[str, ...], form: str | None) -> None:
    """Say how each archive is: reachable, logged in (never with what), its clock, and the next step.

    PROVIDER is a name that multisat providers lists; all are tried if none is named. Ends with 3 if a
    login does not work, or one is missing at an archive that was named here or in the settings.
    """
    from multisat.cli.output import chosen_format, emit
    from multisat.config import default_providers

    asked = names or default_providers() or ()
    found = [diagnose(name) for name in asked or _everything()]
    emit([one.to_dict() for one in found], chosen_format(form), COLUMNS)
    wrong = [one for one in found if one.works is False or (asked and one.lacks_login)]
    if wrong:
        sys.exit(_EXIT)


def _everything() -> list[str]:
    from multisat.auth.wants import OPENEO, SENTINEL_HUB
    from multisat.plugins import registry

    return list(dict.fromkeys([*registry().names(), OPENEO.provider, SENTINEL_HUB.provider]))


def diagnose(name: str) -> Check:
    """Return how one archive is."""
    from multisat.auth.checks import check, check_client
    from multisat.auth.wants import OPENEO, SENTINEL_HUB
    from multisat.plugins import registry

    services = {want.provider: want for want in (OPENEO, SENTINEL_HUB)}
    if name in services and name not in registry().names():
        return check_client(services[name])
    return check(registry().provider(name))
