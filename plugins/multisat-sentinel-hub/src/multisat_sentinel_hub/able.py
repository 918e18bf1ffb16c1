"""Whether the service would give the numbers that this machine gives, and by which way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from multisat.contracts import Verdict
from multisat.cube.fitting import fit
from multisat.cube.scene_pixels import quality_layer
from multisat.model import Grid, Scene
from multisat.steps import Steps, Task
from multisat_sentinel_hub.sources import asset, quality


def pushed_down(steps: Steps) -> bool:
    """Whether scripts can compute the composite; else stored numbers are fetched and composed here.

    A script sees one pixel at a time, so it can grow no mask.
    """
    mask = steps.masked
    return steps.composed is not None and (
        mask is None or not (mask.opening or mask.dilate or mask.kernel is not None)
    )


def verdict(task: Task) -> Verdict:
    """Return whether a task can be run, with a reason for each thing that would differ."""
    return Verdict(reasons=tuple(dict.fromkeys(_reasons(task))))


def _reasons(task: Task) -> Iterator[str]:
    scenes = (*task.scenes, *task.baseline)
    collections = sorted({scene.native_id for scene in scenes})
    if len(collections) > 1:
        yield f"one request reads one collection, and this reads {', '.join(collections)}"
    code = task.grid.crs.rpartition(":")[2]
    if not code.isdecimal():
        yield f"the service knows EPSG codes only, and the grid is in {task.grid.crs}"
    if not task.steps.needs:
        yield "nothing is read"
    zones = _elsewhere(task, scenes)
    if zones:
        yield (
            f"the pixels of {len(zones)} scenes, such as {zones[0]}, do not fall on those of the result, and "
            "the service resamples in its own way: take the native pixels of one UTM zone"
        )


def _elsewhere(task: Task, scenes: Sequence[Scene]) -> list[str]:
    """Return the scenes whose pixels the service would have to resample."""
    target = task.grid.geobox
    return [scene.id for scene in scenes if any(fit(g, target) is None for g in _grids(task.steps, scene))]


def _grids(steps: Steps, scene: Scene) -> Iterator[Grid]:
    layer = quality_layer(scene) if steps.masked is not None else None
    for one in (*(asset(scene, band) for band in steps.needs), quality(scene, layer)):
        if one is not None and one.grid is not None:
            yield one.grid
