"""From a request to the searches one service is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from multisat.model import AOI, PropertyFilter, Request
from multisat.model.scene import FILTERABLE
from multisat.stac.dialect import Dialect
from multisat.vocab.collections import COLLECTIONS
from multisat.vocab.holdings import Holding

Ask = dict[str, Any]

_CQL2 = {"eq": "=", "neq": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">=", "in": "in"}


def asks(request: Request, holdings: list[Holding], dialect: Dialect) -> list[Ask]:
    """Return the keyword arguments of the pystac-client searches that answer a request.

    One search for dated collections and one for static ones, times the parts of the area where
    the service takes one part at a time.

    Args:
        request: The question.
        holdings: The native collections to ask for.
        dialect: The service's habits.
    """
    dated = [h.native_id for h in holdings if not _static(h)]
    static = [h.native_id for h in holdings if _static(h)]
    areas = list(_areas(request.aoi, dialect))
    return [
        {"collections": ids, **area, **_time(request, is_dated), **_conditions(request, dialect, is_dated)}
        for ids, is_dated in ((dated, True), (static, False))
        for area in areas
        if ids
    ]


def _static(holding: Holding) -> bool:
    known = COLLECTIONS.get(holding.collection)
    return known is not None and known.static


def _areas(aoi: AOI, dialect: Dialect) -> Iterator[Ask]:
    """Give the area as services can take it: split at ±180, not too long, never smaller."""
    if not dialect.one_part:
        yield {"intersects": aoi.simplified(dialect.most_vertices).geojson}
        return
    if len(aoi.parts) > 1:
        yield from ({"bbox": list(box)} for box in aoi.bboxes)
        return
    simple = aoi.simplified(dialect.most_vertices)
    holes = any(getattr(part, "interiors", ()) for part in simple.parts)
    yield from ({"bbox": list(box)} for box in aoi.bboxes) if holes else [{"intersects": simple.geojson}]


def _time(request: Request, is_dated: bool) -> Ask:
    """Give the time range; services include its end, so the last instant is cut off here later."""
    return {"datetime": request.time.stac()} if request.time is not None and is_dated else {}


def _conditions(request: Request, dialect: Dialect, is_dated: bool) -> Ask:
    """Give what the service can filter without losing scenes it should keep.

    A cloud limit is only sent where "or unknown" can be said: other services drop scenes whose
    cloud cover is unknown.
    """
    found: Ask = {}
    own = [f for f in request.filters if f.name not in FILTERABLE]
    if dialect.filters == "query" and own:
        found["query"] = _query(own)
    if dialect.filters == "cql2-json":
        args = [_cql2(f) for f in own]
        if request.max_cloud is not None and is_dated:
            args.append(_cloud(request.max_cloud))
        if args:
            found |= {"filter": {"op": "and", "args": args}, "filter_lang": "cql2-json"}
    if request.limit is not None and request.sort.lstrip("-") in dialect.sorts:
        found["sortby"] = [{"field": "properties.datetime", "direction": _direction(request)}]
    return found


def _direction(request: Request) -> str:
    return "desc" if request.sort.startswith("-") else "asc"


def _query(filters: list[PropertyFilter]) -> Mapping[str, Mapping[str, Any]]:
    query: dict[str, dict[str, Any]] = {}
    for f in filters:
        query.setdefault(f.name, {})[f.op] = list(f.value) if isinstance(f.value, tuple) else f.value
    return query


def _cql2(condition: PropertyFilter) -> Ask:
    value = list(condition.value) if isinstance(condition.value, tuple) else condition.value
    return {"op": _CQL2[condition.op], "args": [{"property": condition.name}, value]}


def _cloud(limit: float) -> Ask:
    cover = {"property": "eo:cloud_cover"}
    return {"op": "or", "args": [{"op": "<=", "args": [cover, limit]}, {"op": "isNull", "args": [cover]}]}


def sorts_here(request: Request, dialect: Dialect) -> bool:
    """Whether a limit can only be applied after everything was read."""
    return request.limit is not None and request.sort.lstrip("-") not in dialect.sorts
