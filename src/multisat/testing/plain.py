"""A recipe in plain NumPy, over files: what services are compared with."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from multisat.contracts import Deadline, Provider
from multisat.cube import load
from multisat.cube.gridding import grid_of
from multisat.model import Request, Scene, TimeRange
from multisat.steps import Steps, Task
from multisat.testing.trial import Skipped, Trial, moment

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

_SCENES = 4


@dataclass(frozen=True, kw_only=True)
class Median:
    """What is right.

    Attributes:
        ndvi: NDVI, shape (month, y, x); NaN without a clear look.
        count: Clear looks, same shape.
    """

    ndvi: NDArray[np.float32]
    count: NDArray[np.uint16]


def ndvi_task(trial: Trial, reducer: str = "median") -> Task:
    """Return the task of a masked monthly NDVI of a few scenes at the target."""
    if trial.quality is None or not {"red", "nir"} <= set(trial.picture[0].assets):
        raise Skipped("no scene at the target has red, nir and a quality layer")
    steps = Steps().mask("clear").index("NDVI").composite("month", reducer)
    collection = trial.picture[0].collection
    ordered = sorted(
        (s for s in trial.scenes if s.collection == collection), key=lambda s: (s.datetime, s.uid)
    )
    scenes = tuple(ordered[:_SCENES])
    span = TimeRange(start=scenes[0].datetime, end=moment(scenes[-1]).end)
    request = trial.request(collections=(collection,), time=span)
    grid = grid_of(scenes, ("red", "nir"), access=trial.access, aoi=trial.aoi)
    return Task(steps=steps, request=request, scenes=scenes, grid=grid)


def monthly_median_ndvi(trial: Trial, task: Task) -> Median:
    """Return what is right, from the files of the provider or of its twin."""
    cube = _read(trial, task)
    red, nir = (cube[name].values.astype("float64") for name in ("red", "nir"))
    with np.errstate(invalid="ignore", divide="ignore"):
        ndvi = (nir - red) / (nir + red)
    ndvi[~np.isfinite(ndvi)] = np.nan
    months = cube["time"].values.astype("datetime64[M]")
    first, last = (
        np.datetime64(s.datetime.replace(tzinfo=None), "M") for s in (task.scenes[0], task.scenes[-1])
    )
    groups = [ndvi[months == month] for month in np.arange(first, last + 1)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of pixels that are never clear
        medians = np.stack([np.nanmedian(looks, axis=0) for looks in groups])
    counts = np.stack([np.isfinite(looks).sum(axis=0) for looks in groups])
    return Median(ndvi=medians.astype("float32"), count=counts.astype("uint16"))


def _read(trial: Trial, task: Task) -> xr.Dataset:
    """Read the scenes of a task from files, on its grid."""
    if trial.provider.capabilities.assets:
        return _cube(trial.provider, task.scenes, task)
    if trial.target.twin is None:
        raise Skipped("no files to compare with (Target.twin)")
    twin = trial.target.twin()
    wanted = {_product(scene) for scene in task.scenes}
    request = Request.of(trial.target.aoi, trial.target.time, collections=task.request.collections)
    found = twin.search(request, deadline=Deadline(trial.target.deadline))
    same = [scene for scene in found if _product(scene) in wanted]
    if {_product(scene) for scene in same} != wanted:
        raise Skipped("the files to compare with are of other scenes")
    return _cube(twin, same, task)


def _cube(provider: Provider, scenes: Sequence[Scene], task: Task) -> xr.Dataset:
    return load(
        scenes, ["red", "nir"], mask="clear", grid=task.grid, access=lambda _, asset: provider.access(asset)
    )


def _product(scene: Scene) -> str:
    """Return what copies of a scene have in common; not every archive tells halves apart."""
    return scene.acquisition.name or str(scene.acquisition)
