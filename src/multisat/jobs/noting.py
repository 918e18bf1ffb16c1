"""Which version of each file was read: noted as the reader learns it, at no further request."""

from __future__ import annotations

from multisat.config import cache_folder
from multisat.engine.record import Record
from multisat.raster import AnyReader
from multisat.raster.cog import CogReader, HeaderCache
from multisat.raster.cog.header import Header


class Noting(HeaderCache):
    """The memory of headers, which every file that is opened passes; it works as well if none are kept."""

    def __init__(self) -> None:
        folder = cache_folder()
        self._kept = folder is not None
        self._found: dict[str, tuple[int, str]] = {}
        if folder is not None:
            super().__init__(folder)

    def reader(self) -> AnyReader:
        """Return a reader that notes what it opens."""
        return AnyReader(CogReader(cache=self))

    def get(self, name: str) -> Header | None:
        """Return the header of a file, or None."""
        found = super().get(name) if self._kept else None
        if found is not None:
            self._note(name, found)
        return found

    def put(self, name: str, found: Header) -> None:
        """Remember the header of a file."""
        self._note(name, found)
        if self._kept:
            super().put(name, found)

    def forget(self, name: str) -> None:
        """Forget a file that was replaced."""
        self._found.pop(name, None)
        if self._kept:
            super().forget(name)

    def flush(self) -> None:
        """Write what is new."""
        if self._kept:
            super().flush()

    def sources(self, record: Record) -> dict[str, list[int | str | None]]:
        """Return size and ETag of the files that were read, by unsigned address; None where not known."""
        unknown: dict[str, list[int | str | None]] = {href: [None, None] for _, href in sorted(record.files)}
        return unknown | {name: list(identity) for name, identity in sorted(self._found.items())}

    def _note(self, name: str, found: Header) -> None:
        self._found[name] = found.identity.size, found.identity.tag
