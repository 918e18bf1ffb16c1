"""A service that computes recipes where its pixels are."""

# ruff: noqa: ARG002 - what a service may leave out takes arguments, too
from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from multisat.contracts.cost import Cost
from multisat.contracts.job import RemoteJob
from multisat.errors import UnsupportedOperation

if TYPE_CHECKING:
    import geopandas
    import xarray

    from multisat.contracts.deadline import Deadline
    from multisat.steps import Task

Progress = Callable[[int, int], None]
"""Called with parts done and parts in all."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether a service can compute a task just as it would be computed here. True if it can.

    Attributes:
        reasons: One sentence for each thing it cannot do.
    """

    reasons: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return not self.reasons


class RemoteEngine(ABC):
    """A service that runs recipes: pushed down to it, they give the numbers they give here.

    Attributes:
        name: Provider name.
        dialects: What ``code`` can write, best first.
    """

    name: ClassVar[str]
    dialects: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def can_run(self, task: Task) -> Verdict:
        """Return whether a task can be pushed down, before anything is computed.

        Only what the service says of itself may be asked, such as its list of processes.

        Args:
            task: What to compute.
        """

    @abstractmethod
    def cost(self, task: Task, *, batch: bool = False) -> Cost:
        """Return an estimate of what a task costs, in the service's units, too.

        Args:
            task: What to compute.
            batch: As ``submit`` would do it, not ``run``.
        """

    @abstractmethod
    def run(
        self, task: Task, *, progress: Progress | None = None, deadline: Deadline | None = None
    ) -> xarray.Dataset | geopandas.GeoDataFrame:
        """Compute a task now.

        Args:
            task: What to compute.
            progress: Called with parts done and parts in all.
            deadline: Total time limit.

        Returns:
            A dataset (time, y, x), as ``multisat.engine.run`` gives and ``multisat.engine.assembled`` makes;
            with ``zonal`` the table of ``multisat.zones.table``, a row per feature and period. The attribute
            ``spent`` (of tables in ``attrs``, too) says what it cost in the service's units.

        Raises:
            UnsupportedOperation: It cannot run there.
            CredentialsError: A login is missing, or was refused.
            ProviderError: The service did not do it.
        """

    def code(self, task: Task, dialect: str) -> str:
        """Return the exact request as text that runs without multisat; it holds no credential.

        Args:
            task: What to compute.
            dialect: One of ``dialects``.

        Raises:
            UsageError: The dialect is unknown.
            UnsupportedOperation: The task cannot run there.
        """
        raise UnsupportedOperation(f"{self.name} writes no {dialect}", provider=self.name)

    def submit(self, task: Task, *, title: str = "") -> RemoteJob:
        """Start a task as a batch job, and return at once.

        Args:
            task: What to compute.
            title: What the job is called at the service.

        Raises:
            UnsupportedOperation: There are no batch jobs, or this account has none.
            CredentialsError: A login is missing, or was refused.
            ProviderError: The service did not take it.
        """
        raise UnsupportedOperation(
            f"{self.name} has no batch jobs", provider=self.name, hint="run it at once: leave out batch"
        )

    def job(self, job_id: str) -> RemoteJob:
        """Return a job by its id, whoever started it; nothing is asked yet.

        Args:
            job_id: The service's own id.

        Raises:
            UnsupportedOperation: There are no batch jobs.
        """
        raise UnsupportedOperation(f"{self.name} has no batch jobs", provider=self.name)

    def jobs(self) -> Sequence[RemoteJob]:
        """Return the jobs of the account, newest first."""
        return ()

    def quota(self) -> Sequence[tuple[str, str]]:
        """Return what is left of the account's allowances: what, and how much in words."""
        return ()
