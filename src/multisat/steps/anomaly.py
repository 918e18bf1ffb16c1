"""How far a period is from the same one in other years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from multisat.errors import UsageError
from multisat.model import TimeRange

Kind = Literal["difference", "ratio", "standardised"]


@dataclass(frozen=True, kw_only=True)
class Anomaly:
    """Each value against the values of the same calendar period in a baseline.

    The baseline is composed in the same way; of its values for a calendar period (all Mays, say) the mean
    and the population standard deviation are taken without NaN.

    Attributes:
        baseline: Time range of the baseline, UTC, half open, with both ends.
        kind: ``"difference"`` (value - mean), ``"ratio"`` (value / mean) or ``"standardised"``
            ((value - mean) / standard deviation, NaN where that is 0).

    Raises:
        UsageError: The baseline is no range with two ends, or the kind is unknown.
    """

    baseline: TimeRange
    kind: Kind = "difference"

    def __post_init__(self) -> None:
        object.__setattr__(self, "baseline", TimeRange.of(self.baseline))
        if self.baseline.start is None or self.baseline.end is None:
            raise UsageError("a baseline has two ends", hint='anomaly("2018/2022")')
        if self.kind not in get_args(Kind):
            raise UsageError(f"no anomaly is called {self.kind!r}", hint=f"use {', '.join(get_args(Kind))}")

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        return {"baseline": str(self.baseline), "kind": self.kind}

    def __str__(self) -> str:
        start, end = self.baseline.start, self.baseline.end
        return f"{self.kind} to the same calendar period of {start:%Y-%m-%d} until {end:%Y-%m-%d}"
