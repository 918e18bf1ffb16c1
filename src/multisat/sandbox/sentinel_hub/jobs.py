"""Batch jobs: created, analysed, processed feature by feature, done.

Each look at a job moves it on by one step, so that its states can be seen and no time has to pass.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from multisat.sandbox.http import Response
from multisat.sandbox.secure.answers import plain_json
from multisat.sandbox.sentinel_hub.billing import BATCH_LEAST, Account
from multisat.sandbox.sentinel_hub.features import Feature
from multisat.sandbox.sentinel_hub.refusing import NOT_FOUND, Refused

CREATED, ANALYSING, ANALYSIS_DONE = "CREATED", "ANALYSING", "ANALYSIS_DONE"
PROCESSING, DONE, FAILED, STOPPED = "PROCESSING", "DONE", "FAILED", "STOPPED"
PENDING, FATAL = "PENDING", "FATAL"
RESERVE = 1000.0
"""Units an account must have left to create, analyse or start a job."""
_ALLOWED: Mapping[str, tuple[str, ...]] = {
    "analyse": (CREATED,),
    "start": (CREATED, ANALYSIS_DONE),
    "stop": (ANALYSING, ANALYSIS_DONE, PROCESSING),
}


States = Mapping[str, tuple[str, str]]
"""Feature name to ``"PENDING"``, ``"DONE"`` or ``"FATAL"``, and a message."""


class Work(Protocol):
    """What a job does."""

    def analyse(self) -> Sequence[Feature]:
        """Return the features.

        Raises:
            Refused: The job cannot be done.
        """

    def process(self, job: str, feature: Feature) -> float:
        """Process one feature of a job and return what it costs.

        Raises:
            Refused: It fails.
        """

    def report(self, job: str, features: Sequence[Feature], states: States) -> None:
        """Write down how far a job is; called after each step."""


@dataclass(kw_only=True)
class Job:
    """One batch job.

    Attributes:
        request: The body it was made from, without secrets.
        work: What it does.
        account: Who pays.
        id: Its id.
        status: Such as ``"CREATED"``.
        action: Last action of the user.
        states: How far each feature is.
        cost: Units spent.
        more: What else an answer says, such as ``error``.
    """

    request: Mapping[str, Any]
    work: Work = field(repr=False)
    account: Account
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: str = CREATED
    action: str = "NONE"
    states: dict[str, tuple[str, str]] = field(default_factory=dict)
    cost: float = 0.0
    more: dict[str, str] = field(default_factory=dict)
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    features: Sequence[Feature] = ()
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def act(self, action: str) -> None:
        """Carry out an action of the user.

        Raises:
            Refused: The job is not in a state for it, or too few units are left.
        """
        if self.status not in _ALLOWED[action]:
            raise Refused(f"Cannot {action} a request with status {self.status}.")
        self.action = action.upper()
        if action == "stop":
            self._stop("USER_ACTION")
            return
        self.account.require(RESERVE)
        self.status = PROCESSING if self.status == ANALYSIS_DONE else ANALYSING

    def look(self) -> dict[str, Any]:
        """Return what the job says of itself, then move it on by one step."""
        with self.lock:
            shown = self.described()
            if self.status == ANALYSING:
                self._analyse()
            elif self.status == PROCESSING:
                self._process()
            return shown

    def described(self) -> dict[str, Any]:
        """Return what the job says of itself."""
        return {
            "id": self.id,
            "request": self.request,
            "domainAccountId": "synthetic",
            "status": self.status,
            "userAction": self.action,
            "created": f"{self.created:%Y-%m-%dT%H:%M:%S.%f}Z",
            "completionPercentage": self._percent(),
            "costPU": self.cost,
            **self.more,
        }

    def _percent(self) -> float:
        ended = sum(state != PENDING for state, _ in self.states.values())
        return 100.0 * ended / len(self.states) if self.states else 0.0

    def _analyse(self) -> None:
        try:
            self.features = self.work.analyse()
        except Refused as error:
            self._fail(str(error))
            return
        self.states = {one.name: (PENDING, "") for one in self.features}
        self.work.report(self.id, self.features, self.states)
        self.status = PROCESSING if self.action == "START" else ANALYSIS_DONE

    def _process(self) -> None:
        left = [one for one in self.features if self.states[one.name][0] == PENDING]
        if not left:
            self._end()
            return
        if self.account.limit - self.account.spent < RESERVE:
            self._stop("OUT_OF_PU")
            return
        self._one(left[0])
        self.work.report(self.id, self.features, self.states)

    def _one(self, feature: Feature) -> None:
        try:
            price = self.work.process(self.id, feature)
        except Refused as error:
            self.states[feature.name] = (FATAL, str(error))
            return
        self.states[feature.name] = (DONE, "")
        self.cost += price
        self.account.spend(price)

    def _end(self) -> None:
        lacking = max(0.0, BATCH_LEAST - self.cost)
        self.cost += lacking
        self.account.spend(lacking)
        bad = [name for name, (state, _) in self.states.items() if state == FATAL]
        if bad and len(bad) == len(self.states):
            self._fail(self.states[bad[0]][1])
        else:
            self.status = DONE

    def _fail(self, message: str) -> None:
        self.status, self.more["error"] = FAILED, message

    def _stop(self, reason: str) -> None:
        self.status, self.more["stoppedStatusReason"] = STOPPED, reason


class Jobs:
    """The jobs of one kind."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}

    def add(self, job: Job) -> Response:
        """Keep a new job and return the answer to its creation.

        Raises:
            Refused: Too few units are left.
        """
        job.account.require(RESERVE)
        self._jobs[job.id] = job
        return plain_json(job.described(), 201)

    def answer(self, parts: Sequence[str], method: str) -> Response:
        """Answer a request for one job, or for all.

        Args:
            parts: What follows the jobs' address: nothing, an id, or an id and a verb.
            method: ``GET`` or ``POST``.

        Raises:
            Refused: There is no such job, or it is not in a state for what is asked.
        """
        if not parts:
            return plain_json({"data": [job.described() for job in self._jobs.values()], "links": {}})
        job = self._jobs.get(parts[0])
        verb = parts[1] if len(parts) > 1 else ""
        if job is None or (verb and verb not in {*_ALLOWED, "status"}):
            raise Refused("Not found.", NOT_FOUND, 404)
        if verb in _ALLOWED and method == "POST":
            job.act(verb)
            return Response(status=204)
        if method != "GET":
            raise Refused("Method not allowed.", "COMMON_METHOD_NOT_ALLOWED", 405)
        return plain_json(job.look())


def without_secrets(body: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a body without the secret keys of buckets."""
    if isinstance(body, dict):
        return {name: without_secrets(value) for name, value in body.items() if name != "secretAccessKey"}
    return [without_secrets(value) for value in body] if isinstance(body, list) else body
