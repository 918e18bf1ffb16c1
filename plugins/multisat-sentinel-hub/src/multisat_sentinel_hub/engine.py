"""Recipes at Sentinel Hub."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from multisat.contracts import Cost, Deadline, RemoteEngine, RemoteJob, Verdict
from multisat.contracts.remote import Progress
from multisat.errors import UnsupportedOperation
from multisat.steps import Task
from multisat_sentinel_hub.able import verdict
from multisat_sentinel_hub.cost import UNIT, cost, in_words
from multisat_sentinel_hub.deployments import NAME, Deployment
from multisat_sentinel_hub.fetching import fetch
from multisat_sentinel_hub.keeping import kept
from multisat_sentinel_hub.service import Service
from multisat_sentinel_hub.statistical import cost_there, counted_there, table_there
from multisat_sentinel_hub.ways import prepared

if TYPE_CHECKING:
    import geopandas
    import xarray


class SentinelHubEngine(RemoteEngine):
    """Runs recipes by the Process API.

    Args:
        place: The deployment.
    """

    name = NAME
    dialects = ("evalscript", "curl", "python")

    def __init__(self, place: Deployment) -> None:
        self.place = place

    def can_run(self, task: Task) -> Verdict:
        """Return whether a task gives the numbers there that it gives here; nothing is asked."""
        return verdict(task)

    def cost(self, task: Task, *, batch: bool = False) -> Cost:
        """Return an estimate, in processing units, too."""
        self._check(task)
        if batch:
            from multisat_sentinel_hub.submitting import units_of_job

            return replace(self.cost(task), units=((UNIT, units_of_job(task)),))
        work = prepared(task)
        areas = counted_there(work.task, work.plan)
        if areas is not None:
            return cost_there(work.plan, areas)
        return cost(work.pieces, len(work.plan.scenes))

    def run(
        self, task: Task, *, progress: Progress | None = None, deadline: Deadline | None = None
    ) -> xarray.Dataset | geopandas.GeoDataFrame:
        """Compute a task now; see ``RemoteEngine.run``. What a killed run had fetched is not asked again."""
        self._check(task)
        work, service = prepared(task), Service(self.place, deadline=deadline)
        try:
            areas = counted_there(work.task, work.plan)
            if areas is not None:
                table = table_there(work.task, work.plan, areas, service)
                table.attrs["spent"] = in_words(service.spent)
                return table
            with kept() as folder:
                fetch(work.pieces, service, folder, progress)
                found = work.finished(folder, spent=in_words(service.spent))
                folder.forget(work.pieces)
                return found
        finally:
            service.close()

    def code(self, task: Task, dialect: str) -> str:
        """Return the requests for pixels as evalscripts, curl commands or a Python script."""
        from multisat_sentinel_hub.code import written

        self._check(task)
        return written(prepared(task).pieces, self.place, dialect)

    def submit(self, task: Task, *, title: str = "") -> RemoteJob:
        """Start a task as a job; see ``submitting.submit`` and ``RemoteEngine.submit``."""
        from multisat_sentinel_hub.submitting import submit

        self._check(task)
        if not self.place.batch:
            return super().submit(task, title=title)
        return submit(task, self.place, title)

    def job(self, job_id: str) -> RemoteJob:
        """Return a job by its id; nothing is asked yet."""
        from multisat_sentinel_hub.submitting import job_of

        return job_of(self.place, job_id)

    def jobs(self) -> Sequence[RemoteJob]:
        """Return the jobs of the account, newest first."""
        from multisat_sentinel_hub.submitting import jobs

        return jobs(self.place)

    def quota(self) -> Sequence[tuple[str, str]]:
        """Return what is left, as far as the service says."""
        from multisat_sentinel_hub.quota import left

        return left(self.place)

    def _check(self, task: Task) -> None:
        found = self.can_run(task)
        if not found:
            raise UnsupportedOperation(
                f"it cannot compute this: {'; '.join(found.reasons)}",
                provider=NAME,
                hint="compute it on this machine, from another archive's files",
            )
