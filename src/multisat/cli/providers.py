"""``multisat providers``: the archives that are installed, and plugins that are not well."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from multisat.plugins import Registry
    from multisat.testing import Target

_COLUMNS = ("name", "distribution", "version", "can", "collections", "login", "credentials", "error")
_CHECKED = ("check", "state", "note")
_UNWELL = 6
_FORMATS = click.Choice(["table", "ndjson", "json", "csv"])


@click.group(
    invoke_without_command=True,
    epilog="\b\nExamples:\n  multisat providers\n  multisat providers --format json\n"
    "  multisat providers show nasa-cmr\n  multisat providers check nasa-cmr",
)
@click.option("--format", "form", type=_FORMATS, help="A table on a terminal, lines of JSON otherwise.")
@click.pass_context
def providers(ctx: click.Context, form: str | None) -> None:
    """List the archives that are installed, what they can do, and whether a login was found."""
    if ctx.invoked_subcommand is None:
        from multisat.cli.output import chosen_format, emit
        from multisat.plugins import registry

        emit(list(_rows(registry())), chosen_format(form), _COLUMNS)


@providers.command(epilog="\b\nExample:\n  multisat providers show planetary-computer")
@click.argument("name")
def show(name: str) -> None:
    """Show one archive, with the traceback if its plugin is broken.

    NAME is one that multisat providers lists.
    """
    from multisat.plugins import registry

    known = registry()
    broken = next((r for r in known.plugins if name in {r.name, r.distribution} and r.error), None)
    if broken is not None:
        click.echo(f"{broken.distribution} {broken.version}: {broken.error}\n\n{broken.traceback}")
        return
    made = known.provider(name)
    for key, value in _describe(known, name).items():
        click.echo(f"{key:13} {', '.join(value) if isinstance(value, list) else value}")
    click.echo(f"{'native ids':13} {', '.join(made.capabilities.native)}")
    if hasattr(made, "url"):
        click.echo(f"{'address':13} {made.url}")


@providers.command(
    epilog="""\b
Examples:
  multisat providers check earth-search
  multisat providers check earth-search --aoi field.geojson --time 2023-06
""",
)
@click.argument("name")
@click.option("--aoi", help="Where it has scenes; if it is given, the archive itself is asked.")
@click.option("--time", help="When it has scenes there; 2023-05/2023-07 if not given.")
@click.option("--format", "form", type=_FORMATS, help="A table on a terminal, lines of JSON otherwise.")
def check(name: str, aoi: str | None, time: str | None, form: str | None) -> None:
    """Check that a provider does what multisat asks of every provider.

    NAME is one that multisat providers lists. A built-in one is tried on a stand-in, any other on its
    archive. Ends with 6 if a check fails.
    """
    from multisat.cli.output import chosen_format, emit
    from multisat.plugins import registry

    registry().owner(name)
    from multisat.testing import Trial, judge
    from multisat.testing.standins import fresh
    from multisat.testing.suite import targets

    with targets(name, _target(aoi, time))() as target:
        found = list(judge(Trial(make=fresh(name), target=target)))
    rows = [{"check": one.check, "state": one.state, "note": one.note} for one in found]
    emit(rows, chosen_format(form), _CHECKED)
    bad = sum(one.bad for one in found)
    if bad:
        click.echo(f"{name}: {bad} of {len(found)} checks failed", err=True)
        sys.exit(_UNWELL)


def _target(aoi: str | None, time: str | None) -> Target | None:
    """Return the archive itself, if a place or a time is given.

    Raises:
        UsageError: It is no place, or no time.
    """
    from multisat.model import AOIs, TimeRange
    from multisat.testing import Target

    if aoi is not None:
        AOIs.of(aoi)
    if time is not None:
        TimeRange.of(time)
    given = {"aoi": aoi, "time": time}
    changes: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    return Target(**changes) if changes else None


def _rows(known: Registry) -> Iterator[dict[str, Any]]:
    for name in known.names():
        yield _describe(known, name)
    for name, said in known.conflicts().items():
        yield {"name": name, "error": said}
    for record in known.plugins:
        if record.error or record.disabled:
            yield {
                "name": record.name,
                "distribution": record.distribution,
                "version": record.version,
                "error": record.error or "disabled",
            }


def _describe(known: Registry, name: str) -> dict[str, Any]:
    from multisat.errors import MultisatError

    owner = known.owner(name)
    row: dict[str, Any] = {"name": name, "distribution": owner.distribution, "version": owner.version}
    try:
        provider = known.provider(name)
        able = provider.capabilities
        row |= {"can": able.summary, "collections": list(able.collections), "login": able.login}
        found = provider.credentials()
    except MultisatError as error:
        return {**row, "error": str(error)}
    return {**row, "credentials": found.where if found.found else f"none: {found.note}", "error": None}
