"""``multisat demo --secure``: every kind of login, against stand-ins that behave like the real hosts."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from multisat.auth.keeping import keep
from multisat.auth.wants import WANTS
from multisat.cli.doctor import COLUMNS, diagnose
from multisat.cli.output import emit
from multisat.cli.secure_steps import SHORT, STEPS
from multisat.cli.secure_tools import NASA, PC, Step, StepFailed
from multisat.errors import MultisatError
from multisat.sandbox import Sandbox
from multisat.sandbox.secure.accounts import CLIENT, CLIENTS, SUBSCRIPTION_KEY

_LONG = 600.0
_ELSEWHERE = (
    "NETRC",
    "SH_PROFILE",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "OPENEO_CONFIG_HOME",
    "AWS_SESSION_TOKEN",
)
"""Variables that lead to logins besides those that hold one."""


def run_secure_demo() -> None:
    """Show every kind of login; end with 1 if a step did not do what it should."""
    click.echo("Hosts, users, passwords, tokens and scenes are synthetic; nothing leaves this machine, and")
    click.echo("no login of yours is read or changed.")
    begun = time.monotonic()
    with (
        _empty_home(),
        Sandbox(secure=True, sentinel_hub=True, token_seconds=_LONG) as box,
        Sandbox(secure=True, token_seconds=SHORT) as short,
    ):
        done = [_try(number, step, short if step.short else box) for number, step in enumerate(STEPS, 1)]
        done.append(_doctor(len(STEPS) + 1, box))
    click.echo(f"\n{sum(done)} of {len(done)} did what they should, in {time.monotonic() - begun:.1f} s")
    if not all(done):
        sys.exit(1)


def _try(number: int, step: Step, box: Sandbox) -> bool:
    os.environ.update(box.environment)
    click.echo(f"\n{number:2}  {step.title}")
    try:
        click.echo(f"    ok: {step.work(box)}")
    except (StepFailed, MultisatError) as error:
        click.echo(f"    NOT AS IT SHOULD BE: {error}")
        return False
    return True


def _doctor(number: int, box: Sandbox) -> bool:
    """Log in everywhere, and ask the doctor."""
    os.environ.update(box.environment)
    click.echo(f"\n{number:2}  multisat doctor, logged in everywhere")
    keep(PC, {"subscription_key": SUBSCRIPTION_KEY})
    keep("cdse", {"client_id": CLIENT, "client_secret": CLIENTS[CLIENT] or ""})
    found = [diagnose(name) for name in ("earth-search", NASA, PC, "openeo", "sentinel-hub")]
    emit([one.to_dict() for one in found], "table", COLUMNS)
    return all(one.reachable and (one.works or one.login == "none") for one in found)


@contextmanager
def _empty_home() -> Iterator[None]:
    """Keep the user's own logins out of it: an empty home, and no variable that holds or leads to one."""
    before = dict(os.environ)
    names = {name for want in WANTS.values() for _, variables in want.variables for name in variables}
    for name in (
        *names,
        *_ELSEWHERE,
        *(name for name in before if name.startswith(("MULTISAT_", "PC_SDK_"))),
    ):
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory(prefix="multisat-demo-") as folder:
        os.environ.update(HOME=folder, USERPROFILE=folder, MULTISAT_CONFIG=str(Path(folder) / "config.toml"))
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
