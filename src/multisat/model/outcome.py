"""What one archive answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from multisat.errors import MultisatError


class Status(StrEnum):
    """How an archive's answer ended.

    ``ok``: scenes, all of them. ``empty``: there are none. ``partial``: some, and the list is cut or an error
    ended it. ``failed``: an error, and no scene. ``timed out``: the deadline passed. ``skipped``: the archive
    cannot do what was asked.
    """

    OK = "ok"
    EMPTY = "empty"
    PARTIAL = "partial"
    FAILED = "failed"
    TIMED_OUT = "timed out"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What one archive answered, how long it took, and whether its list is whole.

    Attributes:
        provider: Provider name.
        status: How it ended.
        scenes: Number of scenes that match the request.
        matched: Number the archive said it has, before our own filters; None if it does not count.
        seconds: Wall time from the first request to the end.
        requests: HTTP requests sent, retries included.
        complete: True only if every page was read and nothing was cut.
        resume: Token that continues an incomplete list; it holds no credential.
        error: Why it is not complete, or None.
        notes: Things a reader should know, in sentences.
    """

    provider: str
    status: Status
    scenes: int = 0
    matched: int | None = None
    seconds: float = 0.0
    requests: int = 0
    complete: bool = False
    resume: str | None = None
    error: MultisatError | None = None
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as JSON values; the error becomes its message."""
        return {
            "provider": self.provider,
            "status": self.status.value,
            "scenes": self.scenes,
            "matched": self.matched,
            "seconds": round(self.seconds, 3),
            "requests": self.requests,
            "complete": self.complete,
            "resume": self.resume,
            "error": str(self.error) if self.error else None,
            "notes": list(self.notes),
        }

    def _repr_html_(self) -> str:
        from multisat.model.showing import outcome_html

        return outcome_html(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Outcome:
        """Make an outcome from ``to_dict``; the error keeps its message only.

        Args:
            data: What ``to_dict`` gave.
        """
        error = data.get("error")
        return cls(
            **{
                **data,
                "status": Status(data["status"]),
                "error": MultisatError(error) if error else None,
                "notes": tuple(data.get("notes", ())),
            }
        )
