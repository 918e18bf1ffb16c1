"""One row per feature and period instead of pixels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from multisat.errors import UsageError

STATISTICS = ("mean", "median", "min", "max", "std", "sum", "count", "valid")
_QUANTILE = re.compile(r"q(\d{1,2}(?:\.\d+)?|100)", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Zonal:
    """Statistics of the pixels of each feature, weighted by the exact share of a pixel inside of it.

    Attributes:
        statistics: Of ``STATISTICS``, or ``"q10"``, ``"q2.5"`` for quantiles.

    Raises:
        UsageError: No statistic is named, or one is unknown.
    """

    statistics: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.statistics:
            raise UsageError("no statistic is named", hint='zonal("mean", "median")')
        for name in self.statistics:
            if name not in STATISTICS and not _QUANTILE.fullmatch(name):
                raise UsageError(
                    f"no statistic is called {name!r}", hint=f"use {', '.join(STATISTICS)} or q10"
                )

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        return {"statistics": list(self.statistics)}

    def __str__(self) -> str:
        return f"{', '.join(self.statistics)} over each feature, pixels weighted by their share inside"
