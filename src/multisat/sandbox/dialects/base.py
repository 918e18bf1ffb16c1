"""What the three catalogues share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from multisat.sandbox.archive.entry import FILES, Entry
from multisat.sandbox.http import Request, Response
from multisat.sandbox.matching import Item

Body = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a search asks for, however it came.

    Attributes:
        body: Search parameters.
        limit: Items asked for per page, or None.
        page: Page number, from 1.
    """

    body: Body
    limit: int | None
    page: int


class Catalogue:
    """One archive's catalogue.

    Args:
        url: Its address.
        entries: What it lists.
        address_of: Gives the address of ``PROVIDER/COLLECTION/ID/NAME.tif``.
    """

    provider = ""
    conforms_to: tuple[str, ...] = ()

    def __init__(self, url: str, entries: Iterable[Entry], address_of: Callable[[str], str]) -> None:
        self.url = url
        mine = (entry for entry in entries if entry.provider == self.provider)
        self.items: list[Item] = [_with_hrefs(entry.item, address_of) for entry in mine]

    def handle(self, request: Request, asked: Asked) -> Response:
        """Answer a request below the catalogue's address."""
        path = request.path.rstrip("/")
        if path.endswith("/search"):
            return self.search(request, asked)
        if path.endswith("/collections"):
            return Response.json(
                {"collections": [self._collection(n) for n in self.collections()], "links": []}
            )
        if path.endswith("/" + self.url.rsplit("/", 1)[1]):
            return Response.json(self._root())
        return Response.json({"code": "NotFound", "description": "no such resource"}, status=404)

    def asked(self, request: Request) -> Asked:
        """Return what a request asks for."""
        raise NotImplementedError

    def search(self, request: Request, asked: Asked) -> Response:
        """Answer a search."""
        raise NotImplementedError

    def collections(self) -> list[str]:
        """Return the collection ids."""
        return sorted({item["collection"] for item in self.items})

    def _root(self) -> Body:
        links = [
            {"rel": "search", "href": f"{self.url}/search", "method": m, "type": "application/geo+json"}
            for m in ("GET", "POST")
        ]
        return {
            "type": "Catalog",
            "id": self.provider,
            "stac_version": "1.0.0",
            "description": "synthetic scenes",
            "conformsTo": list(self.conforms_to),
            "links": [{"rel": "self", "href": self.url}, *links],
        }

    @staticmethod
    def _collection(name: str) -> Body:
        extent = {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [[None, None]]}}
        return {
            "type": "Collection",
            "id": name,
            "stac_version": "1.0.0",
            "description": f"synthetic {name}",
            "license": "proprietary",
            "extent": extent,
            "links": [],
        }


def _with_hrefs(item: Mapping[str, Any], address_of: Callable[[str], str]) -> Item:
    assets = {k: {**a, "href": _href(a["href"], address_of)} for k, a in item["assets"].items()}
    return {**item, "assets": assets}


def _href(href: str, address_of: Callable[[str], str]) -> str:
    name = href.removeprefix(f"{FILES}/")
    return href if name == href else address_of(name)


def page_of(items: Sequence[Item], start: int, size: int) -> Body:
    """Return a page of a list as a FeatureCollection without links."""
    return {"type": "FeatureCollection", "features": list(items[start : start + size]), "links": []}


def error(status: int, code: str, text: str) -> Response:
    """Return an error as these services write it."""
    return Response.json({"code": code, "description": text}, status=status)


def from_query(query: Mapping[str, str]) -> Body:
    """Return a search body from the parameters of an address."""
    import json

    found: Body = dict(query)
    for name in ("collections", "ids"):
        if name in query:
            found[name] = query[name].split(",")
    if "bbox" in query:
        found["bbox"] = [float(v) for v in query["bbox"].split(",")]
    for name in ("intersects", "query", "filter"):
        if name in query:
            found[name] = json.loads(query[name])
    if "limit" in query:
        found["limit"] = int(query["limit"])
    return found
