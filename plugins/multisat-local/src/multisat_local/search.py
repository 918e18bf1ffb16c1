"""A search of the index, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from multisat.contracts import Deadline, Page
from multisat.model import Request, Scene
from multisat.stac.paged import PagedSearch
from multisat.vocab.holdings import Holding
from multisat_local.index import Row
from multisat_local.store import Store

PAGE = 500
"""Items that are made scenes at a time."""
_MOST_TOLD = 5


class LocalSearch(PagedSearch):
    """A lazy search; see ``Search``.

    Args:
        store: The folders.
        request: The question.
        holdings: The collections to ask for.
        build: Makes a scene of an item.
        resume: Token of an earlier search of the same request.
        deadline: Total time limit.
    """

    def __init__(
        self,
        store: Store,
        request: Request,
        holdings: list[Holding],
        build: Callable[[Mapping[str, Any]], Scene],
        *,
        resume: str | None = None,
        deadline: Deadline | None = None,
    ) -> None:
        super().__init__(
            request=request, holdings=holdings, asks=[request.to_dict()], build=build, resume=resume
        )
        self._store, self._request = store, request
        self._deadline = deadline or Deadline()
        self._matched: int | None = None
        self._left_out: tuple[str, ...] = ()

    def matched(self) -> int | None:
        """Return how many items may match, by their boxes; None before the first page."""
        return self._matched

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the answer should know, first which files were left out."""
        more = len(self._left_out) - _MOST_TOLD
        told = self._left_out[:_MOST_TOLD]
        return (*told, *([f"left out: {more} more files"] if more > 0 else []), *super().notes)

    def _items(self, rows: Sequence[Row]) -> list[Mapping[str, Any]]:
        items = self._store.items([row[0] for row in rows])
        if len(items) < len(rows):
            lost = len(rows) - len(items)
            self._notes.append(f"left out: {lost} items whose files changed meanwhile; search again")
        return items

    def pages(self) -> Iterator[Page]:
        """Give the pages; see ``Search.pages``."""
        self._store.refresh(self._deadline)
        self._left_out = tuple(self._store.notes())
        rows = self._store.find(self._request, sorted(self._native))
        rows.sort(key=_ORDERS[self._request.sort])
        self._matched = len(rows)
        given = 0
        while self._at is not None:
            at = (self._at.link or {}).get("row", 0)
            items = self._items(rows[at : at + PAGE])
            scenes = self._new(items)
            left = None if self._request.limit is None else self._request.limit - given
            cut = left is not None and len(scenes) > left
            if cut:
                scenes = scenes[:left]  # the rest of this page is given again by a later search
            else:
                self._advance(self._at, {"row": at + PAGE} if at + PAGE < len(rows) else None)
            given += len(scenes)
            yield Page(scenes=tuple(scenes), received=len(items), resume=self.resume)
            if cut or given == self._request.limit:
                return


def _cloud(row: Row, unknown: float) -> float:
    return unknown if row[2] is None else row[2]


_ORDERS: Mapping[str, Callable[[Row], tuple[float, ...]]] = {
    "datetime": lambda row: (row[1], -row[3], row[0]),
    "-datetime": lambda row: (-row[1], -row[3], row[0]),
    "cloud_cover": lambda row: (_cloud(row, 1000), row[1], -row[3], row[0]),
    "-cloud_cover": lambda row: (-_cloud(row, -1), -row[1], -row[3], row[0]),
}
"""Of items that are one scene, the one with most files on this disk comes first and is taken."""
