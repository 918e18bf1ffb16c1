"""What the verbs that compute share: their options, and running a plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from multisat.cli.asking import ERRORS, SECONDS

if TYPE_CHECKING:
    from multisat.model import AOIs
    from multisat.recipe import Plan, Recipe

PART = 5
_PICTURES = (".png", ".jpg", ".pdf", ".svg")
_WHERE = (
    click.option("--on", "-p", "on", multiple=True, help="Archive, best first. Repeatable."),
    click.option("--collection", "-c", "collection", multiple=True, help="Canonical or native. Repeatable."),
    click.option("--max-cloud", type=click.FloatRange(0, 100), help="Highest cloud of scenes, percent."),
    click.option("--where", "filters", multiple=True, help='Condition such as "platform=landsat-9".'),
    click.option(
        "--deadline", type=SECONDS, default=60.0, show_default=True, help="Seconds for all archives."
    ),
    click.option("--resolution", type=float, help="Pixel size in units of the CRS; native if not given."),
    click.option("--crs", help="Such as EPSG:3035; native if not given."),
    click.option("--layer", help="Layer of the AOI file."),
    click.option("--id", "id_column", help="Attribute of the AOI file that names its features."),
    click.option("--only", multiple=True, help="Use only the features with this name. Repeatable."),
)
_MASK = (
    click.option("--mask", default="clear", show_default=True, help='"clear", "loose", class words, "none".'),
    click.option("--dilate", type=float, default=0.0, help="Metres: margin around what is masked."),
    click.option("--opening", type=float, default=0.0, help="Metres: size of masked specks to drop."),
    click.option("--kernel", help="Gaussian over the mask: pixels,sigma,threshold, such as 11,1.6,0.1."),
)
_RUN = (
    click.option("--cap", help='Most it may cost, such as "2GB" or "500requests".'),
    click.option("--dry-run", is_flag=True, help="Say what would be done and what it costs; read nothing."),
    ERRORS,
)


def recipe_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a verb that makes its own recipe."""
    return _with(command, (*_WHERE, *_MASK, *_RUN))


def plan_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a verb whose recipe is given."""
    return _with(command, (*_WHERE, *_RUN))


def _with(command: Callable[..., Any], options: tuple[Callable[..., Any], ...]) -> Callable[..., Any]:
    for option in reversed(options):
        command = option(command)
    return command


def masked(recipe: Recipe, options: dict[str, Any]) -> Recipe:
    """Take the options of a mask out of all options, and add it."""
    from multisat.errors import UsageError

    mask, kernel = options.pop("mask"), options.pop("kernel")
    margins = {name: options.pop(name) for name in ("dilate", "opening")}
    if mask == "none":
        if kernel is not None or any(margins.values()):
            raise UsageError("a margin needs a mask", hint='say which, such as --mask "clear"')
        return recipe
    return recipe.mask(mask, kernel=None if kernel is None else _gaussian(kernel), **margins)


def _gaussian(text: str) -> Any:  # noqa: ANN401 - imported late
    from multisat.errors import UsageError
    from multisat.steps import gaussian

    try:
        size, sigma, threshold = text.split(",")
        numbers = int(size), float(sigma), float(threshold)
    except ValueError:
        raise UsageError(f"cannot read the kernel {text!r}", hint="write it like 11,1.6,0.1") from None
    return gaussian(*numbers)


def areas_of(aoi: str, options: dict[str, Any], *, start: int | None = None) -> AOIs:
    """Take the options of areas out of all options, and return the areas.

    Args:
        aoi: What the user names.
        options: All options of the verb.
        start: Number of the first feature to take, counted from 1 among all of the file.
    """
    from multisat.errors import UsageError
    from multisat.model import AOIs
    from multisat.zones import pick

    column, only = options.pop("id_column"), options.pop("only")
    areas = AOIs.of(aoi, layer=options.pop("layer"), id=column)
    if not only and start is None:
        return areas
    try:
        return pick(areas, only=only or None, start=start)
    except UsageError as error:
        if only and column is None:
            error.hint = f"{error.hint}; --id says which attribute names them"
        raise


def planned(recipe: Recipe, areas: AOIs, dates: str, options: dict[str, Any]) -> Plan:
    """Search and choose a grid as the options say."""
    names = ("max_cloud", "deadline", "resolution", "crs")
    return recipe.plan(
        areas,
        dates,
        on=options["on"] or None,
        collection=options["collection"] or None,
        filters=list(options["filters"]) or None,
        **{name: options[name] for name in names},
    )


def check_out(out: Path, preview: Path | None = None) -> None:
    """Refuse what could not be written, before any archive is asked."""
    from multisat.errors import UsageError
    from multisat.writing import check_target

    check_target(out)
    if preview is None:
        return
    if preview.suffix.lower() not in _PICTURES:
        raise UsageError(
            f"cannot draw {preview.name}: no picture has that ending", hint=f"use {', '.join(_PICTURES)}"
        )
    try:
        import matplotlib as mpl
    except ImportError as error:
        raise UsageError("matplotlib is not installed", hint='pip install "multisat-eo[plot]"') from error
    mpl.use("agg")


def check_times(plan: Plan, out: Path) -> None:
    """Refuse one GeoTIFF for several times, before anything is read."""
    from multisat.cube.overpasses import overpasses
    from multisat.errors import UsageError

    times = len(plan.task.periods) or len(overpasses(plan.task.scenes))
    if out.suffix.lower() in {".tif", ".tiff"} and times > 1:
        raise UsageError(
            f"{out} would hold {times} times", hint="name a folder, .nc or .zarr, or say --period all"
        )


def computed(plan: Plan, options: dict[str, Any]) -> Any:  # noqa: ANN401 - a dataset or a table; None if dry
    """Run a plan with progress, or say what it would do."""
    from multisat.view.progress import progress

    if options["dry_run"]:
        click.echo(plan.explain())
        return None
    with progress("scenes") as show:
        return plan.run(cap=options["cap"], errors=options["errors"], progress=show)


def incomplete(plan: Plan, result: Any) -> bool:  # noqa: ANN401 - a dataset or a table
    """Whether an archive or a file failed on the way."""
    from multisat.model import Status

    lost = any(o.error for o in plan.outcomes if o.status is not Status.SKIPPED)
    return lost or bool(getattr(result, "attrs", {}).get("skipped"))


def written(cube: Any, out: Path, preview: Path | None, band: str | None = None) -> None:  # noqa: ANN401 - a dataset
    """Write pixels, say where, and draw a picture of them if so asked."""
    from multisat.writing import write

    for path in write(cube, out):
        click.echo(str(path))
    if preview is not None:
        import multisat.accessor  # noqa: F401 - gives cubes their .multisat
        from multisat.writing.whole import whole_file

        with whole_file(preview) as unfinished:
            cube.multisat.plot(band).savefig(unfinished, format=preview.suffix[1:].lower(), dpi=120)
        click.echo(str(preview))
