"""A paged search of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from multisat.contracts import Page, Search
from multisat.errors import InvalidAnswer
from multisat.model import Request, Scene
from multisat.stac.asking import asks
from multisat.stac.dialect import Dialect
from multisat.stac.matching import Matcher
from multisat.stac.position import Position
from multisat.vocab.holdings import Holding
from multisat_sentinel_hub.deployments import NAME
from multisat_sentinel_hub.service import Service

PATH = "/api/v1/catalog/1.0.0/search"
_EVER = "2015-01-01T00:00:00Z/.."
DIALECT = Dialect(page_size=100, sorts=frozenset())
"""The largest page; it sorts nothing. Its filters cannot say "or unknown", so all are applied here."""


class CatalogueSearch(Search):
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
        self._build, self._matcher = build, Matcher(request)
        self._asks = [one for holding in holdings for one in asks(request, [holding], DIALECT)]
        self._at: Position | None = Position.read(resume, self._asks) if resume else Position()
        self._service = service
        self._seen: set[tuple[str, str, str]] = set()
        self._notes: list[str] = []

    @property
    def complete(self) -> bool:
        """True once every page was read."""
        return self._at is None

    @property
    def resume(self) -> str | None:
        """Token of the next unread page."""
        return None if self._at is None else self._at.token(self._asks)

    @property
    def requests(self) -> int:
        """HTTP requests sent so far."""
        return self._service.requests

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the answer should know."""
        missing = [f"no scene has the property {name!r}" for name in self._matcher.unknown()]
        return (*self._notes, *missing)

    def pages(self) -> Iterator[Page]:
        """Give the pages; see ``Search.pages``."""
        try:
            while self._at is not None:
                items, following = self._page(self._at)
                self._advance(self._at, following)
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

    def _advance(self, at: Position, following: int | None) -> None:
        if following is not None:
            self._at = Position(ask=at.ask, link={"next": following})
        else:
            self._at = Position(ask=at.ask + 1) if at.ask + 1 < len(self._asks) else None

    def _new(self, items: list[Mapping[str, Any]]) -> list[Scene]:
        """Return the matching scenes not given before; an item that is none is noted, not fatal."""
        scenes = []
        for item in items:
            try:
                scenes.append(self._build(item))
            except InvalidAnswer as error:
                self._notes.append(f"left out: {error}")
        fresh = [one for one in self._matcher.select(scenes) if one.uid not in self._seen]
        self._seen.update(one.uid for one in fresh)
        return fresh


def body_of(ask: Mapping[str, Any], link: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of a search; the service wants a time in each.

    Args:
        ask: What is searched.
        link: Where it goes on, and what else is asked.
    """
    return {"datetime": _EVER, **ask, "limit": DIALECT.page_size, **link}
