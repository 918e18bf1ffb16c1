"""Many looks at a pixel, one value a period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from multisat.errors import UsageError
from multisat.model.periods import check_spec

REDUCERS = ("median", "mean", "min", "max", "first", "last", "count", "std", "quantile")
"""Each variable on its own, NaN skipped."""
SELECTIONS = ("greenest", "lowest_cloud", "clearest_scene", "medoid")
"""All variables of a pixel from one and the same look."""


@dataclass(frozen=True, kw_only=True)
class Composite:
    """One value per pixel and period, with the number of clear looks beside it.

    Attributes:
        period: ``"day"``, ``"dekad"``, ``"month"``, ``"quarter"``, ``"season"``, ``"year"``, days such as
            ``"16d"``, dates that part the range, or None for one value over all of it. Calendar periods,
            UTC, labelled by their first day.
        reducer: One of ``REDUCERS`` or ``SELECTIONS``. The median of an even count is the mean of the
            middle two, the standard deviation that of the population; both computed in float64.
            ``greenest`` takes the look of the highest NDVI, ``lowest_cloud`` that of the lowest cloud
            probability (band ``cloud_probability``), ``clearest_scene`` that of the scene with the lowest
            cloud cover, ``medoid`` the look nearest to all others (Flood 2013, doi:10.3390/rs5126481).
        q: Quantile, 0 to 1, linear between looks; only with ``quantile``.

    Raises:
        UsageError: A period or reducer is unknown, or ``q`` is missing or out of place.
    """

    period: str | tuple[str, ...] | None
    reducer: str
    q: float | None = None

    def __post_init__(self) -> None:
        check_spec(self.period)
        if self.reducer not in (*REDUCERS, *SELECTIONS):
            known = ", ".join((*REDUCERS, *SELECTIONS))
            raise UsageError(f"no reducer is called {self.reducer!r}", hint=f"use {known}")
        if (self.q is not None) != (self.reducer == "quantile"):
            raise UsageError("q= and quantile belong together", hint='composite("month", "quantile", q=0.9)')
        if self.q is not None and not 0 <= self.q <= 1:
            raise UsageError(f"the quantile is {self.q!r}", hint="give 0 to 1, such as 0.9")

    @property
    def needs(self) -> tuple[str, ...]:
        """Bands it needs beside the variables."""
        return {"greenest": ("red", "nir"), "lowest_cloud": ("cloud_probability",)}.get(self.reducer, ())

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        period = list(self.period) if isinstance(self.period, tuple) else self.period
        found: dict[str, Any] = {"period": period, "reducer": self.reducer}
        return found if self.q is None else found | {"q": self.q}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Composite:
        """Make a composite from ``to_dict``.

        Args:
            data: What ``to_dict`` gave.

        Raises:
            UsageError: A period or reducer is unknown, or ``q`` is missing or out of place.
        """
        period = data.get("period")
        return cls(**{**data, "period": tuple(period) if isinstance(period, list) else period})

    def __str__(self) -> str:
        what = f"{self.q:g} quantile" if self.q is not None else self.reducer.replace("_", " ")
        if self.period is None:
            return f"{what} of all clear looks"
        period = "given period" if isinstance(self.period, tuple) else self.period
        return f"{what} of the clear looks of each {period} (UTC), with their count"
