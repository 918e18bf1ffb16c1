"""One archive's answer, gathered in a thread of its own."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from multisat.contracts import Deadline, Provider, Search
from multisat.errors import MultisatError, ProviderError, ProviderTimeout, UnsupportedOperation
from multisat.model import Outcome, Request, Scene, Status


@dataclass(kw_only=True)
class Collector:
    """Asks one provider and keeps what it has answered so far.

    The thread is a daemon and shares no lock with the others: one that hangs for ever costs
    nothing but itself, and what it had given before the deadline is kept.

    Attributes:
        provider: Whom to ask.
        request: The question.
        deadline: When to stop.
        resume: Token of an earlier search.
    """

    provider: Provider
    request: Request
    deadline: Deadline
    resume: str | None = None
    _scenes: list[Scene] = field(default_factory=list, init=False)
    _next: str | None = field(default=None, init=False)
    _search: Search | None = field(default=None, init=False)
    _error: Exception | None = field(default=None, init=False)
    _started: float = field(default_factory=time.monotonic, init=False)
    _seconds: float | None = field(default=None, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)

    def start(self) -> None:
        """Begin to ask."""
        self._thread = threading.Thread(target=self._run, name=f"multisat-{self.provider.name}", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Wait for the end or the deadline, whichever comes first."""
        left = self.deadline.remaining()
        if self._thread is not None:
            self._thread.join(None if left == float("inf") else left)

    def _run(self) -> None:
        try:
            self._search = self.provider.search(self.request, resume=self.resume, deadline=self.deadline)
            self._next = self._search.resume
            for page in self._search.pages():
                # In this order: if we are read in between, a page is asked for twice, never lost.
                self._scenes.extend(page.scenes)
                self._next = page.resume
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything; it becomes an outcome
            self._error = error
        finally:
            self._seconds = time.monotonic() - self._started

    def result(self) -> tuple[list[Scene], Outcome]:
        """Return what was gathered by now, and how it ended."""
        token, error = self._next, self._failure()  # before the scenes: see _run
        scenes, search = list(self._scenes), self._search
        complete = error is None and search is not None and search.complete
        return scenes, Outcome(
            provider=self.provider.name,
            status=_status(scenes, error, complete=complete),
            scenes=len(scenes),
            matched=search.matched() if search else None,
            seconds=self._seconds if self._seconds is not None else time.monotonic() - self._started,
            requests=search.requests if search else 0,
            complete=complete,
            resume=None if complete else token,
            error=error,
            notes=search.notes if search else (),
        )

    def _failure(self) -> MultisatError | None:
        if self._seconds is None:
            return ProviderTimeout(
                "no whole answer within the deadline",
                provider=self.provider.name,
                hint="allow a longer deadline, or go on where it stopped (resume)",
            )
        if self._error is None or isinstance(self._error, MultisatError):
            return self._error
        wrapped = ProviderError(
            f"the plugin failed: {type(self._error).__name__}: {self._error}",
            provider=self.provider.name,
            hint="report it to the author of the plugin",
        )
        wrapped.__cause__ = self._error
        return wrapped


def _status(scenes: list[Scene], error: MultisatError | None, *, complete: bool) -> Status:
    if isinstance(error, UnsupportedOperation):
        return Status.SKIPPED
    if isinstance(error, ProviderTimeout):
        return Status.TIMED_OUT
    if error is not None:
        return Status.PARTIAL if scenes else Status.FAILED
    if not complete:
        return Status.PARTIAL
    return Status.OK if scenes else Status.EMPTY
