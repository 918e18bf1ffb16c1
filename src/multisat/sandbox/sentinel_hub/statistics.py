"""The Statistical API: numbers of an area, interval by interval."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from multisat.sandbox.http import Request, Response
from multisat.sandbox.secure.answers import plain_json
from multisat.sandbox.sentinel_hub.archive import Archive
from multisat.sandbox.sentinel_hub.billing import STATISTICS_LEAST, Account, radar_factor, units
from multisat.sandbox.sentinel_hub.counting import counted
from multisat.sandbox.sentinel_hub.encoding import cast
from multisat.sandbox.sentinel_hub.evaluating import Evaluated, Question, evaluate
from multisat.sandbox.sentinel_hub.grids import grid_of
from multisat.sandbox.sentinel_hub.holdings import MASK
from multisat.sandbox.sentinel_hub.intervals import SKIP, Interval, intervals
from multisat.sandbox.sentinel_hub.mosaic import chosen
from multisat.sandbox.sentinel_hub.refusing import RENDERER, Refused
from multisat.sandbox.sentinel_hub.schemas import STATISTICS, check

Body = Mapping[str, Any]
Breaks = Callable[[str], str | None]
"""Says which error an interval that begins at a time ends with, or None."""


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """What came of a statistical request.

    Attributes:
        body: The answer.
        units: What it costs before any least price.
    """

    body: dict[str, Any]
    units: float


def statistics(request: Request, archive: Archive, account: Account, breaks: Breaks) -> Response:
    """Answer ``POST /api/v1/statistics``.

    Raises:
        Refused: It is not valid, or the account is out of units.
    """
    check(request.body, STATISTICS)
    account.require()
    found = computed(request.body, archive, breaks)
    price = max(STATISTICS_LEAST, found.units)
    account.spend(price)
    return plain_json(found.body, x_processingunits_spent=f"{price:.6f}")


def computed(body: Body, archive: Archive, breaks: Breaks) -> Statistics:
    """Carry out a request whose body is valid.

    Args:
        body: Its body.
        archive: Where the scenes are.
        breaks: Which intervals fail.

    Raises:
        Refused: It cannot be carried out.
    """
    aggregation, data = body["aggregation"], body["input"]["data"]
    grid = grid_of(body["input"]["bounds"], aggregation)
    question = archive.question(data, aggregation["evalscript"], grid, sample_type="FLOAT32")
    times, every = aggregation["timeRange"], aggregation["aggregationInterval"]
    rows, price = [], 0.0
    for one in intervals(times["from"], times["to"], every["of"], every.get("lastIntervalBehavior", SKIP)):
        asked = _within(question, one)
        if not chosen(asked.scenes, asked.wanted, grid):
            continue
        described = one.described()
        error = breaks(described["from"])
        if error is not None:
            rows.append({"interval": described, "error": {"type": error}})
            continue
        done = evaluate(asked)
        factor = radar_factor(question.holding.id, data[0].get("processing", {}))
        price += units(grid.size, done.setup.counted_bands, done.samples, factor=factor)
        rows.append({"interval": described, "outputs": _outputs(done, body.get("calculations") or {})})
    return Statistics(body={"data": rows, "status": "OK"}, units=price)


def _within(question: Question, interval: Interval) -> Question:
    wanted = replace(question.wanted, start=interval.start, end=interval.last)
    return replace(question, wanted=wanted)


def _outputs(done: Evaluated, calculations: Body) -> dict[str, Any]:
    mask = done.setup.outputs.get(MASK)
    if mask is None:
        raise Refused("Invalid script! The output dataMask is missing.", RENDERER)
    found = {}
    for name, output in done.setup.outputs.items():
        if name == MASK:
            continue
        values = cast(done.arrays[name], output.sample_type)
        valid = _valid(done.arrays[MASK], mask.bands, name, output.bands)
        calculation = calculations.get(name, calculations.get("default", {}))
        bands = {
            band: counted(values[k].astype(float), valid[k], calculation, band)
            for k, band in enumerate(output.bands)
        }
        found[name] = {"bands": bands}
    return found


def _valid(
    masks: NDArray[np.float64], named: tuple[str, ...], output: str, bands: tuple[str, ...]
) -> list[NDArray[np.bool_]]:
    """Return where each band of an output counts.

    A mask of one band is for all outputs; one with a band that is called like an output, or like a band of
    it, is for that; what has no band in such a mask counts everywhere.
    """
    if len(named) == 1:
        return [masks[0] != 0] * len(bands)
    places = [named.index(n) if n in named else named.index(output) if output in named else -1 for n in bands]
    return [masks[k] != 0 if k >= 0 else np.ones(masks[0].shape, dtype=bool) for k in places]
