"""Jobs in stages, as of both batch interfaces: created, analysed, processed, done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Self

from multisat.contracts import Deadline, JobState, JobStatus
from multisat.errors import ProviderRefused
from multisat_sentinel_hub.cost import UNIT
from multisat_sentinel_hub.deployments import Deployment
from multisat_sentinel_hub.jobs import ServiceJob, ask, looks, units_of

_STATES: Mapping[str, JobState] = {
    "CREATED": JobState.CREATED,
    "ANALYSING": JobState.QUEUED,
    "ANALYSIS_DONE": JobState.QUEUED,
    "PROCESSING": JobState.RUNNING,
    "DONE": JobState.FINISHED,
    "FAILED": JobState.FAILED,
    "STOPPED": JobState.CANCELLED,
}
_ANALYSED = "ANALYSIS_DONE"
_BEFORE, _WAITING = ("CREATED", "ANALYSING"), ("CREATED", _ANALYSED)
_PATIENCE = 60.0
"""Seconds that an analysis is waited for; a job whose takes longer is started by who waits for it."""
_LOGGED = (
    *("created", "userAction", "userActionUpdated", "lastUpdated", "status", "completionPercentage"),
    *("costPU", "costPu", "stoppedStatusReason", "error"),
)


class StagedJob(ServiceJob):
    """A job that is analysed before it is started.

    Attributes:
        expected: Processing units that it is estimated to cost, or None; see ``JobStatus.message``.
    """

    expected: float | None = None

    def status(self) -> JobStatus:
        """Ask how far it is."""
        return self._said(self.told())

    def look(self) -> JobStatus:
        """Ask how far it is, and start it if it is analysed and waits."""
        told = self.told()
        if told.get("status") == _ANALYSED:
            self.start()
        return self._said(told)

    def cancel(self) -> None:
        """Call it off; a job that has ended stays as it is."""
        if not self.status().state.ended:
            self._act("stop")

    def logs(self) -> Sequence[str]:
        """Return what the service says of it."""
        told = self.told()
        return [f"{name}: {told[name]}" for name in _LOGGED if told.get(name) not in (None, "")]

    def analyse(self) -> JobStatus:
        """Have the service look at what is asked, and wait for that; nothing is paid yet.

        Raises:
            ProviderRefused: It cannot be done; the message is the cause.
        """
        self._act("analyse")
        told: Mapping[str, Any] = {}
        for told in looks(self.told, Deadline(_PATIENCE)):
            if told.get("status") not in _BEFORE:
                break
        return self.ended(self._said(told))

    def start(self) -> None:
        """Start it, unless somebody else has."""
        try:
            self._act("start")
        except ProviderRefused:
            if self.told().get("status") in _WAITING:
                raise

    @classmethod
    def listed(cls, place: Deployment) -> list[tuple[datetime, Self]]:
        """Return the jobs of the account, each with when it was made."""
        found = ask(place, "GET", f"{cls.path}?sort=created:desc").get("data", [])
        return [(_when(one), cls(place, f"{cls.prefix}{one['id']}")) for one in found]

    def _act(self, verb: str) -> None:
        ask(self.place, "POST", f"{self.path}/{self.number}/{verb}")

    def _said(self, told: Mapping[str, Any]) -> JobStatus:
        state, message = _STATES.get(str(told.get("status")), JobState.RUNNING), str(told.get("error") or "")
        if told.get("stoppedStatusReason") == "OUT_OF_PU":
            state, message = JobState.FAILED, "the processing units of this account are used up"
        percent = told.get("completionPercentage")
        return JobStatus(
            state=state,
            title=str((told.get("request") or {}).get("description") or ""),
            created=_when(told),
            progress=None if percent is None else float(percent) / 100,
            spent=units_of(told),
            message=message or self._doing(told, state),
        )

    def _doing(self, told: Mapping[str, Any], state: JobState) -> str:
        if not state.ended and self.expected is not None:
            return f"estimated at {self.expected:g} {UNIT}"
        return "analysed; waiting for it starts it" if told.get("status") == _ANALYSED else ""


def _when(told: Mapping[str, Any]) -> datetime:
    try:
        found = datetime.fromisoformat(str(told.get("created")))
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
