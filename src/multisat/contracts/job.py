"""Work that a service does on its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas
    import xarray

    from multisat.contracts.deadline import Deadline
    from multisat.steps import Task


class JobState(StrEnum):
    """How far a job is."""

    CREATED = "created"
    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self in {JobState.FINISHED, JobState.FAILED, JobState.CANCELLED}


@dataclass(frozen=True, kw_only=True)
class JobStatus:
    """What a service says of a job.

    Attributes:
        state: How far it is.
        title: As it was named.
        created: When it was made, UTC.
        progress: 0 to 1, or None if the service does not say.
        spent: In the service's units, such as ``(("credits", 4.0),)``.
        message: Why it failed, in one sentence; or what it is doing.
    """

    state: JobState
    title: str = ""
    created: datetime | None = None
    progress: float | None = None
    spent: tuple[tuple[str, float], ...] = ()
    message: str = ""


class RemoteJob(ABC):
    """A job at a service. It goes on when this process ends; ``RemoteEngine.job`` finds it again.

    Attributes:
        provider: Provider name.
        id: The service's own id; it holds no credential.
    """

    provider: str
    id: str

    @abstractmethod
    def status(self) -> JobStatus:
        """Ask how far it is."""

    @abstractmethod
    def cancel(self) -> None:
        """Call it off; a job that has ended stays as it is."""

    @abstractmethod
    def logs(self) -> Sequence[str]:
        """Return what the service wrote of it, oldest first."""

    @abstractmethod
    def wait(
        self, *, progress: Callable[[JobStatus], None] | None = None, deadline: Deadline | None = None
    ) -> JobStatus:
        """Wait until it has ended.

        Args:
            progress: Called with what the service says, each time it is asked.
            deadline: Total time limit; None waits for ever.

        Raises:
            ProviderTimeout: The deadline passed; the job goes on.
            ProviderRefused: It failed; the message is the cause in one sentence.
        """

    @abstractmethod
    def result(self, task: Task) -> xarray.Dataset | geopandas.GeoDataFrame:
        """Download the result of a finished job; see ``RemoteEngine.run``.

        Args:
            task: The task that was submitted.

        Returns:
            A dataset (time, y, x); with ``zonal`` a table with a row per feature and period.
        """
