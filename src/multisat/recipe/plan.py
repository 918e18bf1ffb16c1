"""A recipe bound to scenes and a grid: to be explained, priced, and run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from multisat.contracts import Cost, RemoteEngine, Verdict
from multisat.errors import UsageError
from multisat.federate.loading import open_asset
from multisat.model import Outcome, Scene
from multisat.plugins import registry
from multisat.recipe.cap import Cap, cap_of
from multisat.recipe.cost import local_cost
from multisat.recipe.explaining import explained
from multisat.recipe.submitted import Submitted
from multisat.steps import Task

if TYPE_CHECKING:
    import geopandas
    import xarray


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that decides what comes out, and what it will cost.

    Attributes:
        task: Steps, request, scenes and grid.
        outcomes: What each archive answered.
        engine: Name of the service that computes it; None is this machine.
    """

    task: Task
    outcomes: tuple[Outcome, ...] = ()
    engine: str | None = None

    def explain(self) -> str:
        """Return what will be done, step by step, with the shape, type and unit of the result."""
        return explained(self)

    def cost(self) -> Cost:
        """Return an estimate of what it costs; nothing is opened for it."""
        return local_cost(self.task) if self.engine is None else self._remote.cost(self.task)

    def can_run(self) -> Verdict:
        """Return whether it can run where it is to run, with the reasons if it cannot."""
        return Verdict() if self.engine is None else self._remote.can_run(self.task)

    def as_code(self, dialect: str | None = None) -> str:
        """Return the exact request to the service as text that runs without multisat.

        Args:
            dialect: Such as ``"evalscript"``, ``"curl"``, ``"process-graph"``; None is the service's first.

        Raises:
            UsageError: It runs on this machine, or the dialect is unknown.
            UnsupportedOperation: It cannot run there.
        """
        if self.engine is None:
            raise UsageError("a plan on this machine is no request", hint='plan it on="sentinel-hub"')
        return self._remote.code(self.task, dialect or next(iter(self._remote.dialects), "code"))

    def submit(self, *, cap: str | Cap | None = None, title: str = "") -> Submitted:
        """Start it as a batch job at the service, and return at once.

        The job is remembered: ``multisat.job(id)`` finds it from any process of this user.

        Args:
            cap: The most it may cost, such as ``"50credits"``; it is held before anything starts.
            title: What the job is called at the service.

        Raises:
            UsageError: It runs on this machine, or would cost more than the cap.
            UnsupportedOperation: The service has no batch jobs, or cannot run it.
        """
        if self.engine is None:
            raise UsageError("this machine has no batch jobs", hint='plan it on="openeo"')
        if cap is not None:
            cap_of(cap).check(self._remote.cost(self.task, batch=True))
        return Submitted(job=self._remote.submit(self.task, title=title), task=self.task).remembered()

    def run(
        self,
        *,
        cap: str | Cap | None = None,
        chunks: Mapping[str, int] | None = None,
        errors: Literal["skip", "raise"] = "skip",
        max_memory: float = 4.0,
        progress: Callable[[int, int], None] | None = None,
    ) -> xarray.Dataset | geopandas.GeoDataFrame:
        """Run it.

        Args:
            cap: The most it may cost, such as ``"2GB"``; it is held before anything is read.
            chunks: Sizes along y and x for a lazy dataset of Dask arrays; None computes now.
            errors: ``"skip"`` leaves out scenes that cannot be read, warns and lists them.
            max_memory: GiB the result may take.
            progress: Called with scenes read and scenes in all; each counts once in every block.

        Returns:
            A dataset (time, y, x); with ``zonal`` a table with a row per feature and period.

        Raises:
            UsageError: It would cost more than the cap, or take more memory.
            AssetUnreadable: No scene could be read, or one with ``errors="raise"``.
        """
        if cap is not None:
            cap_of(cap).check(self.cost())
        if self.engine is not None:
            return self._pushed_down(chunks, progress)
        if self.task.steps.zoned is not None:
            return self._table(chunks, errors, max_memory, progress)
        import multisat.accessor  # noqa: F401 - gives cubes their .multisat
        from multisat.engine import run

        return run(
            self.task,
            access=open_asset,
            chunks=chunks,
            errors=errors,
            max_memory=max_memory,
            progress=progress,
        )

    @property
    def _remote(self) -> RemoteEngine:
        return registry().provider(self.engine or "").engine()

    def _pushed_down(
        self, chunks: Mapping[str, int] | None, progress: Callable[[int, int], None] | None
    ) -> xarray.Dataset | geopandas.GeoDataFrame:
        import multisat.accessor  # noqa: F401 - gives cubes their .multisat

        if chunks is not None:
            raise UsageError(f"{self.engine} gives no lazy result", hint="leave out chunks")
        return self._remote.run(self.task, progress=progress)

    def _table(
        self,
        chunks: Mapping[str, int] | None,
        errors: Literal["skip", "raise"],
        max_memory: float,
        progress: Callable[[int, int], None] | None,
    ) -> geopandas.GeoDataFrame:
        from multisat.recipe.zonal import zonal_table

        if chunks is not None:
            raise UsageError("a table has no chunks", hint="leave out chunks")
        return zonal_table(self.task, errors=errors, max_memory=max_memory, progress=progress)

    def to_dict(self) -> dict[str, Any]:
        """Return what decides the result as JSON values, with item ids and baselines, unsigned."""
        return {
            "recipe": self.task.steps.to_dict(),
            "request": self.task.request.to_dict(),
            "grid": self.task.grid.to_dict(),
            "scenes": _listed(self.task.scenes),
            "baseline": _listed(self.task.baseline),
        }

    def __str__(self) -> str:
        return self.explain()

    def _repr_html_(self) -> str:
        from multisat.recipe.showing import plan_html

        return plan_html(self)


def _listed(scenes: Sequence[Scene]) -> list[dict[str, Any]]:
    return [{"provider": s.provider, "id": s.id, "baseline": s.processing_baseline} for s in scenes]
