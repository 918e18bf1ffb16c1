"""Scenes where a back-end has no catalogue: one a day, for the days that are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from shapely.geometry import box, mapping

from multisat.contracts import Page, Search
from multisat.errors import UnsupportedOperation, UsageError
from multisat.model import Request, Scene
from multisat.stac.matching import Matcher
from multisat_openeo.describing import Backend
from multisat_openeo.refusing import NAME
from multisat_openeo.sources import CATALOGUE_KEYS, SENTINEL_2

_NORTH, _SOUTH = 32600, 32700
_ZONE = 6


class DateSearch(Search):
    """The days of a collection as scenes of unknown cloud cover; each is what the service makes of that day.

    Days are those that the collection lists in its dimension of time, or the setting ``dates``.

    Args:
        backend: The back-end.
        request: The question.
        dates: Days such as ``"2023-05-04"`` in order; empty takes those of the collection.
        build: Makes a scene of an item.
    """

    def __init__(
        self,
        backend: Backend,
        request: Request,
        *,
        dates: tuple[str, ...],
        build: Callable[[Mapping[str, Any]], Scene],
    ) -> None:
        self._backend, self._request, self._dates, self._build = backend, request, dates, build
        self._done = False

    def pages(self) -> Iterator[Page]:
        """Give one page.

        Raises:
            UnsupportedOperation: No day is known.
        """
        place = self._backend.place(SENTINEL_2, limits=False)
        days = self._dates or self._backend.describe(place.collection).dates
        if not days:
            raise UnsupportedOperation(
                f"no catalogue is known of this back-end, and {place.collection} lists no days",
                provider=NAME,
                hint="name a catalogue or the days: MULTISAT_OPENEO_CATALOGUE, MULTISAT_OPENEO_DATES",
            )
        found = [self._build(_item(day, self._request)) for day in days]
        self._done = True
        yield Page(scenes=tuple(Matcher(self._request).select(found)), received=len(found))

    @property
    def complete(self) -> bool:
        """True once the page was given."""
        return self._done

    @property
    def resume(self) -> str | None:
        """There is nothing to go on with."""
        return None

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know."""
        return ("days of the service, without cloud cover: no catalogue is known of it",)


def days_of(text: str | None) -> tuple[str, ...]:
    """Return the days of a setting, in order.

    Raises:
        UsageError: One is no day.
    """
    named = [one.strip() for one in (text or "").split(",") if one.strip()]
    try:
        return tuple(sorted({f"{date.fromisoformat(one)}" for one in named}))
    except ValueError as error:
        what = f"the setting dates is no list of days: {error}"
        raise UsageError(what, provider=NAME, hint="write 2023-05-04,2023-05-14") from None


def _item(day: str, request: Request) -> dict[str, Any]:
    """Return a day as an item: where it was asked for, in the UTM zone of the middle of that."""
    west, south, east, north = request.aoi.lonlat.bounds
    zone = min(60, int(((west + east) / 2 + 180) // _ZONE) + 1)
    code = (_SOUTH if south + north < 0 else _NORTH) + zone
    return {
        "type": "Feature",
        "id": f"day-{day}",
        "collection": SENTINEL_2.collection,
        "geometry": mapping(box(west, south, east, north)),
        "bbox": [west, south, east, north],
        "properties": {"datetime": f"{day}T00:00:00Z", "platform": "sentinel-2", "proj:code": f"EPSG:{code}"},
        "assets": {key: {"href": f"openeo://{day}/{key}"} for key in CATALOGUE_KEYS},
        "links": [],
    }
