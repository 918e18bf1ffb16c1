"""Reading one page after another from services that page in different, sometimes broken, ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import orjson
from pystac.link import Link
from pystac_client import ItemSearch

from multisat.errors import InvalidAnswer, ProviderUnavailable
from multisat.http import HttpClient
from multisat.http.retry import RetryPolicy
from multisat.stac.asking import Ask
from multisat.stac.dialect import Dialect
from multisat.stac.io import CatalogueIO

_HASTY = RetryPolicy(tries=2)
_PATIENT = RetryPolicy()


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One page as the service sent it.

    Attributes:
        items: The STAC items.
        next_link: The service's link to the next page, or None after the last.
        matched: How many items it says match, or None.
    """

    items: list[Mapping[str, Any]]
    next_link: Mapping[str, Any] | None
    matched: int | None


class PageReader:
    """Reads pages, makes them smaller when the service cannot carry them, and refuses to go in circles.

    Args:
        client: The connection.
        url: Root of the API.
        dialect: The service's habits.
        page_size: Items to ask for per page.
    """

    def __init__(self, client: HttpClient, url: str, dialect: Dialect, page_size: int) -> None:
        self._client, self._search_url = client, f"{url}/search"
        self._io = CatalogueIO(client, url)
        self._smallest = min(dialect.smallest_page, page_size)
        self._size = page_size
        self._last: tuple[str, ...] = ()
        self._followed: set[bytes] = set()

    def read(self, ask: Ask, link: Mapping[str, Any] | None) -> Answer:
        """Return a page: the first of a search, or the one a link leads to.

        Raises:
            InvalidAnswer: The page is no page, or the one before it again.
            ProviderError: The service did not answer.
        """
        if link is None:
            self._last = ()  # another search may well begin with the same items
        else:
            self._refuse_circle(link)
        while True:
            may_shrink = self._size > self._smallest
            self._io.policy = _HASTY if may_shrink else _PATIENT
            try:
                return self._checked(self._get(ask, link))
            except ProviderUnavailable:
                if not may_shrink:
                    raise
                self._size = max(self._smallest, self._size // 2)

    def _get(self, ask: Ask, link: Mapping[str, Any] | None) -> dict[str, Any]:
        if link is not None:
            return self._io.read_json(Link.from_dict(_resized(link, self._size)))
        search = ItemSearch(self._search_url, stac_io=self._io, limit=self._size, **ask)
        return self._io.read_json(self._search_url, method="POST", parameters=search.get_parameters())

    def _checked(self, page: Mapping[str, Any]) -> Answer:
        items = page.get("features")
        if not isinstance(items, list) or not all(isinstance(i, Mapping) for i in items):
            raise InvalidAnswer(
                "the answer is no list of items",
                provider=self._client.provider,
                hint="check the address of the provider: it must be the root of a STAC API",
            )
        ids = tuple(str(item.get("id")) for item in items)
        if ids and ids == self._last:
            raise self._circle()
        self._last = ids
        return Answer(items=items, next_link=_next(page), matched=_matched(page))

    def _refuse_circle(self, link: Mapping[str, Any]) -> None:
        mark = orjson.dumps([link.get("href"), link.get("body")], option=orjson.OPT_SORT_KEYS)
        if mark in self._followed:
            raise self._circle()
        self._followed.add(mark)

    def _circle(self) -> InvalidAnswer:
        return InvalidAnswer(
            "the next page is a page that was read before",
            provider=self._client.provider,
            hint="the list so far is kept; ask for a shorter time range to get the rest",
        )


def _next(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    links = page.get("links") or []
    return next((link for link in links if link.get("rel") == "next" and link.get("href")), None)


def _matched(page: Mapping[str, Any]) -> int | None:
    found = page.get("numberMatched", (page.get("context") or {}).get("matched"))
    return found if isinstance(found, int) else None


def _resized(link: Mapping[str, Any], size: int) -> dict[str, Any]:
    """Return a next link that asks for pages of at most a size, in its body or its address."""
    body = link.get("body")
    if isinstance(body, Mapping):
        asked = body.get("limit")
        return (
            {**link, "body": {**body, "limit": size}} if isinstance(asked, int) and asked > size else {**link}
        )
    parts = urlsplit(link["href"])
    query = parse_qsl(parts.query, keep_blank_values=True)
    smaller = [(k, str(size) if k == "limit" and v.isdigit() and int(v) > size else v) for k, v in query]
    return (
        {**link}
        if smaller == query
        else {**link, "href": urlunsplit(parts._replace(query=urlencode(smaller)))}
    )
