"""What a STAC search asks for, applied to items."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import shapely
from shapely.geometry import shape

Item = Mapping[str, Any]

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq, "neq": operator.ne, "lt": operator.lt, "lte": operator.le, "gt": operator.gt,
    "gte": operator.ge, "in": lambda have, wanted: have in wanted,
}  # fmt: skip
_CQL2 = {"=": "eq", "<>": "neq", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte", "in": "in"}


def instant(text: str) -> datetime:
    """Return an RFC 3339 time."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def in_time(item: Item, interval: str | None) -> bool:
    """Whether an item lies in an interval whose ends belong to it; ``..`` is open."""
    if not interval:
        return True
    start, _, end = interval.partition("/")
    when = instant(item["properties"]["datetime"])
    if not end:
        return when == instant(start)
    return (start in {"", ".."} or when >= instant(start)) and (end in {"", ".."} or when <= instant(end))


def touches(item: Item, area: Any) -> bool:  # noqa: ANN401 - a geometry
    """Whether the footprint, as it is written, shares a point with an area."""
    return bool(shape(item["geometry"]).intersects(area))


def area_of(body: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a geometry
    """Return the area a search names, or None. A box is taken by its four numbers, unsplit."""
    if body.get("intersects"):
        found = shape(body["intersects"])
    elif body.get("bbox"):
        west, south, east, north = (float(v) for v in body["bbox"])
        found = shapely.Polygon([(west, south), (east, south), (east, north), (west, north)])
    else:
        return None
    shapely.prepare(found)
    return found


def meets_query(item: Item, query: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether an item meets the ``query`` extension; without the property it does not."""
    return all(
        _meets(item["properties"].get(name), op, wanted)
        for name, ops in query.items()
        for op, wanted in ops.items()
    )


def _meets(have: Any, op: str, wanted: Any) -> bool:  # noqa: ANN401 - JSON
    try:
        return have is not None and _COMPARE[op](have, wanted)
    except TypeError:
        return False


def meets_cql2(item: Item, expression: Mapping[str, Any]) -> bool:
    """Whether an item meets a CQL2-JSON expression."""
    op, args = expression["op"].lower(), expression["args"]
    if op in {"and", "or"}:
        return (all if op == "and" else any)(meets_cql2(item, part) for part in args)
    if op == "not":
        return not meets_cql2(item, args[0])
    have = item["properties"].get(args[0]["property"])
    if op == "isnull":
        return have is None
    if op == "between":
        return _meets(have, "gte", args[1]) and _meets(have, "lte", args[2])
    return _meets(have, _CQL2[op], args[1])


def select(items: Iterable[Item], body: Mapping[str, Any]) -> list[Item]:
    """Return the items a search body asks for: ids, collections, area, time, query and filter."""
    area, ids, names = area_of(body), body.get("ids"), body.get("collections")
    found = [
        item
        for item in items
        if (not names or item["collection"] in names)
        and (not ids or item["id"] in ids)
        and in_time(item, body.get("datetime"))
    ]
    found = [item for item in found if area is None or touches(item, area)]
    if body.get("query"):
        found = [item for item in found if meets_query(item, body["query"])]
    if body.get("filter"):
        found = [item for item in found if meets_cql2(item, body["filter"])]
    return found


def ordered(items: list[Item], sortby: Iterable[Mapping[str, str]] | None) -> list[Item]:
    """Return items in the order asked for; newest first if none is."""
    found = sorted(items, key=lambda i: i["id"])
    keys = list(sortby or [{"field": "properties.datetime", "direction": "desc"}])
    for key in reversed(keys):
        name = key["field"].removeprefix("properties.")
        found.sort(key=lambda i: _sortable(i, name), reverse=key.get("direction") == "desc")
    return found


def _sortable(item: Item, name: str) -> tuple[bool, Any]:
    value = item["id"] if name == "id" else item["properties"].get(name)
    return value is None, value
