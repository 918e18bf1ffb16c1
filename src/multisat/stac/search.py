"""A paged search of one STAC service."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from multisat.contracts import Deadline, Page, Search
from multisat.errors import InvalidAnswer
from multisat.http import HttpClient
from multisat.model import Request, Scene
from multisat.stac.asking import asks, sorts_here
from multisat.stac.dialect import Dialect
from multisat.stac.matching import Matcher
from multisat.stac.paging import PageReader
from multisat.stac.position import Position
from multisat.vocab.holdings import Holding

if TYPE_CHECKING:
    from multisat.stac.fields import Json


@dataclass(frozen=True, kw_only=True)
class Service:
    """One STAC service: where it is and how it wants to be asked.

    Attributes:
        name: Provider name.
        url: Root of the API, without a trailing slash.
        dialect: Its habits.
    """

    name: str
    url: str
    dialect: Dialect


class StacSearch(Search):
    """A lazy search; see ``Search``.

    Args:
        service: Whom to ask.
        request: The question.
        holdings: The native collections to ask for.
        build: Makes a scene of an item.
        resume: Token of an earlier search of the same request.
        deadline: Total time limit.
    """

    def __init__(
        self,
        *,
        service: Service,
        request: Request,
        holdings: list[Holding],
        build: Callable[[Json], Scene],
        resume: str | None = None,
        deadline: Deadline | None = None,
    ) -> None:
        self._service, self._request, self._build = service, request, build
        self._asks = asks(request, holdings, service.dialect)
        self._native = frozenset(h.native_id for h in holdings)
        self._at: Position | None = Position.read(resume, self._asks) if resume else Position()
        self._client = HttpClient(service.name, deadline=deadline)
        self._matcher = Matcher(request)
        self._matched: int | None = None
        self._seen: set[tuple[str, str, str]] = set()
        self._cut = False
        self._notes: list[str] = []

    @property
    def complete(self) -> bool:
        """True once every page was read and nothing was cut."""
        return self._at is None

    @property
    def resume(self) -> str | None:
        """Token of the next unread page."""
        return None if self._at is None else self._at.token(self._asks)

    @property
    def requests(self) -> int:
        """HTTP requests sent so far."""
        return self._client.requests

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the answer should know."""
        missing = [f"no scene has the property {name!r}" for name in self._matcher.unknown()]
        return (*self._notes, *missing)

    def matched(self) -> int | None:
        """Return the number of items the service says match, where one search answers all."""
        return self._matched if len(self._asks) == 1 else None

    def pages(self) -> Iterator[Page]:
        """Give the pages; see ``Search.pages``."""
        reader = PageReader(self._client, self._service.url, self._service.dialect, self._page_size())
        given = 0
        try:
            while self._at is not None and not self._cut:
                here = self._at
                answer = reader.read(self._asks[here.ask], here.link)
                scenes = self._new(answer.items)
                self._advance(answer.next_link, answer.matched)
                if self._limited and given + len(scenes) >= self._limited:
                    scenes, self._cut = self._cut_at(here, scenes, self._limited - given), True
                given += len(scenes)
                yield Page(scenes=tuple(scenes), received=len(answer.items), resume=self.resume)
        finally:
            self._client.close()

    def _page_size(self) -> int:
        size, limit = self._service.dialect.page_size, self._request.limit
        filtered = bool(self._request.filters or self._request.max_cloud is not None)
        return size if limit is None or filtered else min(size, limit)

    def _new(self, items: list[Mapping[str, Any]]) -> list[Scene]:
        """Return the matching scenes not given before; an item that is none is noted, not fatal."""
        scenes = []
        for item in items:
            try:
                scenes.append(self._build(item))
            except InvalidAnswer as error:
                self._notes.append(f"left out: {error}")
        asked = [s for s in scenes if s.native_id in self._native]
        fresh = [s for s in self._matching(asked) if s.uid not in self._seen]
        self._seen.update(s.uid for s in fresh)
        return fresh

    def _matching(self, scenes: list[Scene]) -> list[Scene]:
        """Return the scenes that match; one whose footprint is no geometry is noted, not fatal."""
        try:
            return self._matcher.select(scenes)
        except InvalidAnswer as error:
            if len(scenes) > 1:
                return [found for scene in scenes for found in self._matching([scene])]
            self._notes.append(f"left out: {error}")
            return []

    def _advance(self, next_link: Mapping[str, Any] | None, matched: int | None) -> None:
        at = self._at or Position()
        if at.link is None and matched is not None:
            self._matched = matched
        if next_link is not None:
            self._at = Position(ask=at.ask, link=next_link)
        else:
            self._at = Position(ask=at.ask + 1) if at.ask + 1 < len(self._asks) else None

    @property
    def _limited(self) -> int | None:
        """The limit, if the service sorts as asked, so that the first ones are the right ones."""
        alone = len(self._asks) == 1
        return self._request.limit if alone and not sorts_here(self._request, self._service.dialect) else None

    def _cut_at(self, here: Position, scenes: list[Scene], left: int) -> list[Scene]:
        if len(scenes) > left:
            self._at = here  # the rest of this page is given again by a later search
        return scenes[:left]
