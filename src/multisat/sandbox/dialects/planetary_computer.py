"""Planetary Computer (stac-fastapi with pgstac): a collection is required, nothing is counted."""

from __future__ import annotations

from multisat.sandbox.dialects.base import Asked, Catalogue, error, from_query, page_of
from multisat.sandbox.http import Request, Response
from multisat.sandbox.matching import Item, ordered, select

_API = "https://api.stacspec.org/v1.0.0"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf"
DEFAULT_PAGE = 250
LARGEST_PAGE = 1000


class PlanetaryComputer(Catalogue):
    """The stand-in of Planetary Computer."""

    provider = "planetary-computer"
    conforms_to = (
        f"{_API}/core", f"{_API}/item-search", f"{_API}/item-search#filter", f"{_API}/item-search#query",
        f"{_API}/item-search#sort", f"{_API}/item-search#fields", f"{_CQL2}/cql2-json", f"{_CQL2}/cql2-text",
    )  # fmt: skip

    def asked(self, request: Request) -> Asked:
        """Return what a request asks for."""
        body = request.body if isinstance(request.body, dict) else from_query(request.query)
        return Asked(body=body, limit=body.get("limit"), page=2 if body.get("token") else 1)

    def search(self, request: Request, asked: Asked) -> Response:  # noqa: ARG002 - shared signature
        """Answer a search."""
        body = asked.body
        if not body.get("collections") and not body.get("ids"):
            return error(422, "RequestValidationError", "collection is required")
        size = DEFAULT_PAGE if asked.limit is None else asked.limit
        if not 1 <= size <= LARGEST_PAGE:
            return error(400, "RequestValidationError", f"limit must be between 1 and {LARGEST_PAGE}")
        found = ordered(select(self.items, body), body.get("sortby"))
        start = self._after(found, body.get("token"))
        page = page_of(found, start, size)
        if start + size < len(found):
            last = found[start + size - 1]
            token = f"next:{last['collection']}:{last['id']}"
            page["links"] = [
                {
                    "rel": "next",
                    "method": "POST",
                    "href": f"{self.url}/search",
                    "body": {**body, "token": token},
                }
            ]
        return Response.json(page)

    @staticmethod
    def _after(found: list[Item], token: str | None) -> int:
        names = [f"next:{item['collection']}:{item['id']}" for item in found] if token else []
        return names.index(token) + 1 if token in names else 0
