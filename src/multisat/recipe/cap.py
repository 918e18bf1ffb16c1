"""A limit on what a run may cost, held before it starts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from multisat.contracts import Cost
from multisat.errors import UsageError

_TEXT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z][A-Za-z ]*)\s*")
_BYTES = {"b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_SECONDS = {"s": 1, "min": 60, "h": 3600}


@dataclass(frozen=True, kw_only=True)
class Cap:
    """The most a run may cost.

    Attributes:
        limit: In units of ``of``.
        of: ``"bytes"``, ``"requests"``, ``"seconds"``, or a service's unit such as ``"credits"``.
        text: As the user wrote it.
    """

    limit: float
    of: str
    text: str

    @classmethod
    def of_text(cls, text: str) -> Cap:
        """Make a cap from ``"2GB"``, ``"500requests"``, ``"10min"`` or ``"50credits"``.

        Args:
            text: A number with a unit: bytes, seconds, requests, or a service's own.

        Raises:
            UsageError: It is no number with a unit.
        """
        found = _TEXT.fullmatch(text)
        if not found:
            raise UsageError(f"cannot read the cap {text!r}", hint='write it like "2GB" or "50credits"')
        number, unit = float(found[1]), found[2].strip().lower()
        for units, name in ((_BYTES, "bytes"), (_SECONDS, "seconds")):
            if unit in units:
                return cls(limit=number * units[unit], of=name, text=text)
        return cls(limit=number, of=unit if unit.endswith("s") else f"{unit}s", text=text)

    def check(self, cost: Cost) -> None:
        """Pass if a cost is within the cap.

        Args:
            cost: What it would cost, estimated.

        Raises:
            UsageError: It is not, or it is not counted in this unit.
        """
        known = {"bytes": cost.bytes, "requests": cost.requests, "seconds": cost.seconds, **dict(cost.units)}
        if self.of not in known:
            raise UsageError(f"nothing here costs {self.of}", hint=f"cap one of {', '.join(known)}")
        if known[self.of] > self.limit:
            raise UsageError(
                f"the run would cost {cost}, more than the cap of {self.text}",
                hint="take a smaller area, fewer dates or bands, or a higher cap",
            )


def cap_of(cap: str | Cap) -> Cap:
    """Return a cap, made of text if need be; see ``Cap.of_text``."""
    return cap if isinstance(cap, Cap) else Cap.of_text(cap)
