"""A plan in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from multisat.vocab.bands import BANDS

if TYPE_CHECKING:
    from multisat.recipe.plan import Plan
    from multisat.steps import Task

_MANY = 12


def explained(plan: Plan) -> str:
    """Return what a plan does, a line each."""
    return "\n".join([*described(plan), *_where(plan), f"cost: {plan.cost()}"])


def described(plan: Plan) -> list[str]:
    """Return what a plan reads, does and gives, a line each; no service is asked for it."""
    return [*_reads(plan.task), *_does(plan.task), *_gives(plan)]


def _reads(task: Task) -> Iterator[str]:
    kinds = Counter((s.collection, s.provider) for s in (*task.scenes, *task.baseline))
    for (collection, provider), number in sorted(kinds.items()):
        yield f"read: {number} scenes of {collection} from {provider}"
    grid = task.grid
    yield (
        f"grid: {grid.shape[0]} x {grid.shape[1]} pixels (y, x) of {grid.resolution[1]:g} in {grid.crs}, "
        "scenes of one overpass are one time step"
    )


def _does(task: Task) -> Iterator[str]:
    units = ", ".join(f"{name} [{BANDS[name].unit}]" for name in task.steps.needs)
    yield f"bands: {units}, float32, NaN where there is no data"
    for number, text in enumerate(str(task.steps).splitlines(), 1):
        yield f"  {number}. {text}"


def _gives(plan: Plan) -> Iterator[str]:
    task, spans = plan.task, plan.task.periods
    if spans:
        labels = [f"{one.start:%Y-%m-%d}" for one in spans]
        shown = labels if len(labels) <= _MANY else [*labels[:3], "...", labels[-1]]
        yield f"periods: {len(labels)} ({', '.join(shown)})"
    if task.steps.zoned is not None:
        yield f"gives: a table of {len(plan.task.features)} features x {len(spans) or 'time steps'}"
        return
    steps = str(len(spans)) if spans else "one per overpass"
    names = ", ".join(f"{name} (float32)" for name in task.steps.variables)
    more = ", count (uint16)" if spans else ", mask (uint8)" if task.steps.masked else ""
    yield f"gives: {names}{more}; time {steps}, y {task.grid.shape[0]}, x {task.grid.shape[1]}"


def _where(plan: Plan) -> Iterator[str]:
    if plan.engine is None:
        return
    verdict = plan.can_run()
    yield f"computed at {plan.engine}" if verdict else f"not possible at {plan.engine}:"
    yield from (f"  {reason}" for reason in verdict.reasons)
