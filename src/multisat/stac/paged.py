"""Where a search is, and what it keeps of each page; how a page is asked for is left to others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from multisat.contracts import Search
from multisat.errors import InvalidAnswer
from multisat.model import Request, Scene
from multisat.stac.matching import Matcher
from multisat.stac.position import Position
from multisat.vocab.holdings import Holding

if TYPE_CHECKING:
    from multisat.stac.fields import Json


class PagedSearch(Search):
    """A lazy search in pages; see ``Search``. What it is made of gives the pages.

    Args:
        request: The question.
        holdings: The native collections to ask for.
        asks: What the service is asked, one search after another.
        build: Makes a scene of an item.
        resume: Token of an earlier search of the same request.
    """

    def __init__(
        self,
        *,
        request: Request,
        holdings: Sequence[Holding],
        asks: list[dict[str, Any]],
        build: Callable[[Json], Scene],
        resume: str | None = None,
    ) -> None:
        self._asks, self._build = asks, build
        self._native = frozenset(one.native_id for one in holdings)
        self._at: Position | None = Position.read(resume, asks) if resume else Position()
        self._matcher = Matcher(request)
        self._seen: set[tuple[str, str, str]] = set()
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
    def notes(self) -> tuple[str, ...]:
        """What a reader of the answer should know."""
        missing = [f"no scene has the property {name!r}" for name in self._matcher.unknown()]
        return (*self._notes, *missing)

    def _advance(self, at: Position, link: Mapping[str, Any] | None) -> None:
        """Go to the page a link leads to, or without one to the next search."""
        if link is not None:
            self._at = Position(ask=at.ask, link=link)
        else:
            self._at = Position(ask=at.ask + 1) if at.ask + 1 < len(self._asks) else None

    def _new(self, items: Sequence[Json]) -> list[Scene]:
        """Return the matching scenes not given before, each once; an item that is none is noted."""
        scenes = []
        for item in items:
            try:
                scenes.append(self._build(item))
            except InvalidAnswer as error:
                self._notes.append(f"left out: {error}")
        asked = [s for s in scenes if s.native_id in self._native]
        fresh: dict[tuple[str, str, str], Scene] = {}
        for scene in self._matching(asked):
            if scene.uid not in self._seen:
                fresh.setdefault(scene.uid, scene)
        self._seen.update(fresh)
        return list(fresh.values())

    def _matching(self, scenes: list[Scene]) -> list[Scene]:
        """Return the scenes that match; one whose footprint is no geometry is noted, not fatal."""
        try:
            return self._matcher.select(scenes)
        except InvalidAnswer as error:
            if len(scenes) > 1:
                return [found for scene in scenes for found in self._matching([scene])]
            self._notes.append(f"left out: {error}")
            return []
