"""From time steps to periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from multisat.cube.assemble import cloud_cover
from multisat.engine.looks import Floats, Looks
from multisat.engine.series import Series
from multisat.reducing import Criterion, Highest, Lowest, Medoid, Order, best, reduce, take
from multisat.reducing.blocks import by_rows
from multisat.steps import Composite

Arrays = dict[str, NDArray[Any]]
"""Variables of shape (time, y, x)."""


def composed(looks: Looks, series: Series, batch: range) -> Arrays:
    """Return the periods of a batch with their ``count``; or the time steps, with their ``mask``.

    Args:
        looks: The time steps of the batch.
        series: What they are part of.
        batch: The periods, by position.
    """
    composite = looks.steps.composed
    if composite is None:
        return {**looks.variables} if looks.mask is None else {**looks.variables, "mask": looks.mask}
    first = series.runs[batch.start].start
    periods = []
    for number in batch:
        run = series.runs[number]
        groups = series.groups[run.start : run.stop]
        part = looks.of(range(run.start - first, run.stop - first))
        periods.append(_period(part, composite, [cloud_cover(group) for group in groups]))
    return {name: np.stack([one[name] for one in periods]) for name in periods[0]}


def _period(looks: Looks, composite: Composite, cloud: Sequence[float]) -> Arrays:
    values = looks.variables
    found: Arrays = {"count": _seen(values)}
    criterion = _criterion(composite, looks, cloud)
    if criterion is not None:
        index = best(values, criterion)
        return found | {name: take(one, index) for name, one in values.items()}
    for name, one in values.items():
        found[name] = reduce(one, composite.reducer, q=composite.q).astype(np.float32, copy=False)
    return found


def _criterion(composite: Composite, looks: Looks, cloud: Sequence[float]) -> Criterion | None:
    """Return what a look is chosen by, or None if each variable is reduced on its own."""
    if composite.reducer == "medoid":
        return Medoid()
    if composite.reducer == "clearest_scene":
        return Order(ranks=cloud)
    if looks.score is None:
        return None
    return (Highest if composite.reducer == "greenest" else Lowest)(values=looks.score)


def _seen(values: Mapping[str, Floats]) -> NDArray[np.uint16]:
    """Return at how many time steps a pixel has at least one variable."""
    shape = next(iter(values.values())).shape
    found = np.zeros(shape[1:], dtype=np.uint16)

    def work(rows: slice) -> None:
        for step in range(shape[0]):
            found[rows] += np.logical_or.reduce([~np.isnan(one[step, rows]) for one in values.values()])

    by_rows(shape, work)
    return found
