"""The command group: a table of verbs, each imported when it is called."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

import click

from multisat.cli.errors import guarded

_VERBS = {
    "search": ("multisat.cli.search:search", "Ask several archives at once for scenes."),
    "resume": ("multisat.cli.resume:resume", "Go on with a search whose list is incomplete."),
    "load": ("multisat.cli.load:load", "Read bands and write one GeoTIFF per overpass."),
    "index": ("multisat.cli.index:index", "Spectral indices, composed over calendar periods."),
    "composite": ("multisat.cli.composite:composite", "One cloud-free image of many."),
    "zonal": ("multisat.cli.zonal:zonal", "A row per feature and period."),
    "series": ("multisat.cli.zonal:series", "A row per place and overpass."),
    "change": ("multisat.cli.change:change", "Radar before and after an event."),
    "run": ("multisat.cli.run:run", "Run a recipe from a file."),
    "download": ("multisat.cli.download:download", "Download whole files of scenes."),
    "screen": ("multisat.cli.screen:screen", "Tell the cloud over your polygons, from quality layers alone."),
    "sheet": ("multisat.cli.sheet:sheet", "A small picture of every overpass, kept or dropped."),
    "movie": ("multisat.cli.movie:movie", "An area through time, as a film."),
    "report": ("multisat.cli.report:report", "Map, pictures, series, clouds and credits in one file."),
    "status": ("multisat.cli.status:status", "How the job in a folder stands."),
    "retry": ("multisat.cli.retry:retry", "Go on with the job in a folder, without a search."),
    "replay": ("multisat.cli.replay:replay", "Run a job anew from its lock."),
    "jobs": ("multisat.cli.services:jobs", "Batch jobs of your accounts at services."),
    "quota": ("multisat.cli.services:quota", "What services still allow you."),
    "providers": ("multisat.cli.providers:providers", "List the archives that are installed."),
    "plugin": ("multisat.cli.plugin:plugin", "Write a plugin for an archive of your own."),
    "login": ("multisat.cli.login:login", "Log in to an archive, and try it once."),
    "doctor": ("multisat.cli.doctor:doctor", "How each archive is, and what to do next."),
    "demo": ("multisat.cli.demo:demo", "From a field to a cloud-free NDVI, offline."),
    "sandbox": ("multisat.cli.sandbox:sandbox", "Run stand-ins of the archives on this machine."),
}


class _Verbs(click.Group):
    """A group whose commands are imported when they are called, so that --help is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _VERBS:
            return None
        module, _, name = _VERBS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _VERBS.items()])

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        return guarded(lambda: super(_Verbs, self).invoke(ctx), debug=bool(ctx.params.get("debug")))


@click.group(
    cls=_Verbs,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Examples:
  multisat demo
  multisat search field.geojson 2023-05/2023-09 --max-cloud 20
  multisat login
  multisat search --help
""",
)
@click.option("--debug", is_flag=True, help="Show tracebacks and debug messages.")
@click.version_option(package_name="multisat-eo", prog_name="multisat")
def main(debug: bool) -> None:
    """One area of interest, every satellite archive, one answer you can trust.

    Data goes to standard output, everything else to standard error. Ends with 0 if all is done, 1 after a
    bug, 2 for wrong use, 3 for a login, 4 if nothing is found, 5 if done in part, 6 if an archive failed.
    """
    warnings.showwarning = _one_line
    if debug:
        import logging

        logging.basicConfig(level=logging.DEBUG)
        logging.getLogger("urllib3").setLevel(logging.INFO)  # its debug lines carry signed addresses


def _one_line(message: Warning | str, *_: object, **__: object) -> None:
    """Show a warning without the source line it came from."""
    click.secho("warning: ", fg="yellow", err=True, nl=False)
    click.echo(str(message), err=True)
