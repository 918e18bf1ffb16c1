"""What there is over an area, in one file to hand on: map, sheet, series, clouds, sources and credits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from multisat.cube.gridding import grid_of
from multisat.cube.selecting import worth_reading
from multisat.drawing import Html, element
from multisat.errors import NothingFound, UsageError
from multisat.federate import SearchResult
from multisat.federate.loading import open_asset
from multisat.federate.remote import with_files
from multisat.federate.showing import footprint_map
from multisat.model import AOI, AOIs, TimeRange
from multisat.model.showing import outcomes_html
from multisat.recipe import Plan, Recipe
from multisat.recipe.explaining import described
from multisat.screening import Screening, polygons
from multisat.screening.showing import screening_html
from multisat.steps import Task
from multisat.view.page import folded, page, picture, section, small
from multisat.view.series import plot_series
from multisat.view.sheet import sheet
from multisat.vocab.attribution import credit
from multisat.writing.whole import local, whole_file

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int], None]
_SIZE = (10.5, 4.2)
"""Inches of the series."""
_ROWS = 400
"""Looks in the table of clouds."""


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What a report tells.

    Attributes:
        found: The search.
        screening: The clouds over the area.
        plan: How the series was computed.
        table: The series, a row per overpass.
        variable: What is in it, such as ``"NDVI"``.
    """

    found: SearchResult
    screening: Screening
    plan: Plan
    table: pd.DataFrame
    variable: str

    @property
    def complete(self) -> bool:
        """Whether every archive gave its whole list and every file could be read."""
        return self.found.complete and self.screening.complete and not self.table.attrs.get("skipped")


def findings(
    found: SearchResult,
    *,
    index: str = "NDVI",
    resolution: float | None = None,
    progress: Progress | None = None,
) -> Findings:
    """Read what a report tells: the clouds over the area, and an index where it is clear.

    Args:
        found: A search over one area that is a polygon.
        index: Name of a published index.
        resolution: Pixel size of the series in units of the CRS; None is the native one.
        progress: Called with blocks of the series done and blocks in all.

    Raises:
        NothingFound: There is no scene.
        UsageError: The search has no area, the area is no polygon, or the index is unknown.
    """
    from multisat.api import screen

    area = area_of(found)
    plan = series_plan(found, index, resolution)
    screening = screen(area, scenes=found)
    table = plan.run(progress=progress)
    return Findings(found=found, screening=screening, plan=plan, table=table, variable=index)


def area_of(found: SearchResult) -> AOI:
    """Return the area of a search, with a name.

    Raises:
        NothingFound: There is no scene.
        UsageError: There is no area, or it is no polygon.
    """
    if found.request is None:
        raise UsageError("these scenes have no area", hint="search with an area")
    if not found.scenes:
        raise NothingFound("there is no scene to report on", hint="widen the time range or the cloud limit")
    return polygons(AOIs.of(found.request.aoi))[0]


def series_plan(found: SearchResult, index: str, resolution: float | None = None) -> Plan:
    """Return how the mean of an index over the area is computed for each overpass, without clouds."""
    assert found.request is not None  # noqa: S101 - area_of has looked
    area = area_of(found)
    steps = Recipe().mask("clear").index(index).zonal("mean", "valid")
    scenes = tuple(worth_reading(with_files(found.scenes), area, steps.check().needs))
    grid = grid_of(scenes, steps.needs, access=open_asset, aoi=area, resolution=resolution)
    request = replace(found.request, aoi=area)
    task = Task(steps=steps, request=request, scenes=scenes, grid=grid, areas=AOIs((area,)))
    return Plan(task=task, outcomes=found.outcomes)


def write_report(told: Findings, path: str | Path, **limits: float | None) -> Path:
    """Write one HTML file that needs no other: no script, no address that is loaded, no signed address.

    Args:
        told: What ``findings`` gave.
        path: ``.html``; written whole or not at all.
        limits: Those of ``Screening.filter``, such as ``max_cloud=20``: what the sheet calls kept.

    Raises:
        UsageError: The ending is another.
    """
    target = check_report(path)
    text = page(_title(told), *_parts(told, limits))
    with whole_file(target) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return target


def check_report(path: str | Path) -> Path:
    """Return the path of a report, or refuse what could not be written before anything is read.

    Raises:
        UsageError: It does not end in ``.html``, or matplotlib is not installed.
    """
    from importlib.util import find_spec

    target = local(path)
    if target.suffix.lower() not in {".html", ".htm"}:
        raise UsageError(f"a report is no {target.suffix or 'file without ending'}", hint="name it .html")
    if find_spec("matplotlib") is None:
        raise UsageError("matplotlib is not installed", hint='pip install "multisat-eo[plot]"')
    return target


def _title(told: Findings) -> str:
    request = told.found.request
    assert request is not None  # noqa: S101 - area_of has looked
    days = "any time" if request.time is None else _days(request.time)
    return f"{request.aoi.name or 'Area of interest'}, {days}"


def _days(time: TimeRange) -> str:
    """Return the first and the last day."""
    first = ".." if time.start is None else f"{time.start:%Y-%m-%d}"
    last = ".." if time.end is None else f"{time.end - timedelta(microseconds=1):%Y-%m-%d}"
    return first if first == last else f"{first} to {last}"


def _parts(told: Findings, limits: dict[str, float | None]) -> list[Html]:
    made = f"Made by multisat {version('multisat-eo')} on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC."
    return [
        small(
            made if told.complete else f"{made} NOT complete: see what the archives answered, and failures."
        ),
        section(
            "Where, and what the archives have", footprint_map(told.found), outcomes_html(told.found.outcomes)
        ),
        section("Every overpass", _words(limits), _sheet(told, limits)),
        section(f"{told.variable} where it is clear", _series(told)),
        section("Clouds over the area", screening_html(told.screening, most=_ROWS)),
        section("Credits", *_credits(told.found)),
        section("How it was made", *_made(told)),
    ]


def _words(limits: dict[str, float | None]) -> Html:
    held = [f"{name.replace('_', ' ')} {value:g} %" for name, value in limits.items() if value is not None]
    return small(f"One stretch for all. Kept: {', '.join(held) or 'all that could be read'}.")


def _sheet(told: Findings, limits: dict[str, Any]) -> Html:
    figure = sheet(told.screening, **limits)
    return picture(figure, "Small true-colour pictures of every overpass with date and cloud")


def _series(told: Findings) -> Html:
    from matplotlib.figure import Figure

    figure = Figure(figsize=_SIZE, layout="constrained")
    plot_series(told.table, told.variable, ax=figure.subplots())
    return picture(figure, f"{told.variable} through time with bars of what was masked")


def _made(told: Findings) -> list[Html]:
    lock = orjson.dumps(told.plan.to_dict(), option=orjson.OPT_INDENT_2).decode()
    scenes = len(told.plan.task.scenes)
    return [
        element("pre", "\n".join(described(told.plan))),
        folded(f"The question, the recipe, the grid and {scenes} items with their baselines, as JSON", lock),
    ]


def _credits(found: SearchResult) -> list[Html]:
    years: dict[str, set[int]] = defaultdict(set)
    for scene in found.scenes:
        years[scene.collection].add(scene.datetime.year)
    return [element("p", credit(name, years[name])) for name in sorted(years)]
