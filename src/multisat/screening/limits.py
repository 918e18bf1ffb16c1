"""Which rows pass, and which are best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from multisat.errors import UsageError
from multisat.screening.screened import SHARES, Screened

_LIMITED = (*SHARES, "scene_cloud")


def check_limits(limits: Mapping[str, float | None]) -> dict[str, float]:
    """Return the limits that are set.

    Args:
        limits: ``max_`` or ``min_`` before the name of a share, to percent.

    Raises:
        UsageError: There is no such share, or a limit is no percentage.
    """
    for name, limit in limits.items():
        side, _, share = name.partition("_")
        if side not in ("max", "min") or share not in _LIMITED:
            raise UsageError(
                f"no limit is called {name!r}", hint=f"use max_ or min_ and one of {', '.join(_LIMITED)}"
            )
        if limit is not None and not 0 <= limit <= 100:  # noqa: PLR2004 - percent
            raise UsageError(f"{name} cannot be {limit:g}", hint="give percent, from 0 to 100")
    return {name: float(limit) for name, limit in limits.items() if limit is not None}


def passes(row: Screened, limits: Mapping[str, float]) -> bool:
    """Whether a row keeps all limits, which are inclusive; what is unknown keeps any limit."""
    return all(_keeps(row, name, limit) for name, limit in limits.items())


def _keeps(row: Screened, name: str, limit: float) -> bool:
    side, _, share = name.partition("_")
    value = row.scene_cloud if share == "scene_cloud" else row.shares[share]
    if value is None:
        return True
    return value <= limit if side == "max" else value >= limit


def best(rows: Sequence[Screened], count: int) -> list[Screened]:
    """Return the best rows of each area, best first: most clear, then most covered, then earliest.

    Args:
        rows: By area.
        count: How many of each area.
    """
    return [
        row
        for _, of_area in groupby(rows, key=lambda row: row.aoi)
        for row in sorted(of_area, key=_worth)[:count]
    ]


def _worth(row: Screened) -> tuple[float, float, object, tuple[str, ...]]:
    return -(row.shares["clear"] or 0.0), -(row.shares["covered"] or 0.0), row.time, row.items
