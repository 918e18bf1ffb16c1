"""What the verbs that work into a folder share: their options, and running a job with progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from multisat.jobs import Progress, Report
    from multisat.recipe import Plan

PART = 5
STOPPED = 130
"""What shells give for Ctrl-C."""
_WHERE = (
    click.option("--workers", type=click.IntRange(min=1), help="Units at work at a time; 2 if not given."),
    click.option("--processes", is_flag=True, help="Each worker is a process of its own."),
    click.option("--scheduler", help="Dask scheduler, such as tcp://10.0.0.1:8786."),
)
_SIZES = (
    click.option("--tile", type=click.IntRange(min=1), help="Into a folder, by tiles of so many pixels."),
    click.option("--batch", type=click.IntRange(min=1), default=100, help="Features of a unit; 100."),
    click.option("--store", help="Form in the folder: cog or zarr; parquet, csv or gpkg."),
    click.option("--max-memory", type=float, default=4.0, show_default=True, help="GiB for units at work."),
)  # fmt: skip
_OF_HOW = ("workers", "processes", "scheduler", "batch", "store", "max_memory")


def where_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say where units run."""
    for option in reversed(_WHERE):
        command = option(command)
    return command


def job_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a verb that can work into a folder."""
    for option in reversed(_SIZES):
        command = option(command)
    return where_options(command)


def is_folder(out: Path) -> bool:
    """Whether a path names a folder: one that is there, or a name without an ending."""
    return out.is_dir() or not out.suffix


def check_job(out: Path, options: dict[str, Any], preview: Path | None = None) -> None:
    """Refuse a job that could not be, before any archive is asked."""
    from multisat.errors import UsageError

    if not is_folder(out):
        raise UsageError(f"{out} is no folder, which --tile needs", hint='name one; "--store zarr" is for it')
    if preview is not None:
        raise UsageError("a job draws no picture", hint="leave out --preview or --plot")
    how_of(options)


def how_of(options: dict[str, Any]) -> Any:  # noqa: ANN401 - imported late
    """Return how a job is cut and where it runs, as the options say."""
    from multisat.jobs import How

    tile = {"tile": options["tile"]} if options["tile"] is not None else {}
    return How(errors=options["errors"], **tile, **{name: options[name] for name in _OF_HOW})


def work(plan: Plan, out: Path, options: dict[str, Any]) -> None:
    """Run a plan as a job, or say what it would do, and end with the exit code."""
    from multisat.jobs import run_job
    from multisat.model import Status

    if options["dry_run"]:
        click.echo(plan.explain())
        return
    lost = any(o.error for o in plan.outcomes if o.status is not Status.SKIPPED)
    with shown() as show:
        report = run_job(plan, out, how=how_of(options), cap=options["cap"], progress=show)
    told(report)
    sys.exit(0 if report.complete and not lost else PART)


def told(report: Report) -> None:
    """Say what became of a job: paths on standard output, the rest on standard error."""
    for path in report.outputs:
        click.echo(str(path))
    ended = (
        f"{report.units - len(report.failed)} of {report.units} units done, {report.kept} cells were there"
    )
    click.echo(ended, err=True)
    for scene in report.skipped:
        click.echo(f"  left out {scene}", err=True)
    for unit, error in report.failed.items():
        click.echo(f"  {unit[:8]} failed: {error}", err=True)
    if not report.complete:
        click.echo(f"  again: multisat retry {report.folder} --failed", err=True)


@contextmanager
def shown() -> Iterator[Callable[[Progress], None]]:
    """Show units, megabytes, failures and the time left on a terminal; say what Ctrl-C leaves.

    Yields:
        A function to call with how far a job is.
    """
    last: Progress | None = None
    try:
        with _bar() as bar:

            def show(now: Progress) -> None:
                nonlocal last
                last = now
                bar(now)

            yield show
    except KeyboardInterrupt:
        ended = f"{last.done} of {last.total} units are done" if last else "nothing had begun"
        click.echo(f"stopped: {ended}; the same command goes on", err=True)
        sys.exit(STOPPED)


@contextmanager
def _bar() -> Iterator[Callable[[Progress], None]]:
    if not sys.stderr.isatty():
        yield lambda _now: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("units", total=None)
        yield lambda now: bar.update(task, description=_words(now), completed=now.done, total=now.total)


def _words(now: Progress) -> str:
    failed = f", {now.failed} failed" if now.failed else ""
    return f"{now.done} of {now.total} units, about {now.bytes / 1e6:.0f} MB{failed}"
