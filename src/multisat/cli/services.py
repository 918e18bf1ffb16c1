"""``multisat jobs`` and ``multisat quota``: what services do on their own, and what they still allow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from multisat.cli.asking import SECONDS

if TYPE_CHECKING:
    from multisat.contracts import JobStatus, Provider
    from multisat.recipe import Plan

_FORMATS = click.Choice(["table", "ndjson", "json", "csv"])
_SUBMITTED = """\b
Examples:
  multisat run recipe.json field.geojson 2023-05 --on sentinel-hub --as batch --no-wait -o ndvi.nc
"""
_COLUMNS = ("provider", "id", "state", "progress", "created", "title", "spent", "here", "message")


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  multisat run recipe.json field.geojson 2023-05 --on sentinel-hub --as batch --no-wait -o ndvi.nc
  multisat jobs
  multisat jobs --on sentinel-hub --format json
  multisat jobs get async-11aa36c4 -o ndvi.nc
""",
)
@click.option("--on", "on", multiple=True, help="Service; all that compute recipes if not given. Repeatable.")
@click.option("--format", "form", type=_FORMATS, help="A table on a terminal, lines of JSON otherwise.")
@click.pass_context
def jobs(ctx: click.Context, on: tuple[str, ...], form: str | None) -> None:
    """List the batch jobs of your accounts at services; a job goes on when this command ends.

    multisat run --as batch begins one, and prints its id.
    """
    if ctx.invoked_subcommand is None:
        from multisat.cli.output import chosen_format, emit

        services = _services(on)
        rows = [row for service in services for row in _rows(service)]
        emit(rows, chosen_format(form), _COLUMNS)
        if services and not rows:
            click.echo(f"no jobs at {', '.join(one.name for one in services)}", err=True)


@jobs.command(epilog=_SUBMITTED + "  multisat jobs get async-11aa36c4 -o ndvi.nc")
@click.argument("job_id")
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), required=True, help="File or folder, as for multisat run."
)
@click.option("--timeout", type=SECONDS, help="Seconds to wait at most; for ever if not given.")
def get(job_id: str, out: Path, timeout: float | None) -> None:
    """Wait for a job that was submitted from this machine, and write what it made.

    JOB_ID is the one that multisat run --no-wait printed, and that multisat jobs lists.
    """
    from multisat.cli.recipes import check_out
    from multisat.recipe.submitted import submitted

    found = submitted(job_id)
    if found.task.steps.zoned is None:
        check_out(out)
    fetch(found, out, timeout=timeout)


@jobs.command(epilog=_SUBMITTED + "  multisat jobs logs async-11aa36c4")
@click.argument("job_id")
def logs(job_id: str) -> None:
    """Print what the service wrote of a job.

    JOB_ID is the one that multisat run --no-wait printed, and that multisat jobs lists.
    """
    from multisat.recipe.submitted import submitted

    for line in submitted(job_id).logs():
        click.echo(line)


@jobs.command(
    epilog="""\b
Examples:
  multisat run recipe.json field.geojson 2023-05 --on openeo --as batch --no-wait -o ndvi.nc
  multisat jobs cancel j-2411210b3f
"""
)
@click.argument("job_id")
def cancel(job_id: str) -> None:
    """Call a job off, so that it costs no more.

    JOB_ID is the one that multisat run --no-wait printed, and that multisat jobs lists.
    """
    from multisat.recipe.submitted import submitted

    found = submitted(job_id)
    found.cancel()
    click.echo(f"{found.provider} {job_id}: {found.status().state.value}", err=True)


@click.command(epilog="\b\nExample:\n  multisat quota --on sentinel-hub")
@click.option("--on", "on", multiple=True, help="Service; all that compute recipes if not given. Repeatable.")
@click.option("--format", "form", type=_FORMATS, help="A table on a terminal, lines of JSON otherwise.")
def quota(on: tuple[str, ...], form: str | None) -> None:
    """Say what is left of your allowances at services."""
    from multisat.cli.output import chosen_format, emit

    rows = [
        {"provider": one.name, "what": what, "left": left}
        for one in _services(on)
        for what, left in one.engine().quota()
    ]
    emit(rows, chosen_format(form), ("provider", "what", "left"))


def batch(plan: Plan, out: Path, options: dict[str, Any], *, wait: bool) -> None:
    """Submit a plan as a batch job, print its id, and wait for it if so asked."""
    if options["dry_run"]:
        click.echo(plan.explain())
        return
    found = plan.submit(cap=options["cap"], title=out.stem)
    click.echo(f"{found.provider} has it as job {found.id}", err=True)
    if wait:
        fetch(found, out)
    else:
        click.echo(found.id)


def fetch(found: Any, out: Path, *, timeout: float | None = None) -> Any:  # noqa: ANN401 - Submitted; a dataset or table
    """Wait for a job with its state on standard error, write what it made, and say where."""
    from multisat.cli.recipes import written
    from multisat.zones import write_table

    said: list[str] = []

    def show(status: JobStatus) -> None:
        share = "" if status.progress is None else f" {100 * status.progress:.0f} %"
        line = f"{found.provider} {found.id}: {status.state.value}{share}"
        if said[-1:] != [line]:
            said.append(line)
            click.echo(line, err=True)

    try:
        result = found.result(progress=show, timeout=timeout)
    except KeyboardInterrupt:
        click.echo(f"the job goes on; fetch it with: multisat jobs get {found.id} -o {out}", err=True)
        raise
    if found.task.steps.zoned is None:
        written(result, out, None)
    else:
        click.echo(str(write_table(result, out)))
    return result


def _services(on: tuple[str, ...]) -> list[Provider]:
    """Return the services that are named, or all with a login."""
    from multisat.errors import UsageError
    from multisat.plugins import registry

    known = registry()
    found = [known.provider(name) for name in on or known.names()]
    for one in found:
        if on and not one.capabilities.recipes:
            raise UsageError(f"{one.name} computes no recipes", hint="name openeo or sentinel-hub")
    usable = [one for one in found if one.capabilities.recipes and (on or one.credentials().found)]
    if not usable:
        click.echo("no service has a login: multisat login openeo, or multisat login sentinel-hub", err=True)
    return usable


def _rows(service: Provider) -> Iterator[dict[str, Any]]:
    from multisat.recipe.submitted import remembered

    here = remembered()
    for job in service.engine().jobs():
        status = job.status()
        yield {
            "provider": job.provider,
            "id": job.id,
            "state": status.state.value,
            "progress": status.progress,
            "created": None if status.created is None else f"{status.created:%Y-%m-%dT%H:%MZ}",
            "title": status.title,
            "spent": ", ".join(f"{number:g} {unit}" for unit, number in status.spent),
            "here": (job.provider, job.id) in here,
            "message": status.message,
        }
