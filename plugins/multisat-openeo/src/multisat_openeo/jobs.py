"""Batch jobs: they go on without us, and are found again by their id."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from multisat.contracts import Deadline
from multisat.contracts.job import JobState, JobStatus, RemoteJob
from multisat.errors import ProviderRefused, ProviderTimeout, ProviderUnavailable
from multisat.steps import Task
from multisat_openeo.refusing import NAME, TooManyJobs, plain
from multisat_openeo.service import Service

if TYPE_CHECKING:
    import geopandas
    import xarray

STATES: Mapping[str, JobState] = {
    "created": JobState.CREATED,
    "queued": JobState.QUEUED,
    "running": JobState.RUNNING,
    "finished": JobState.FINISHED,
    "error": JobState.FAILED,
    "canceled": JobState.CANCELLED,
}
"""Words of the openEO API."""
Finish = Callable[[Task, str], Any]
"""Downloads the result of a job of a task."""
_FIRST, _LONGEST = 0.5, 30.0
"""Seconds between two questions; they grow."""
_TROUBLES = 10
"""Questions in a row that may fail before waiting ends."""
_NOTHING = ("nodataavailable", "no data available")


class OpenEOJob(RemoteJob):
    """A job at a back-end; nothing is asked before it must be.

    Args:
        service: The back-end.
        job_id: Its id there.
        finish: Downloads the result.
    """

    provider = NAME

    def __init__(self, service: Service, job_id: str, finish: Finish) -> None:
        self.id = job_id
        self._path = f"/jobs/{quote(job_id, safe='')}"
        self._service, self._finish = service, finish

    def status(self) -> JobStatus:
        """Ask how far it is; of a failed job the message is the cause."""
        told = self._service.json("GET", self._path)
        return status_of(told, cause=self._cause)

    def begin(self) -> bool:
        """Start it; return whether it could, which it cannot while too many others run."""
        try:
            self._service.ask("POST", f"{self._path}/results", computes=True).close()
        except TooManyJobs:
            return False
        return True

    def cancel(self) -> None:
        """Call it off; a job that has ended stays as it is."""
        if not self.status().state.ended:
            self._service.ask("DELETE", f"{self._path}/results").close()

    def logs(self) -> Sequence[str]:
        """Return what the service wrote of it, oldest first: level and words."""
        return [
            f"{one.get('level', 'info')}: {plain(str(one.get('message', '')))}" for one in self._entries()
        ]

    def wait(
        self, *, progress: Callable[[JobStatus], None] | None = None, deadline: Deadline | None = None
    ) -> JobStatus:
        """Wait until it has ended; see ``RemoteJob.wait``. A job that could not begin yet is started."""
        until, pause, troubles = deadline or Deadline(), _FIRST, 0
        while True:
            now = self._heard(patient=troubles < _TROUBLES)
            troubles = 0 if now else troubles + 1
            if now is not None and progress is not None:
                progress(now)
            if now is not None and now.state.ended:
                return self._ended(now)
            if not until.sleep(pause):
                raise ProviderTimeout(
                    f"job {self.id} has not ended within the deadline",
                    provider=NAME,
                    hint=f"it goes on: multisat jobs get {self.id}",
                )
            pause = min(_LONGEST, pause * 1.5)

    def _heard(self, *, patient: bool) -> JobStatus | None:
        """Ask how far it is, and start it if it could not begin yet; None if there is no answer for now."""
        try:
            now = self.status()
            if now.state is JobState.CREATED:
                self.begin()
        except ProviderUnavailable:
            if not patient:
                raise
            return None
        return now

    def result(self, task: Task) -> xarray.Dataset | geopandas.GeoDataFrame:
        """Download the result of a finished job; see ``RemoteJob.result``."""
        now = self.status()
        if not now.state.ended:
            raise ProviderRefused(
                f"job {self.id} is {now.state}",
                provider=NAME,
                hint=f"wait for it: multisat jobs get {self.id}",
            )
        self._ended(now)
        found: xarray.Dataset | geopandas.GeoDataFrame = self._finish(task, self.id)
        found.attrs["spent"] = _spent(now)
        return found

    def _ended(self, now: JobStatus) -> JobStatus:
        if now.state is JobState.FINISHED:
            return now
        if now.state is JobState.CANCELLED:
            raise ProviderRefused(f"job {self.id} was called off", provider=NAME, hint="submit it again")
        said = now.message or "the service does not say why"
        if any(word in said.lower() for word in _NOTHING):
            hint = "widen the area, the time range or the cloud limit"
        else:
            hint = f"read on: multisat jobs logs {self.id}"
        raise ProviderRefused(f"job {self.id} failed: {said}", provider=NAME, hint=hint)

    def _entries(self, query: str = "") -> list[Mapping[str, Any]]:
        told = self._service.json("GET", f"{self._path}/logs{query}")
        return [one for one in told.get("logs") or () if isinstance(one, dict)]

    def _cause(self) -> str:
        """Return the last thing that went wrong by the service's logs, in one sentence."""
        errors = [
            one for one in self._entries("?level=error") if str(one.get("level", "")).lower() == "error"
        ]
        return plain(str(errors[-1].get("message", ""))) if errors else ""


def status_of(told: Mapping[str, Any], *, cause: Callable[[], str] | None = None) -> JobStatus:
    """Return what a service's record of a job says.

    Args:
        told: The record.
        cause: Asks why a failed job failed.
    """
    state = STATES.get(str(told.get("status")), JobState.RUNNING)
    progress = told.get("progress")
    spent = told.get("costs")
    return JobStatus(
        state=state,
        title=str(told.get("title") or ""),
        created=_instant(told.get("created")),
        progress=float(progress) / 100 if isinstance(progress, int | float) else None,
        spent=(("credits", float(spent)),) if isinstance(spent, int | float) else (),
        message=cause() if cause is not None and state is JobState.FAILED else "",
    )


def _spent(now: JobStatus) -> str:
    return ", ".join(f"{number:,.2f} {unit}" for unit, number in now.spent) or "not told"


def _instant(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
