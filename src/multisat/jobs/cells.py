"""The smallest results that are remembered: one place in one span of time, named by all that decides it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from multisat.engine.plan import Plan
from multisat.jobs.mesh import Mesh
from multisat.jobs.places import Place
from multisat.jobs.reach import Reach
from multisat.jobs.spans import Groups, Span
from multisat.steps import Task

NUMBERS = 1
"""Raised whenever the same scenes would give other numbers: older results are then computed anew."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """A place in a span.

    Attributes:
        key: Hash of recipe, pixels, place, span, and of the scenes with their baselines.
        place: Where.
        span: Position of the span.
    """

    key: str
    place: Place
    span: int


def digest(value: Any) -> str:  # noqa: ANN401 - JSON values
    """Return the hash of JSON values."""
    text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()[:32]


def pixels_of(task: Task) -> dict[str, Any]:
    """Return what the numbers of a job's folder have in common, as JSON values: recipe and pixels.

    For a table these are the pixels of the whole CRS, so that features may be added; tiles are those of
    one grid.
    """
    if task.steps.zoned is not None:
        mesh = Mesh.of(task.grid)
        pixels: list[Any] = [mesh.crs, mesh.width, mesh.height, mesh.left, mesh.top]
    else:
        pixels = [task.grid.crs, list(task.grid.transform), list(task.grid.shape)]
    return {"numbers": NUMBERS, "recipe": task.steps.to_dict(), "pixels": pixels}


def cells(
    task: Task, plan: Plan, places: Sequence[Place], parts: Sequence[Span], reach: Reach
) -> Iterator[Cell]:
    """Give the cells of a job, place by place in order, each in order of time."""
    area = task.request.aoi.to_dict() if task.steps.clipped else None
    common = digest([pixels_of(task), area])
    before = baseline(plan)
    for place in places:
        near = reach.over(place.outline)
        old = [] if before is None else _named(reach.cut(before, near))
        for number, span in enumerate(parts):
            groups = reach.cut(span, near)
            if not groups and not span.periods:
                continue
            times = [[one.start, one.end] for one in span.periods]
            key = digest([common, place.identity, times, _named(groups), old])
            yield Cell(key=key, place=place, span=number)


def baseline(plan: Plan) -> Span | None:
    """Return the baseline of a plan as a span, or None."""
    if plan.baseline is None:
        return None
    return Span(names=(), groups=plan.baseline.groups, periods=plan.baseline.periods)


def _named(groups: Groups) -> list[list[Any]]:
    return [[[*scene.uid, scene.processing_baseline] for scene in group] for group in groups]
