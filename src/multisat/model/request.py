"""What is asked of every archive."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import Any, Literal, TypeGuard, get_args

from multisat.errors import UsageError
from multisat.model.aoi import AOI
from multisat.model.filters import PropertyFilter, parse_filters
from multisat.model.timerange import TimeRange

Sort = Literal["datetime", "-datetime", "cloud_cover", "-cloud_cover"]


@dataclass(frozen=True, kw_only=True)
class Request:
    """One question, the same for every archive. Hashable; ``to_dict`` and back is exact.

    Attributes:
        aoi: Where. Scenes whose footprint touches it match.
        time: When, half open, UTC; None is any time.
        collections: Canonical or native collection names; None is every canonical one with dates.
        max_cloud: Highest cloud cover of the whole scene in percent, inclusive. Scenes whose
            cloud cover is unknown are kept.
        filters: Further conditions, all of which must hold.
        limit: Most scenes to give, or None for all.
        sort: Order of the answer; a minus is descending.

    Raises:
        UsageError: A number or the order is out of the question.
    """

    aoi: AOI
    time: TimeRange | None = None
    collections: tuple[str, ...] | None = None
    max_cloud: float | None = None
    filters: tuple[PropertyFilter, ...] = ()
    limit: int | None = None
    sort: Sort = "datetime"

    def __post_init__(self) -> None:
        if self.max_cloud is not None and not (_is_number(self.max_cloud) and 0 <= self.max_cloud <= 100):  # noqa: PLR2004 - percent
            raise UsageError(f"max_cloud is {self.max_cloud!r}", hint="it is a percentage from 0 to 100")
        if self.limit is not None and not (_is_number(self.limit) and self.limit == self.limit // 1 >= 1):
            raise UsageError(f"limit is {self.limit!r}", hint="ask for at least one scene, or leave it out")
        if self.sort not in get_args(Sort):
            raise UsageError(f"cannot sort by {self.sort!r}", hint=f"use one of {', '.join(get_args(Sort))}")

    @classmethod
    def of(
        cls,
        aoi: object,
        time: object = None,
        *,
        collections: str | list[str] | tuple[str, ...] | None = None,
        max_cloud: float | None = None,
        filters: object = None,
        limit: int | None = None,
        sort: Sort = "datetime",
    ) -> Request:
        """Make a request from what a user writes.

        Args:
            aoi: What ``AOI.of`` takes.
            time: What ``TimeRange.of`` takes, UTC, half open; None is any time.
            collections: Canonical or native names; None is every canonical one with dates.
            max_cloud: Highest cloud cover of the whole scene in percent, inclusive; unknown is kept.
            filters: Conditions such as ``{"platform": "landsat-9"}`` or ``"view:sun_elevation>=30"``.
            limit: Most scenes to give, or None for all.
            sort: ``"datetime"``, ``"cloud_cover"``, or either with a minus.

        Raises:
            UsageError: The area, the time or a condition cannot be understood.
        """
        names = (collections,) if isinstance(collections, str) else collections
        return cls(
            aoi=AOI.of(aoi),
            time=None if time is None else TimeRange.of(time),
            collections=None if names is None else tuple(names),
            max_cloud=max_cloud,
            filters=parse_filters(filters),
            limit=limit,
            sort=sort,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the request as JSON values."""
        return {
            "aoi": self.aoi.to_dict(),
            "time": None if self.time is None else str(self.time),
            "collections": None if self.collections is None else list(self.collections),
            "max_cloud": self.max_cloud,
            "filters": [f.to_dict() for f in self.filters],
            "limit": self.limit,
            "sort": self.sort,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Request:
        """Make a request from ``to_dict``.

        Args:
            data: What ``to_dict`` gave.
        """
        filters = (f | {"value": _frozen(f["value"])} for f in data.get("filters", ()))
        names = data.get("collections")
        return cls(
            aoi=AOI.from_dict(data["aoi"]),
            time=None if data.get("time") is None else TimeRange.of(data["time"]),
            collections=None if names is None else tuple(names),
            max_cloud=data.get("max_cloud"),
            filters=tuple(PropertyFilter(**f) for f in filters),
            limit=data.get("limit"),
            sort=data.get("sort", "datetime"),
        )


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, Real) and not isinstance(value, bool)


def _frozen(value: Any) -> Any:  # noqa: ANN401 - JSON
    return tuple(value) if isinstance(value, list) else value
