"""A paged search of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from multisat.contracts import Page
from multisat.errors import InvalidAnswer
from multisat.model import Request, Scene
from multisat.stac.asking import asks
from multisat.stac.dialect import Dialect
from multisat.stac.paged import PagedSearch
from multisat.stac.position import Position
from multisat.vocab.holdings import Holding
from multisat_sentinel_hub.deployments import NAME
from multisat_sentinel_hub.service import Service

PATH = "/api/v1/catalog/1.0.0/search"
_EVER = "2015-01-01T00:00:00Z/.."
DIALECT = Dialect(page_size=100, sorts=frozenset())
"""The largest page; it sorts nothing. Its filters cannot say "or unknown", so all are applied here."""


class CatalogueSearch(PagedSearch):
    """A lazy search; see ``Search``.

    Args:
        service: Whom to ask.
        request: The question.
        holdings: The collections to ask for; each is a search of its own, as the service wants it.
        build: Makes a scene of an item.
        resume: Token of an earlier search of the same request.
    """

    def __init__(
        self,
        service: Service,
        request: Request,
        holdings: list[Holding],
        build: Callable[[Mapping[str, Any]], Scene],
        *,
        resume: str | None = None,
    ) -> None:
        each = [one for holding in holdings for one in asks(request, [holding], DIALECT)]
        super().__init__(request=request, holdings=holdings, asks=each, build=build, resume=resume)
        self._service = service

    @property
    def requests(self) -> int:
        """HTTP requests sent so far."""
        return self._service.requests

    def pages(self) -> Iterator[Page]:
        """Give the pages; see ``Search.pages``."""
        try:
            while self._at is not None:
                items, following = self._page(self._at)
                self._advance(self._at, None if following is None else {"next": following})
                yield Page(scenes=tuple(self._new(items)), received=len(items), resume=self.resume)
        finally:
            self._service.close()

    def _page(self, at: Position) -> tuple[list[Mapping[str, Any]], int | None]:
        told = self._service.told("POST", PATH, body_of(self._asks[at.ask], at.link or {}))
        items, following = told.get("features"), (told.get("context") or {}).get("next")
        if not isinstance(items, list) or not all(isinstance(one, Mapping) for one in items):
            raise InvalidAnswer("the answer is no list of items", provider=NAME, hint="check the address")
        before = (at.link or {}).get("next", -1)
        if following is not None and (not isinstance(following, int) or following <= before):
            raise InvalidAnswer(
                "the next page is a page that was read before",
                provider=NAME,
                hint="the list so far is kept; ask for a shorter time range to get the rest",
            )
        return items, following


def body_of(ask: Mapping[str, Any], link: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of a search; the service wants a time in each.

    Args:
        ask: What is searched.
        link: Where it goes on, and what else is asked.
    """
    return {"datetime": _EVER, **ask, "limit": DIALECT.page_size, **link}
