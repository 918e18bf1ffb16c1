"""Filling and smoothing along time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from multisat.errors import UsageError

Method = Literal["linear", "whittaker"]
_SMOOTHEST = 1e8


@dataclass(frozen=True, kw_only=True)
class Smooth:
    """Values between looks. Nothing is made before a pixel's first value or after its last.

    Attributes:
        method: ``"linear"`` fills gaps along a straight line in time; ``"whittaker"`` smooths equally
            spaced values, too (Eilers 2003, doi:10.1021/ac034173t).
        limit: Days of the longest gap that is filled, for ``"linear"``; None fills all.
        smoothness: Weight of the differences, for ``"whittaker"``.

    Raises:
        UsageError: The method is unknown, or a number is out of the question or belongs to the other one.
    """

    method: Method
    limit: float | None = None
    smoothness: float | None = None

    def __post_init__(self) -> None:
        if self.method not in get_args(Method):
            raise UsageError(f"cannot smooth by {self.method!r}", hint=f"use {' or '.join(get_args(Method))}")
        if (self.smoothness is not None) != (self.method == "whittaker"):
            raise UsageError("smoothness= belongs to whittaker", hint='smooth("whittaker", smoothness=10)')
        if self.limit is not None and self.method != "linear":
            raise UsageError("limit= belongs to linear", hint='interpolate("linear", limit=32)')
        for name in ("limit", "smoothness"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise UsageError(f"{name} is {value!r}", hint="give a positive number")
        if self.smoothness is not None and self.smoothness > _SMOOTHEST:
            raise UsageError(
                f"smoothness is {self.smoothness!r}",
                hint=f"give a positive number up to {_SMOOTHEST:g}",
            )

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        return {name: value for name, value in vars(self).items() if value is not None}

    def __str__(self) -> str:
        if self.method == "linear":
            until = "" if self.limit is None else f" up to {self.limit:g} days"
            return f"gaps{until} filled along a straight line in time"
        return f"smoothed by Whittaker, smoothness {self.smoothness:g}"
