"""What a back-end says of itself: collections, bands, processes, formats. Asked once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from multisat.errors import UnsupportedOperation, UsageError
from multisat_openeo.place import Place
from multisat_openeo.refusing import NAME
from multisat_openeo.service import Service
from multisat_openeo.sources import Source


@dataclass(frozen=True, kw_only=True)
class Described:
    """A collection as a back-end describes it.

    Attributes:
        id: The back-end's name.
        title: For people.
        bands: The back-end's names.
        start: First day, or None.
        end: Last day, or None if it goes on.
        bounds: West, south, east, north in degrees, or None.
        dates: Days of which there is something, in order; empty if it lists none.
    """

    id: str
    title: str
    bands: tuple[str, ...]
    start: str | None
    end: str | None
    bounds: tuple[float, ...] | None
    dates: tuple[str, ...] = ()


class Backend:
    """What a back-end says of itself; nothing is asked before it must be, and everything once.

    Args:
        service: The back-end.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._described: dict[str, Described] = {}

    @cached_property
    def collections(self) -> tuple[str, ...]:
        """Ids of its collections."""
        return self._ids("collections")

    @cached_property
    def processes(self) -> frozenset[str]:
        """Ids of the processes it lists."""
        return frozenset(self._ids("processes"))

    @cached_property
    def formats(self) -> tuple[str, ...]:
        """File formats it writes, in its own spelling."""
        return tuple(self._service.json("GET", "/file_formats", login=False).get("output") or ())

    @property
    def writes_netcdf(self) -> bool:
        """Whether a result can be one netCDF."""
        return self.format.lower() == "netcdf"

    @property
    def takes_jobs(self) -> bool:
        """Whether it lists batch jobs among its endpoints."""
        return bool(self._service.connection.capabilities().supports_endpoint("/jobs", method="POST"))

    @property
    def format(self) -> str:
        """The format to ask for: netCDF, or else GeoTIFF.

        Raises:
            UnsupportedOperation: It writes neither.
        """
        known = {name.lower(): name for name in self.formats}
        for name in ("netcdf", "gtiff", "geotiff"):
            if name in known:
                return known[name]
        raise UnsupportedOperation(
            "writes neither netCDF nor GeoTIFF", provider=NAME, hint="use another back-end"
        )

    def describe(self, collection: str) -> Described:
        """Return what it says of a collection.

        Raises:
            UsageError: It has none of that name.
        """
        if collection not in self._described:
            told = self._service.json("GET", f"/collections/{quote(collection, safe='')}", login=False)
            self._described[collection] = _described(told)
        return self._described[collection]

    def place(self, source: Source, *, limits: bool) -> Place:
        """Return what it calls the things of a collection.

        Raises:
            UsageError: It has no such collection.
        """
        own = next((name for name in source.ids if name in self.collections), None)
        if own is None:
            raise UsageError(
                f"{self._service.url} has no {source.collection}",
                provider=NAME,
                hint="name another back-end: MULTISAT_OPENEO_URL",
            )
        return Place(
            source=source,
            collection=own,
            has=self.describe(own).bands,
            processes=self.processes,
            limits=limits,
        )

    def _ids(self, kind: str) -> tuple[str, ...]:
        listed = self._service.json("GET", f"/{kind}", login=False).get(kind) or ()
        return tuple(str(one["id"]) for one in listed if isinstance(one, dict) and one.get("id"))


def _described(told: Mapping[str, Any]) -> Described:
    extent = told.get("extent") or {}
    times = ((extent.get("temporal") or {}).get("interval") or [[None, None]])[0]
    boxes = (extent.get("spatial") or {}).get("bbox") or [None]
    return Described(
        id=str(told.get("id")),
        title=str(told.get("title") or ""),
        bands=_bands(told),
        start=None if times[0] is None else str(times[0])[:10],
        end=None if times[1] is None else str(times[1])[:10],
        bounds=None if boxes[0] is None else tuple(boxes[0]),
        dates=tuple(sorted({one[:10] for one in _labels(told, "temporal")})),
    )


def _bands(told: Mapping[str, Any]) -> tuple[str, ...]:
    """Return band names, which the openEO API has in the dimension of bands."""
    if labels := _labels(told, "bands"):
        return labels
    listed = (told.get("summaries") or {}).get("eo:bands") or ()
    return tuple(str(one["name"]) for one in listed if one.get("name"))


def _labels(told: Mapping[str, Any], kind: str) -> tuple[str, ...]:
    """Return the labels of the first dimension of a kind, empty if it lists none."""
    for dimension in (told.get("cube:dimensions") or {}).values():
        if dimension.get("type") == kind:
            return tuple(str(one) for one in dimension.get("values") or ())
    return ()
