"""What every kind of job at the service shares: how it is asked, waited for, and refused."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, TypeVar

from multisat.contracts import Deadline, JobState, JobStatus, RemoteJob
from multisat.errors import ProviderRefused, ProviderTimeout, UnsupportedOperation
from multisat_sentinel_hub.cost import UNIT
from multisat_sentinel_hub.deployments import NAME, Deployment
from multisat_sentinel_hub.service import Service

T = TypeVar("T")
_FIRST_LOOK, _SLOWER, _RAREST = 0.25, 1.5, 30.0
"""Seconds until a job is looked at again, and by how much more each time."""


class ServiceJob(RemoteJob):
    """A job of one of the service's interfaces.

    Args:
        place: The deployment.
        job_id: The service's own id, behind the ``prefix`` that tells the interface.
    """

    provider = NAME
    prefix: ClassVar[str] = ""
    path: ClassVar[str]

    def __init__(self, place: Deployment, job_id: str) -> None:
        self.place, self.id = place, job_id

    @property
    def number(self) -> str:
        """The service's own id."""
        return self.id.removeprefix(self.prefix)

    @abstractmethod
    def look(self) -> JobStatus:
        """Ask how far it is, and do what it waits for."""

    def wait(
        self, *, progress: Callable[[JobStatus], None] | None = None, deadline: Deadline | None = None
    ) -> JobStatus:
        """Wait until it has ended; see ``RemoteJob.wait``."""
        for found in looks(self.look, deadline or Deadline()):
            if progress is not None:
                progress(found)
            if found.state.ended:
                return self.ended(found)
        raise ProviderTimeout(f"the job {self.id} goes on", provider=NAME, hint="find it again by its id")

    def ended(self, found: JobStatus) -> JobStatus:
        """Return what a job that has ended says.

        Raises:
            ProviderRefused: It failed.
        """
        if found.state is JobState.FAILED:
            raise ProviderRefused(
                found.message or "the service does not say why",
                provider=NAME,
                item=self.id,
                hint="see its logs",
            )
        return found

    def finished(self) -> JobStatus:
        """Return what a job says that has something to download.

        Raises:
            ProviderRefused: It has nothing.
        """
        found = self.ended(self.status())
        if found.state is not JobState.FINISHED:
            raise ProviderRefused(f"the job is {found.state.value}", provider=NAME, hint="wait for it")
        return found

    def told(self) -> dict[str, Any]:
        """Return what the service says of it."""
        return ask(self.place, "GET", f"{self.path}/{self.number}")


def looks(look: Callable[[], T], limit: Deadline) -> Iterator[T]:
    """Give what a job says again and again, ever more rarely, until a time limit."""
    pause = _FIRST_LOOK
    yield look()
    while limit.sleep(pause):
        yield look()
        pause = min(_RAREST, pause * _SLOWER)


def ask(place: Deployment, method: str, path: str, body: object = None) -> dict[str, Any]:
    """Return the answer to one request; errors as for ``Service.told``."""
    service = Service(place)
    try:
        return service.told(method, path, body)
    finally:
        service.close()


def created(place: Deployment, path: str, body: Mapping[str, Any], what: str) -> str:
    """Create a job, and return the service's own id of it.

    Args:
        place: The deployment.
        path: Of the interface.
        body: What is asked.
        what: Name of the interface, for messages.

    Raises:
        UnsupportedOperation: The deployment or the account lacks the interface.
        ProviderError: The service did not take it.
    """
    try:
        return str(ask(place, "POST", path, body)["id"])
    except ProviderRefused as error:
        reason = _lacking(str(error))
        if not reason:
            raise
        raise UnsupportedOperation(f"{reason} {what}", provider=NAME, hint="run it at once") from error


def spent(status: JobStatus) -> str:
    """Return what a job cost, in words."""
    return ", ".join(f"{number:g} {unit}" for unit, number in status.spent) or "not told"


def units_of(told: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    """Return what an answer says was spent; one interface spells it another way."""
    cost = told.get("costPU", told.get("costPu"))
    return ((UNIT, float(cost)),) if isinstance(cost, int | float) else ()


def _lacking(said: str) -> str:
    if "answered 403" in said:
        return "this account may not use"
    return "this deployment has no" if "answered 404" in said else ""
