"""Recipes at an openEO back-end: pushed down, or on this machine from what it loads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from multisat.contracts import Cost, Deadline, RemoteEngine, RemoteJob, Verdict
from multisat.cube.warnings import tell
from multisat.errors import UnsupportedOperation, UsageError
from multisat.steps import Task
from multisat_openeo import cost, downloading
from multisat_openeo.codes import DIALECTS, written
from multisat_openeo.describing import Backend, Described
from multisat_openeo.graph import Flat
from multisat_openeo.jobs import OpenEOJob, status_of
from multisat_openeo.service import Service
from multisat_openeo.work import Work, work_of

if TYPE_CHECKING:
    import geopandas
    import xarray

    from multisat.contracts.remote import Progress


_PAGE = 100
"""Jobs of one answer."""

_COSTS = ("OpenEO-Costs", "OpenEO-Costs-experimental")
"""Headers that tell what an answer cost: of the API, and of openeo-driver 0.136 (seen 2026-11-21)."""


class OpenEOEngine(RemoteEngine):
    """An openEO back-end; nothing is asked of it before it must be.

    Args:
        service: The back-end.
    """

    name = "openeo"
    dialects = DIALECTS

    def __init__(self, service: Service) -> None:
        self.service = service
        self.backend = Backend(service)
        self._last: Work | None = None

    def describe(self, collection: str) -> Described:
        """Return what the back-end says of a collection: its dates, bands and extent."""
        return self.backend.describe(collection)

    def can_run(self, task: Task) -> Verdict:
        """Return whether all of a task can be pushed down; what cannot is done on this machine by ``run``."""
        try:
            return Verdict(reasons=self.work(task).reasons)
        except UsageError as error:
            return Verdict(reasons=(str(error),))

    def work(self, task: Task) -> Work:
        """Return how a task is divided between the back-end and this machine; the last one is remembered."""
        if self._last is None or self._last.task is not task:
            self._last = work_of(task, self.backend)
        return self._last

    def cost(self, task: Task, *, batch: bool = False) -> Cost:  # noqa: ARG002 - the same for both
        """Return an estimate, good to a factor of three: nobody publishes a formula for credits."""
        work = self.work(task)
        return cost.estimate(task, self.service.known, None if work.reasons else work.spans)

    def run(
        self, task: Task, *, progress: Progress | None = None, deadline: Deadline | None = None
    ) -> xarray.Dataset | geopandas.GeoDataFrame:
        """Compute a task now, small ones in one request and large ones as a batch job.

        So are all where there is no netCDF: one GeoTIFF does not say which band is of which time.
        """
        work = self._told(task)
        if cost.read(task) > self.service.known.synchronous or not self.backend.writes_netcdf:
            job = self.submit(task)
            tell(f"openeo runs it as the batch job {job.id}; if this process ends, the job goes on")
            job.wait(deadline=deadline, progress=None if progress is None else _Shown(progress))
            return job.result(task)
        with downloading.folder() as folder:
            body = {"process": {"process_graph": work.graph}}
            answer = self.service.ask(
                "POST", "/result", body=body, computes=True, stream=True, deadline=deadline
            )
            spent = next((answer.headers[name] for name in _COSTS if name in answer.headers), None)
            found = work.finished([downloading.keep(answer, folder / "result.nc")], self._reader("result"))
        found.attrs["spent"] = f"{spent} credits" if spent else "not told"
        if progress is not None:
            progress(1, 1)
        return found

    def code(self, task: Task, dialect: str) -> str:
        """Return a task as ``"process-graph"`` (JSON) or ``"openeo"`` (Python for the openEO client)."""
        return written(self.work(task).graph, dialect, self.service.url)

    def submit(self, task: Task, *, title: str = "") -> RemoteJob:
        """Start a task as a batch job, and return at once."""
        return self.start(self._told(task).graph, title=title or "multisat")

    def start(self, graph: Flat, *, title: str) -> OpenEOJob:
        """Start any process graph as a batch job.

        Raises:
            UnsupportedOperation: The back-end takes none.
        """
        if not self.backend.takes_jobs:
            raise UnsupportedOperation(
                "this needs a batch job, and the back-end lists none",
                provider=self.name,
                hint="run it on this machine: leave out on=",
            )
        body = {"process": {"process_graph": graph}, "title": title}
        made = self.service.ask("POST", "/jobs", body=body, computes=True)
        with made:
            job = self.job(_id_of(made))
        if not job.begin():
            tell(f"as many jobs run as the account may have; {job.id} begins when it is waited for")
        return job

    def job(self, job_id: str) -> OpenEOJob:
        """Return a job by its id, whoever started it; nothing is asked yet."""
        return OpenEOJob(self.service, job_id, self._finish)

    def jobs(self) -> Sequence[RemoteJob]:
        """Return the jobs of the account, newest first."""
        listed = [one for one in self._listed(f"/jobs?limit={_PAGE}") if one.get("id")]
        listed.sort(key=lambda one: str(status_of(one).created or ""), reverse=True)
        return [self.job(str(one["id"])) for one in listed]

    def _listed(self, path: str | None) -> Iterator[dict[str, Any]]:
        """Give the jobs of all pages; a page that comes again ends it."""
        seen: set[str] = set()
        while path is not None and path not in seen:
            seen.add(path)
            told = self.service.json("GET", path)
            yield from told.get("jobs") or ()
            links = [one for one in told.get("links") or () if one.get("rel") == "next"]
            path = str(links[0]["href"]) if links else None

    def quota(self) -> Sequence[tuple[str, str]]:
        """Return what is left of the account's allowances, and what is allowed at a time."""
        known, told = self.service.known, self.service.who()
        left = told.get("budget")
        month = f" of {known.credits_a_month:,} a month" if known.credits_a_month else ""
        return (
            ("credits", f"{left:,.1f} left{month}" if isinstance(left, int | float) else f"not told{month}"),
            ("batch jobs", f"{known.jobs} at a time"),
            ("requests that compute", f"{known.requests_a_minute} a minute"),
        )

    def _told(self, task: Task) -> Work:
        """Return how a task is divided; what must be done here is told."""
        found = self.work(task)
        if found.reasons:
            tell(f"openeo only loads the pixels, the rest is done here: {'; '.join(found.reasons)}")
        if found.mixed and task.steps.masked is not None:
            tell(
                f"openeo makes one of scenes that overlap before it masks them, on {', '.join(found.mixed)}; "
                "this machine masks them first"
            )
        return found

    def _finish(self, task: Task, job_id: str) -> Any:  # noqa: ANN401 - a dataset or a table
        work = self.work(task)
        with downloading.folder() as folder:
            return work.finished(downloading.results(self.service, job_id, folder), self._reader(job_id))

    def _reader(self, what: str) -> str:
        return f"openeo {what}"


@dataclass(frozen=True)
class _Shown:
    """A job's progress as parts of a hundred."""

    show: Progress

    def __call__(self, now: Any) -> None:  # noqa: ANN401 - a status
        self.show(round(100 * (now.progress or 0)), 100)


def _id_of(made: Any) -> str:  # noqa: ANN401 - a response
    from urllib.parse import urlsplit

    told = made.headers.get("OpenEO-Identifier")
    return str(told or urlsplit(made.headers.get("Location", "")).path.rstrip("/").rpartition("/")[2])
