"""Scenes whose files cannot be read here: the service that holds them computes the cube."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import shapely

from multisat.cube.gridding import grid_of
from multisat.cube.warnings import tell
from multisat.errors import UnsupportedOperation, UsageError
from multisat.model import AOI, Request, Scene, TimeRange
from multisat.plugins import registry
from multisat.steps import Steps, Task

if TYPE_CHECKING:
    import xarray

_TAKEN = {"aoi", "mask", "opening", "dilate", "kernel", "resolution", "crs", "grid", "like", "progress"}
_IDLE = {"chunks": None, "resampling": "nearest", "groupby": "overpass", "raw": False, "errors": "skip"}
"""Options of ``load`` that change nothing as they are here."""


def readable(scenes: Sequence[Scene]) -> tuple[list[Scene], list[Scene]]:
    """Part scenes into those of which a copy has files that can be read, as that copy, and the others."""
    names = {copy.provider for scene in scenes for copy in scene.copies}
    archives = {name for name in names if registry().provider(name).capabilities.assets}
    files: list[Scene] = []
    others: list[Scene] = []
    for scene in scenes:
        copies = [copy for copy in scene.copies if copy.provider in archives]
        if copies:
            files.append(copies[0].with_alternates(copies[1:]))
        else:
            others.append(scene)
    return files, others


def left_out(scenes: Sequence[Scene]) -> None:
    """Tell of scenes that only a service has, while others are read from files."""
    if scenes:
        names = ", ".join(sorted({scene.provider for scene in scenes}))
        tell(f"left out {len(scenes)} scenes that only {names} can compute; load them on their own")


def with_files(scenes: Sequence[Scene]) -> list[Scene]:
    """Return the scenes that have files, see ``readable``; the others are left out, and told."""
    files, others = readable(scenes)
    left_out(others)
    return files


def load_remotely(scenes: Sequence[Scene], bands: Sequence[str], **options: Any) -> xarray.Dataset:  # noqa: ANN401 - those of load
    """Let the service of scenes compute the cube that ``load`` would read from files.

    Raises:
        UsageError: The scenes are of several services, or an option means nothing to one.
        UnsupportedOperation: The service cannot do it.
    """
    names = sorted({scene.provider for scene in scenes})
    if len(names) > 1:
        raise UsageError(
            f"these scenes are at {' and '.join(names)}, which compute each for itself",
            hint=f'load them one after the other: found.of_provider("{names[0]}")',
        )
    odd = [n for n, v in options.items() if n not in _TAKEN | set(_IDLE) or (n in _IDLE and v != _IDLE[n])]
    if odd:
        raise UsageError(
            f"{names[0]} knows no {odd[0]}=", hint="leave it out, or load from an archive of files"
        )
    engine = registry().provider(names[0]).engine()
    task = _task(scenes, bands, **{name: value for name, value in options.items() if name in _TAKEN})
    verdict = engine.can_run(task)
    if not verdict:
        raise UnsupportedOperation(
            f"{names[0]} cannot load this: {'; '.join(verdict.reasons)}",
            provider=names[0],
            hint="load from an archive of files",
        )
    found: xarray.Dataset = engine.run(task, progress=options.get("progress"))
    return found


def _task(
    scenes: Sequence[Scene],
    bands: Sequence[str],
    *,
    aoi: AOI | None = None,
    mask: Any = None,  # noqa: ANN401 - what Steps.mask takes
    resolution: float | None = None,
    crs: str | None = None,
    grid: Any = None,  # noqa: ANN401 - any object with a grid
    like: Any = None,  # noqa: ANN401 - any object with a grid
    progress: object = None,  # noqa: ARG001 - of the run, not of the task
    **margins: Any,  # noqa: ANN401 - opening, dilate, kernel
) -> Task:
    from multisat.federate.loading import open_asset

    steps = Steps().bands(*bands)
    steps = steps if mask is None else steps.mask(mask, **margins)
    ordered = tuple(sorted(scenes, key=lambda scene: (scene.datetime, scene.uid)))
    where = aoi or AOI.of(shapely.union_all([scene.geometry for scene in ordered]))
    span = TimeRange(start=ordered[0].datetime, end=ordered[-1].datetime + timedelta(microseconds=1))
    pixels = grid_of(
        ordered,
        steps.needs,
        access=open_asset,
        aoi=aoi,
        resolution=resolution,
        crs=crs,
        like=like if grid is None else grid,
    )
    request = Request(aoi=where, time=span, collections=tuple({scene.collection: None for scene in ordered}))
    return Task(steps=steps, request=request, scenes=ordered, grid=pixels)
