"""Jobs at services, remembered with what they compute, so that any process of this user finds them again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import orjson

from multisat.config import state_folder
from multisat.contracts import Deadline, JobStatus, RemoteJob
from multisat.errors import UsageError
from multisat.federate.saving import write
from multisat.plugins import registry
from multisat.recipe.keeping import task_of, task_to_dict
from multisat.steps import Task

if TYPE_CHECKING:
    import geopandas
    import xarray

_PRIVATE = 0o700


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """A plan that a service works on as a batch job.

    Attributes:
        job: The job at the service.
        task: What it computes.
    """

    job: RemoteJob
    task: Task

    @property
    def id(self) -> str:
        """The service's own id."""
        return self.job.id

    @property
    def provider(self) -> str:
        """Provider name."""
        return self.job.provider

    def status(self) -> JobStatus:
        """Ask how far it is; see ``JobStatus``."""
        return self.job.status()

    def logs(self) -> Sequence[str]:
        """Return what the service wrote of it, oldest first."""
        return self.job.logs()

    def cancel(self) -> None:
        """Call it off."""
        self.job.cancel()

    def result(
        self, *, progress: Callable[[JobStatus], None] | None = None, timeout: float | None = None
    ) -> xarray.Dataset | geopandas.GeoDataFrame:
        """Wait until it has finished, download what it made, and return it as ``Plan.run`` does.

        Args:
            progress: Called with what the service says, each time it is asked.
            timeout: Seconds to wait at most; None waits for ever.

        Returns:
            A dataset (time, y, x); with ``zonal`` a table with a row per feature and period.

        Raises:
            ProviderTimeout: It takes longer; it goes on at the service.
            ProviderRefused: It failed; the message is the cause in one sentence.
        """
        import multisat.accessor  # noqa: F401 - gives cubes their .multisat

        self.job.wait(progress=progress, deadline=Deadline(timeout))
        return self.job.result(self.task)

    def remembered(self) -> Self:
        """Write it down, and return it."""
        path = _path(self.provider, self.id)
        path.parent.mkdir(parents=True, exist_ok=True, mode=_PRIVATE)
        write({"provider": self.provider, "id": self.id, "task": task_to_dict(self.task)}, path)
        return self

    def __repr__(self) -> str:
        return f"<Submitted {self.provider} {self.id}>"


def submitted(job_id: str) -> Submitted:
    """Return a job that was submitted on this machine, by its id; the service is not asked yet.

    Raises:
        UsageError: No such job is remembered here, or its provider is not installed.
    """
    for data in _remembered():
        if data.get("id") == job_id:
            engine = registry().provider(str(data["provider"])).engine()
            return Submitted(job=engine.job(job_id), task=task_of(data["task"]))
    raise UsageError(
        f"no job {job_id} is remembered in {_folder()}",
        hint="multisat jobs lists those of your accounts; what one computes is known where it was submitted",
    )


def remembered() -> set[tuple[str, str]]:
    """Return provider and id of every job that is remembered here."""
    return {(str(data.get("provider")), str(data.get("id"))) for data in _remembered()}


def _remembered() -> list[dict[str, Any]]:
    found = []
    for path in sorted(_folder().glob("*.json")):
        try:
            data = orjson.loads(path.read_bytes())
        except (OSError, orjson.JSONDecodeError):
            continue
        if isinstance(data, dict):
            found.append(data)
    return found


def _folder() -> Path:
    return state_folder() / "jobs"


def _path(provider: str, job_id: str) -> Path:
    """Return where a job is written down; its id is a service's own text, so it is no part of a path."""
    return _folder() / f"{hashlib.sha256(f'{provider} {job_id}'.encode()).hexdigest()[:24]}.json"
