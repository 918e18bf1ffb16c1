"""Earth Search v1 (stac-server): query and sort, counts, POST pages with a token; no CQL2."""

from __future__ import annotations

from multisat.sandbox.dialects.base import Asked, Catalogue, from_query, page_of
from multisat.sandbox.http import Request, Response
from multisat.sandbox.matching import Item, ordered, select

_API = "https://api.stacspec.org/v1.0.0"
DEFAULT_PAGE = 10
LARGEST_PAGE = 500
"""Above this the service fails with 502."""


class EarthSearch(Catalogue):
    """The stand-in of Earth Search."""

    provider = "earth-search"
    conforms_to = (
        f"{_API}/core", f"{_API}/collections", f"{_API}/ogcapi-features", f"{_API}/item-search",
        f"{_API}/item-search#fields", f"{_API}/item-search#sort", f"{_API}/item-search#query",
    )  # fmt: skip

    def asked(self, request: Request) -> Asked:
        """Return what a request asks for."""
        body = request.body if isinstance(request.body, dict) else from_query(request.query)
        return Asked(body=body, limit=body.get("limit"), page=2 if body.get("next") else 1)

    def search(self, request: Request, asked: Asked) -> Response:  # noqa: ARG002 - shared signature
        """Answer a search; a ``filter`` is passed over, as by a server that does not know it."""
        body = {k: v for k, v in asked.body.items() if k != "filter"}
        size = asked.limit or DEFAULT_PAGE
        if size > LARGEST_PAGE:
            return Response(status=502, body=b"Bad Gateway", headers={"Content-Type": "text/plain"})
        found = ordered(select(self.items, body), body.get("sortby"))
        start = self._after(found, body.get("next"))
        page = page_of(found, start, size)
        page |= {"numberMatched": len(found), "numberReturned": len(page["features"])}
        page["context"] = {"matched": len(found), "returned": len(page["features"]), "limit": size}
        if start + size < len(found):
            token = self._token(found[start + size - 1])
            page["links"] = [
                {"rel": "next", "title": "Next page of Items", "method": "POST", "merge": False,
                 "href": f"{self.url}/search", "body": {**asked.body, "next": token}}
            ]  # fmt: skip
        return Response.json(page)

    @staticmethod
    def _token(item: Item) -> str:
        return f"{item['properties']['datetime']},{item['id']},{item['collection']}"

    def _after(self, found: list[Item], token: str | None) -> int:
        tokens = [self._token(item) for item in found] if token else []
        return tokens.index(token) + 1 if token in tokens else 0
