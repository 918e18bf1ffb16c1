"""What of a task a back-end can compute just as this machine would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import shapely

from multisat.engine.plan import Plan
from multisat.engine.series import begin
from multisat.errors import UnsupportedOperation
from multisat.model import AOI
from multisat.stac.footprints import footprints
from multisat.steps import Task
from multisat.steps.composite import SELECTIONS
from multisat_openeo.compiling import composed
from multisat_openeo.graph import processes
from multisat_openeo.place import Place
from multisat_openeo.spans import Spans, days

_TOLERANCE = 1e-6
"""Of a pixel: how far edges may be from those of the service's pixels."""


def check(task: Task, plan: Plan, place: Place) -> None:
    """Pass if the service can give pixels for a task at all.

    Raises:
        UnsupportedOperation: It cannot.
    """
    for reason in _impossible(task, plan, place):
        raise UnsupportedOperation(
            reason, provider="openeo", hint="take the native grid and whole days, or leave out on="
        )


def reasons(task: Task, plan: Plan, place: Place) -> list[str]:
    """Return a sentence for each thing that must be done here, with what the service only loads."""
    if found := list(_unlike(task, place)):
        return found
    try:
        graph = composed(task, plan, place, Spans.of(task, plan))
    except UnsupportedOperation as error:
        return [str(error.args[0])]
    missing = sorted(processes(graph) - place.processes)
    return [f"the back-end has no process {name}" for name in missing]


def mixed(task: Task, plan: Plan) -> list[str]:
    """Return the days on which scenes overlap on the grid: the service makes one of them before it masks.

    Here they are masked first. Copies of the same sensing, as in neighbouring tiles, are the same either way.
    """
    area = AOI(geometry=shapely.box(*task.grid.bounds), crs=task.grid.crs).lonlat
    groups = [group for series in plan.both for group in series.groups if len(group) > 1]
    return [f"{begin(group):%Y-%m-%d}" for group in groups if _overlap([o & area for o in footprints(group)])]


def _overlap(outlines: Sequence[Any]) -> bool:
    return any(one.intersection(other).area > 0 for one, other in combinations(outlines, 2))


def _unlike(task: Task, place: Place) -> Iterator[str]:
    """Give what no standard process does as we do."""
    composite = task.steps.composed
    if composite is not None and composite.reducer in SELECTIONS:
        yield f"no standard process takes all variables of one look, as {composite.reducer} does"
    if task.request.filters:
        yield "the service knows no other filters on scenes than the cloud limit"
    if task.request.max_cloud is not None and not place.limits:
        yield "the service would drop scenes of unknown cloud cover, which count here"


def _impossible(task: Task, plan: Plan, place: Place) -> Iterator[str]:
    twice = [day for one in plan.both for day, number in Counter(days(one)).items() if number > 1]
    if twice:
        yield f"the service makes one of all looks of a day, and there are several on {twice[0]}"
    if task.steps.masked is not None and not place.quality:
        yield f"{place.collection} has no quality layer there"
    sizes = {band.size for band in place.source.bands.values() if band.native in place.has}
    most = min(place.band(name).size for name in task.steps.needs)
    if not any(_native(task, size) for size in sizes if size <= most):
        yield f"the service gives pixels of {most} m on the UTM grid of the scenes, and no others"


def _native(task: Task, size: int) -> bool:
    """Whether the grid of the result is that of the scenes."""
    grid, own = task.grid, {asset.grid.crs for s in task.scenes for asset in s.assets.values() if asset.grid}
    steps = (grid.transform[2] / size, grid.transform[5] / size)
    whole = all(abs(step - round(step)) < _TOLERANCE for step in steps)
    return grid.crs in own and whole and all(side == size for side in grid.resolution)
