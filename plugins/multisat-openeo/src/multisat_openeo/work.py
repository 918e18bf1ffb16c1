"""A task divided between a back-end and this machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from multisat.engine import assembled
from multisat.engine.finishing import finished
from multisat.engine.plan import Plan, plan
from multisat.errors import UnsupportedOperation
from multisat.steps import Task
from multisat_openeo import here
from multisat_openeo.answers import slices
from multisat_openeo.compiling import composed, loaded
from multisat_openeo.deciding import check, mixed, reasons
from multisat_openeo.describing import Backend
from multisat_openeo.graph import Flat
from multisat_openeo.layering import layers
from multisat_openeo.masking import reach
from multisat_openeo.place import Place, source_of
from multisat_openeo.spans import Spans

if TYPE_CHECKING:
    import geopandas
    import xarray


@dataclass(frozen=True, kw_only=True)
class Work:
    """What the back-end does of a task, and what is left.

    Attributes:
        task: All of it.
        plan: The same made ready.
        place: What the back-end calls things.
        reasons: Why the back-end only loads; empty if it computes.
        spans: The periods that come back.
        mixed: Days on which scenes overlap, which the service makes one of before it masks.
        graph: What is sent.
    """

    task: Task
    plan: Plan
    place: Place
    reasons: tuple[str, ...]
    spans: Spans
    mixed: tuple[str, ...]
    graph: Flat

    def finished(self, paths: Sequence[Path], reader: str) -> xarray.Dataset | geopandas.GeoDataFrame:
        """Return the result of the task from what came back.

        Raises:
            InvalidAnswer: The files are not what was asked for.
        """
        cube = self._loaded(paths) if self.reasons else self._computed(paths, reader)
        cube = cube.assign_attrs(computed_here=self._here)
        return cube if self.task.steps.zoned is None else self._table(cube)

    def _computed(self, paths: Sequence[Path], reader: str) -> xarray.Dataset:
        found = slices(paths, self.task.grid)
        each = [layers(self.plan, series, found) for series in self.plan.both]
        made = finished(self.plan, self.plan.whole, *each)
        return assembled(self.task, made, reader=reader)

    def _loaded(self, paths: Sequence[Path]) -> xarray.Dataset:
        margin = reach(self.task.steps.masked, self.task.grid.resolution[0])
        grid = here.grown(self.task.grid, margin)
        return here.computed(self.task, self.plan, self.place, grid, slices(paths, grid))

    @property
    def _here(self) -> str:
        """What was computed on this machine, in words."""
        if self.reasons:
            return f"all but loading: {'; '.join(self.reasons)}"
        steps = self.task.steps
        parts = {"smoothing": steps.smoothed, "anomaly": steps.compared, "edge of the clip": steps.clipped,
                 "zonal statistics": steps.zoned}  # fmt: skip
        return ", ".join(name for name, there in parts.items() if there) or "nothing"

    def _table(self, cube: xarray.Dataset) -> geopandas.GeoDataFrame:
        """Return a row per feature and period, with our own exact weights of pixels."""
        from multisat.zones.of_cube import zonal_of

        zoned = self.task.steps.zoned
        stats = dict.fromkeys(self.task.steps.variables, zoned.statistics if zoned else ())
        bare = cube.drop_vars(["count", "mask"], errors="ignore")
        return zonal_of(bare, self.task.features, self.task.grid, stats)


def work_of(task: Task, backend: Backend) -> Work:
    """Return how a task is divided.

    Raises:
        UnsupportedOperation: The back-end cannot even load it.
        UsageError: A collection or a band is not there.
    """
    clouds = [scene.cloud_cover for scene in (*task.scenes, *task.baseline)]
    place = backend.place(source_of(task), limits=None not in clouds)
    place.natives(task.steps.needs)
    made = plan(task, retry=False)
    check(task, made, place)
    why, spans = reasons(task, made, place), _spans(task, made)
    form = backend.format
    graph = loaded(task, place, form=form) if why else composed(task, made, place, spans, form=form)
    return Work(
        task=task,
        plan=made,
        place=place,
        reasons=tuple(why),
        spans=spans,
        mixed=tuple(mixed(task, made)),
        graph=graph,
    )


def _spans(task: Task, made: Plan) -> Spans:
    try:
        return Spans.of(task, made)
    except UnsupportedOperation:
        return Spans(by_label={})
