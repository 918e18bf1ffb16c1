"""What asking an archive once tells of a login."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """Whether a login works, by one request; never the login itself.

    Attributes:
        works: Whether files can be opened now; None if nobody was asked.
        seconds: How long the token that was given holds; None if that is not known.
        note: What was tried, or the next step.
    """

    works: bool | None
    seconds: float | None = None
    note: str = ""
