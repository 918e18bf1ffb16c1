"""Statistics by the service itself, where it counts pixels as we do.

It takes a pixel whole if its centre is inside; we weigh it by its exact share. Both are the same for an
area that consists of whole pixels, such as a tile, and only then is it asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import box

from multisat.contracts import Cost
from multisat.cube.block import Block
from multisat.engine.plan import Plan
from multisat.errors import InvalidAnswer, ProviderRefused
from multisat.model import AOI
from multisat.model.periods import Period
from multisat.steps import Task
from multisat.zones import table
from multisat_sentinel_hub.able import pushed_down
from multisat_sentinel_hub.bodies import bounds, of_scenes
from multisat_sentinel_hub.cost import AT_ONCE, SECONDS, UNIT, statistics_units
from multisat_sentinel_hub.deployments import NAME
from multisat_sentinel_hub.looks import Overpass
from multisat_sentinel_hub.pieces import MOST_PIXELS
from multisat_sentinel_hub.script import statistics_script
from multisat_sentinel_hub.service import Service
from multisat_sentinel_hub.sources import Sources

if TYPE_CHECKING:
    import geopandas

PATH = "/api/v1/statistics"
Results = dict[int, dict[str, NDArray[np.float64]]]
"""Position of an area to its statistics by period, by name."""
_TOLD = {"mean", "min", "max", "std", "sum", "count", "valid"}
_ANSWER = 1000
"""Bytes of an answer, roughly."""
_NEAR = 1e-6
"""Pixels by which an edge may be off those of pixels."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request: an area in one period.

    Attributes:
        zone: Position of the area.
        period: Position of the period.
        pixels: Of the area.
        bands: Bands that are read.
        scenes: Samples of every pixel.
        body: What is sent.
    """

    zone: int
    period: int
    pixels: int
    bands: int
    scenes: int
    body: Mapping[str, Any]


def counted_there(task: Task, made: Plan) -> list[Block] | None:
    """Return the pixels of each area if the service would count just these, or None."""
    steps = task.steps
    if steps.zoned is None or not pushed_down(steps) or steps.smoothed or steps.compared or steps.clipped:
        return None
    if set(steps.zoned.statistics) - _TOLD or not all(map(_whole_days, task.periods)):
        return None
    found = [_pixels_of(area, made) for area in task.features]
    return None if None in found else [one for one in found if one is not None]


def table_there(task: Task, made: Plan, parts: Sequence[Block], service: Service) -> geopandas.GeoDataFrame:
    """Return the table of features, as ``multisat.zones.table`` has it.

    Args:
        task: What is computed.
        made: The same for the engine of this machine.
        parts: What ``counted_there`` gave.
        service: Whom to ask.

    Raises:
        ProviderRefused: An interval failed there.
    """
    results = nothing(task, made)

    def ask(one: Asked) -> tuple[Asked, Mapping[str, Any]]:
        return one, service.told("POST", PATH, one.body)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for one, told in pool.map(ask, _asked(made, parts)):
            data = told.get("data")
            if not isinstance(data, list) or len(data) > 1:
                raise InvalidAnswer("the answer is not of one interval", provider=NAME, hint="try again")
            for interval in data:
                note(results[one.zone], one.period, interval, task, one.pixels)
    return table(task.features, results, made.series.periods)


def cost_there(made: Plan, parts: Sequence[Block]) -> Cost:
    """Return an estimate of what ``table_there`` costs."""
    asked = list(_asked(made, parts))
    return Cost(
        scenes=len(made.scenes),
        files=0,
        requests=len(asked),
        bytes=len(asked) * _ANSWER,
        seconds=len(asked) * SECONDS / AT_ONCE,
        units=((UNIT, sum(statistics_units(one.pixels, one.bands, one.scenes) for one in asked)),),
    )


def nothing(task: Task, made: Plan) -> Results:
    """Return the statistics of areas in which there is nothing, to be filled."""
    empty = np.full(len(made.series.periods), np.nan)
    names = [(name, stat) for name in task.steps.variables for stat in _wanted(task)]
    return {
        zone: {f"{name}_{stat}": np.nan_to_num(empty, nan=_none(stat)) for name, stat in names}
        for zone, _ in enumerate(task.features)
    }


def note(
    row: dict[str, NDArray[np.float64]], period: int, interval: Mapping[str, Any], task: Task, pixels: int
) -> None:
    """Write down what an answer says of one interval.

    Args:
        row: Statistics of an area; changed.
        period: Position of the interval.
        interval: Of the answer.
        task: What is computed.
        pixels: Of the area.

    Raises:
        ProviderRefused: The interval failed there.
    """
    if "error" in interval:
        raise ProviderRefused(
            f"an interval failed: {interval['error'].get('type')}", provider=NAME, hint="try again"
        )
    for k, name in enumerate(task.steps.variables):
        found = _numbers(interval["outputs"][f"v{k}"]["bands"], pixels)
        for stat in _wanted(task):
            row[f"{name}_{stat}"][period] = found[stat]


def _wanted(task: Task) -> Sequence[str]:
    return task.steps.zoned.statistics if task.steps.zoned is not None else ()


def _none(stat: str) -> float:
    return 0.0 if stat in {"count", "valid", "sum"} else np.nan


def _asked(made: Plan, parts: Sequence[Block]) -> Iterator[Asked]:
    for number, run in enumerate(made.series.runs):
        overpasses = [Overpass(scenes=made.series.groups[step]) for step in run]
        scenes = [scene for one in overpasses for scene in one.scenes]
        if not scenes:
            continue
        sources = Sources.of(made.steps, scenes)
        script = statistics_script(made.steps, overpasses, sources)
        period = made.series.periods[number]
        aggregation = {
            "timeRange": {"from": text(period.start), "to": text(period.end)},
            "aggregationInterval": {"of": f"P{(period.end - period.start).days}D"},
            "evalscript": script,
        }
        for zone, part in enumerate(parts):
            body = {
                "input": {"bounds": bounds(part), "data": [of_scenes(scenes)]},
                "aggregation": {**aggregation, "width": part.width, "height": part.height},
                "calculations": {"default": {}},
            }
            yield Asked(
                zone=zone,
                period=number,
                pixels=part.size,
                bands=len(sources.keys),
                scenes=len(scenes),
                body=body,
            )


def _numbers(bands: Mapping[str, Any], pixels: int) -> dict[str, float]:
    """Return the statistics of a variable; of an interval without data there are none."""
    stats = next(iter(bands.values()))["stats"] if bands else {}
    count = stats.get("sampleCount", 0) - stats.get("noDataCount", 0)
    if not count:
        return {name: _none(name) for name in _TOLD}
    found = {name: float(stats[name]) for name in ("mean", "min", "max")}
    return found | {
        "std": float(stats["stDev"]),
        "sum": found["mean"] * count,
        "count": float(count),
        "valid": count / pixels,
    }


def _pixels_of(area: AOI, made: Plan) -> Block | None:
    """Return the whole pixels an area consists of, or None if it is no box of them inside the grid."""
    if area.crs.upper() != str(made.target.crs).upper():
        return None
    edges = area.geometry.bounds
    if not area.geometry.equals(box(*edges)):
        return None
    at = made.target.affine
    left, right = ((x - at.c) / at.a for x in (edges[0], edges[2]))
    top, bottom = ((y - at.f) / at.e for y in (edges[3], edges[1]))
    if any(abs(one - round(one)) > _NEAR for one in (left, right, top, bottom)):
        return None
    block = Block(
        whole=made.target,
        row=round(top),
        column=round(left),
        height=round(bottom) - round(top),
        width=round(right) - round(left),
    )
    rows, columns = made.whole.shape
    inside = block.row >= 0 <= block.column and round(bottom) <= rows and round(right) <= columns
    return block if inside and max(block.shape) <= MOST_PIXELS else None


def _whole_days(period: Period) -> bool:
    return all(one.astimezone(UTC).time() == time() for one in (period.start, period.end))


def text(when: datetime) -> str:
    """Return an instant as the service reads it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
