"""A task made ready: which files become which time steps, and what is computed of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from odc.geo.geobox import GeoBox
from shapely.geometry.base import BaseGeometry

from multisat.cube.block import Block
from multisat.cube.inside import TILE, inside, shapes_on
from multisat.cube.lazy import slimmed
from multisat.cube.reporting import description
from multisat.cube.selecting import worth_reading
from multisat.cube.telling import check_words, untold
from multisat.cube.warnings import tell
from multisat.cube.wish import Wish
from multisat.engine.series import Series
from multisat.errors import NothingFound, UsageError
from multisat.model import Scene
from multisat.model.periods import periods, slot
from multisat.steps import Anomaly, Steps, Task
from multisat.vocab.masks import PRESETS, mask_words


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A task made ready.

    Attributes:
        steps: What to compute.
        wish: What to read of every scene.
        target: The grid of the result.
        series: Time steps of the result.
        baseline: Those it is compared with, in the calendar periods of the result only; or None.
        area: Outlines in the CRS of the grid to which the result is clipped, or None.
    """

    steps: Steps
    wish: Wish
    target: GeoBox
    series: Series
    baseline: Series | None
    area: tuple[BaseGeometry, ...] | None

    @property
    def both(self) -> tuple[Series, ...]:
        """The series and, if there is one, the baseline."""
        return (self.series,) if self.baseline is None else (self.series, self.baseline)

    @property
    def slots(self) -> tuple[list[int], list[int]]:
        """Numbers of the calendar periods of the series and of the baseline."""
        spec = None if self.steps.composed is None else self.steps.composed.period
        first, second = ([slot(period, spec) for period in one.periods] for one in self.both)
        return first, second

    @property
    def scenes(self) -> list[Scene]:
        """Every scene that is read."""
        return [scene for one in self.both for group in one.groups for scene in group]

    @property
    def whole(self) -> Block:
        """All pixels of the result."""
        return Block.all_of(self.target)

    def slim(self) -> Plan:
        """Return the plan with no more of each scene than reading needs, to be sent to workers."""

        def slim(series: Series) -> Series:
            return replace(
                series, groups=tuple(tuple(slimmed(s, self.wish) for s in group) for group in series.groups)
            )

        baseline = None if self.baseline is None else slim(self.baseline)
        return replace(self, series=slim(self.series), baseline=baseline)


def plan(task: Task, *, retry: bool) -> Plan:
    """Make a task ready; nothing is read.

    Args:
        task: What to compute.
        retry: Whether a scene that fails is tried at its alternates.

    Raises:
        UsageError: There is nothing to compute, or the area to clip to holds no pixel.
        NothingFound: No scene is left to read.
    """
    steps = task.steps.check()
    wish = _wish(steps, retry=retry)
    series = Series.of(_worth(task, task.scenes, wish), task.request.time, task.periods)
    if not series.groups:
        raise NothingFound("no scene lies in the time range", hint="compute what was searched")
    return Plan(
        steps=steps,
        wish=wish,
        target=task.grid.geobox,
        series=series,
        baseline=None if steps.compared is None else _baseline(task, steps.compared, series, wish),
        area=_area(task) if steps.clipped else None,
    )


def _wish(steps: Steps, *, retry: bool) -> Wish:
    bands, mask = steps.needs, steps.masked
    if mask is None:
        return Wish(bands=bands, retry=retry)
    return Wish(
        bands=bands,
        words=mask.words,
        opening=mask.opening,
        dilate=mask.dilate,
        kernel=mask.kernel,
        retry=retry,
        sparing=True,
    )


def _worth(task: Task, scenes: tuple[Scene, ...], wish: Wish) -> list[Scene]:
    return worth_reading(scenes, task.request.aoi, wish.bands)


def _area(task: Task) -> tuple[BaseGeometry, ...]:
    shapes = tuple(shapes_on(task.request.aoi, task.grid))
    tiles = Block.all_of(task.grid.geobox).tiles(TILE)
    if not any(inside(shapes, tile).any() for tile in tiles):
        raise UsageError("no pixel has its centre inside the area", hint="leave out clip()")
    return shapes


def _baseline(task: Task, compared: Anomaly, series: Series, wish: Wish) -> Series:
    """Return the time steps of a baseline; periods that nothing is compared with are left out."""
    if not task.baseline:
        raise NothingFound("there is no scene in the baseline", hint="search its time range, too")
    spec = None if task.steps.composed is None else task.steps.composed.period
    wanted = {slot(period, spec) for period in series.periods}
    like = [one for one in periods(spec, compared.baseline) if slot(one, spec) in wanted]
    found = Series.of(_worth(task, task.baseline, wish), compared.baseline, like)
    if not found.groups:
        raise NothingFound(
            "no scene of the baseline lies in the calendar periods of the result",
            hint="search more of its time range",
        )
    return found


def said(made: Plan, task: Task) -> dict[str, Any]:
    """Return what is known before anything is read, as attributes; what scenes lack is warned of.

    Raises:
        UsageError: No scene can tell a class that was named.
    """
    scenes, named = made.scenes, _named(made.wish)
    check_words(scenes, named)
    for text in untold(scenes, named):
        tell(text)
    read = sum(len(group) for group in made.series.groups)
    return {**description(scenes, made.wish), "left_out": len(task.scenes) - read}


def _named(wish: Wish) -> tuple[str, ...] | None:
    """Return the words of a mask that no preset explains, or None if there is no mask."""
    if wish.words is None:
        return None
    presets = [set(mask_words(name)) for name in PRESETS]
    explained = {"nodata"}.union(*(words for words in presets if words <= set(wish.words)))
    return tuple(word for word in wish.words if word not in explained)
