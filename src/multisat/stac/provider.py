"""The base of every provider that speaks STAC."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from multisat.config import setting
from multisat.contracts import Capabilities, Deadline, Provider, Search
from multisat.errors import UnsupportedOperation
from multisat.model import Request, Scene
from multisat.stac.dialect import Dialect
from multisat.stac.harmonise import harmonise
from multisat.vocab.collections import expand
from multisat.vocab.holdings import Holding


class StacProvider(Provider):
    """A read-only provider over a STAC API; a subclass is data.

    Attributes:
        default_url: Root of the API; ``MULTISAT_<NAME>_URL`` or the configuration overrides it.
        holdings: What it holds and how to read it.
        dialect: How it wants to be asked.
    """

    default_url: ClassVar[str]
    holdings: ClassVar[tuple[Holding, ...]]
    dialect: ClassVar[Dialect] = Dialect()

    @property
    def url(self) -> str:
        """Root of the API, without a trailing slash."""
        return (setting(self.name, "url") or self.default_url).rstrip("/")

    @property
    def capabilities(self) -> Capabilities:
        """What this archive can do."""
        return Capabilities(
            collections=tuple(dict.fromkeys(h.collection for h in self.holdings)),
            native=tuple(name for h in self.holdings for name in (h.native_id, *h.also)),
        )

    def search(
        self, request: Request, *, resume: str | None = None, deadline: Deadline | None = None
    ) -> Search:
        """Return a search that has asked nothing yet; see ``Provider.search``.

        Args:
            request: The question.
            resume: Token of an earlier, incomplete search of the same request.
            deadline: Total time limit.

        Raises:
            UnsupportedOperation: It holds none of the collections.
        """
        from multisat.stac.search import Service, StacSearch

        return StacSearch(
            service=Service(name=self.name, url=self.url, dialect=self.dialect),
            request=request,
            holdings=self.held(request.collections),
            build=self.scene,
            resume=resume,
            deadline=deadline,
        )

    def scene(self, item: Mapping[str, Any]) -> Scene:
        """Return the scene of an item of this archive.

        Args:
            item: A STAC item, as it came.

        Raises:
            InvalidAnswer: The item lacks what every item must have.
        """
        return harmonise(item, provider=self.name, holdings=self._by_id)

    def held(self, collections: tuple[str, ...] | None) -> list[Holding]:
        """Return the holdings that canonical or native names ask for.

        Args:
            collections: Names; None is every canonical collection with dates.

        Raises:
            UnsupportedOperation: It holds none of them.
        """
        names = set(expand(collections))
        found = [h for h in self.holdings if names & {h.collection, h.native_id, *h.also}]
        if not found:
            raise UnsupportedOperation(
                f"holds none of {', '.join(sorted(names))}",
                provider=self.name,
                hint=f"it holds {', '.join(self.capabilities.collections)}",
            )
        return found

    @cached_property
    def _by_id(self) -> Mapping[str, Holding]:
        return {name: h for h in self.holdings for name in (h.native_id, *h.also)}
