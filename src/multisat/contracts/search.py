"""A lazy, paged stream of scenes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from multisat.model import Scene


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Scenes of one answer that match the request.

    Attributes:
        scenes: Matching scenes, filtered here again.
        received: Number of items the archive sent, before our filters.
        resume: Token that continues after this page; None after the last.
    """

    scenes: tuple[Scene, ...]
    received: int
    resume: str | None = None


class Search(ABC):
    """One question to one archive, answered page by page.

    Iterating gives scenes. Nothing is asked before the first page is. An error leaves ``resume``
    at the page that failed, so the same search can go on later.
    """

    @abstractmethod
    def pages(self) -> Iterator[Page]:
        """Give the pages in the archive's order.

        Raises:
            ProviderError: The archive did not answer as it should.
        """

    @property
    @abstractmethod
    def complete(self) -> bool:
        """True once every page was read and nothing was cut; never before."""

    @property
    @abstractmethod
    def resume(self) -> str | None:
        """Token of the next unread page, or None if there is none. It holds no credential."""

    def matched(self) -> int | None:
        """Return how many items the archive says it has, or None if it does not count."""
        return None

    @property
    def requests(self) -> int:
        """HTTP requests sent so far, retries included."""
        return 0

    @property
    def notes(self) -> tuple[str, ...]:
        """Things a reader of the answer should know, in sentences."""
        return ()

    def __iter__(self) -> Iterator[Scene]:
        """Give the scenes of all pages."""
        for page in self.pages():
            yield from page.scenes
