"""NASA CMR-STAC, catalogue LPCLOUD: pages of 100 whatever is asked, the next one always a GET."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from multisat.sandbox.dialects.base import Asked, Body, Catalogue, error, from_query, page_of
from multisat.sandbox.http import Request, Response
from multisat.sandbox.matching import ordered, select

_API = "https://api.stacspec.org/v1.0.0"
DEFAULT_PAGE = 10
LARGEST_PAGE = 100
"""Every page is silently cut to this."""
REFUSED_ABOVE = 5000
LONGEST_ADDRESS = 8000
_SORTS = frozenset({"startDate", "endDate", "id", "title", "eo:cloud_cover", "datetime"})


class NasaCmr(Catalogue):
    """The stand-in of CMR-STAC."""

    provider = "nasa-cmr"
    conforms_to = (
        f"{_API}/core",
        f"{_API}/item-search",
        f"{_API}/item-search#query",
        f"{_API}/item-search#sort",
    )

    def asked(self, request: Request) -> Asked:
        """Return what a request asks for; a GET address holds the body flattened."""
        body = request.body if isinstance(request.body, dict) else unflattened(request.query)
        limit = int(body["limit"]) if "limit" in body else None
        return Asked(body=body, limit=limit, page=2 if body.get("cursor") else 1)

    def search(self, request: Request, asked: Asked) -> Response:
        """Answer a search."""
        refused = self._refused(request, asked)
        if refused is not None:
            return refused
        body = self._understood(asked.body)
        size = min(asked.limit or DEFAULT_PAGE, LARGEST_PAGE)
        found = ordered(select(self.items, body), body.get("sortby"))
        start = int(body.get("cursor") or 0)
        page = page_of(found, start, size)
        limit = asked.limit or DEFAULT_PAGE
        page["context"] = {"limit": limit, "matched": len(found), "returned": len(page["features"])}
        if start + size < len(found):
            query = urlencode(list(flattened({**asked.body, "cursor": str(start + size)})))
            page["links"] = [{"rel": "next", "method": "GET", "href": f"{self.url}/search?{query}"}]
        return Response.json(page)

    def _refused(self, request: Request, asked: Asked) -> Response | None:
        if sum(len(k) + len(v) + 2 for k, v in request.query.items()) > LONGEST_ADDRESS:
            return error(414, "URITooLong", "the address is too long")
        wrong = next(_objections(asked), None)
        return None if wrong is None else error(400, "BadRequest", wrong)

    @staticmethod
    def _understood(body: Mapping[str, Any]) -> Body:
        """Return the search as the service takes it: old ids, no holes, half of ``query``."""
        found = dict(body)
        if found.get("collections"):
            found["collections"] = [name.replace(".v", "_") for name in found["collections"]]
        area = found.get("intersects")
        if area and area["type"] == "Polygon":
            found["intersects"] = {**area, "coordinates": area["coordinates"][:1]}
        found["query"] = _cloud_only(found.get("query") or {})
        return found


def _objections(asked: Asked) -> Iterator[str]:
    """Give what the service refuses of a search."""
    body = asked.body
    if "filter" in body:
        yield "Unsupported parameter filter"
    if body.get("bbox") and body.get("intersects"):
        yield "use bbox or intersects, not both"
    if body.get("bbox") and float(body["bbox"][0]) > float(body["bbox"][2]):
        yield "bbox west is greater than east"
    if (asked.limit or 0) > REFUSED_ABOVE:
        yield f"limit must be at most {REFUSED_ABOVE}"
    names = {key["field"].removeprefix("properties.") for key in body.get("sortby") or ()}
    if names - _SORTS:
        yield f"cannot sort by {', '.join(sorted(names - _SORTS))}"


def _cloud_only(query: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Keep bounds on cloud cover; both kinds include the bound, and a bound of 0 is lost."""
    same = {"lt": "lte", "gt": "gte", "lte": "lte", "gte": "gte"}
    bounds = {
        same[op]: float(v) for op, v in query.get("eo:cloud_cover", {}).items() if op in same and float(v)
    }
    return {"eo:cloud_cover": bounds} if bounds else {}


def flattened(value: Any, name: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON
    """Give a body as address parameters: ``intersects[coordinates][0][0][0]=11.2``."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from flattened(inner, f"{name}[{key}]" if name else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from flattened(inner, f"{name}[{index}]")
    else:
        yield name, str(value)


def unflattened(query: Mapping[str, str]) -> Body:
    """Return a body from address parameters, flattened or plain."""
    plain = {k: v for k, v in query.items() if "[" not in k}
    found: Body = from_query(plain)
    tree: dict[str, Any] = {}
    for name, value in query.items():
        if "[" in name:
            _put(tree, re.findall(r"[^\[\]]+", name), value)
    return {**found, **{key: _listed(inner) for key, inner in tree.items()}}


def _put(tree: dict[str, Any], path: list[str], value: str) -> None:
    for key in path[:-1]:
        tree = tree.setdefault(key, {})
    tree[path[-1]] = value


def _listed(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Turn objects with the keys 0, 1, 2 ... into lists, and numbers in them into numbers."""
    if not isinstance(value, dict):
        return value
    if all(key.isdigit() for key in value):
        return [_number(_listed(value[key])) for key in sorted(value, key=int)]
    return {key: _listed(inner) for key, inner in value.items()}


def _number(value: Any) -> Any:  # noqa: ANN401 - JSON
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value
