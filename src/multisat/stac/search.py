"""A paged search of one STAC service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from multisat.contracts import Deadline, Page
from multisat.http import HttpClient
from multisat.model import Request, Scene
from multisat.stac.asking import asks, sorts_here
from multisat.stac.dialect import Dialect
from multisat.stac.paged import PagedSearch
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


class StacSearch(PagedSearch):
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
        super().__init__(
            request=request,
            holdings=holdings,
            asks=asks(request, holdings, service.dialect),
            build=build,
            resume=resume,
        )
        self._service, self._request = service, request
        self._client = HttpClient(service.name, deadline=deadline)
        self._matched: int | None = None
        self._cut = False

    @property
    def requests(self) -> int:
        """HTTP requests sent so far."""
        return self._client.requests

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
                if here.link is None and answer.matched is not None:
                    self._matched = answer.matched
                self._advance(here, answer.next_link)
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

    @property
    def _limited(self) -> int | None:
        """The limit, if the service sorts as asked, so that the first ones are the right ones."""
        alone = len(self._asks) == 1
        return self._request.limit if alone and not sorts_here(self._request, self._service.dialect) else None

    def _cut_at(self, here: Position, scenes: list[Scene], left: int) -> list[Scene]:
        if len(scenes) > left:
            self._at = here  # the rest of this page is given again by a later search
        return scenes[:left]
