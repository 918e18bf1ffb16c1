"""What a back-end calls the things that a task names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from multisat.errors import UnsupportedOperation, UsageError
from multisat.model import Grid
from multisat.steps import Task
from multisat.vocab.bands import resolve
from multisat.vocab.collections import COLLECTIONS
from multisat_openeo.sources import SOURCES, ServiceBand, Source


@dataclass(frozen=True, kw_only=True)
class Place:
    """A collection at a back-end.

    Attributes:
        source: What the collection is.
        collection: The back-end's name of it.
        has: The back-end's names of its bands.
        processes: Ids of the processes that the back-end lists.
        limits: Whether the back-end may drop cloudy scenes: it would drop those of unknown cloud, too.
    """

    source: Source
    collection: str
    has: tuple[str, ...]
    processes: frozenset[str]
    limits: bool = True

    @property
    def layer(self) -> str:
        """Canonical name of the quality layer, or nothing."""
        return COLLECTIONS[self.source.collection].quality or ""

    @property
    def quality(self) -> str:
        """The back-end's name of the quality layer; empty if it has none."""
        known = self.source.bands.get(self.layer)
        return known.native if known is not None and known.native in self.has else ""

    def band(self, name: str) -> ServiceBand:
        """Return a band by canonical name.

        Raises:
            UsageError: The collection there has none.
        """
        have = {one: band for one, band in self.source.bands.items() if band.native in self.has}
        own = resolve(name, have, self.source.collection)
        if own is None:
            raise UsageError(
                f"{self.collection} has no band {name}",
                provider="openeo",
                hint=f"it has {', '.join(have) or 'no band that is known'}",
            )
        return have[own]

    def natives(self, names: Sequence[str]) -> list[str]:
        """Return the back-end's names of bands, each once."""
        return list(dict.fromkeys(self.band(name).native for name in names))


def source_of(task: Task) -> Source:
    """Return the collection of a task.

    Raises:
        UnsupportedOperation: There are several, or the service is not known to have it.
    """
    names = sorted({scene.collection for scene in (*task.scenes, *task.baseline)})
    if len(names) != 1 or names[0] not in SOURCES:
        raise UnsupportedOperation(
            f"computes no {' and '.join(names)}" if len(names) == 1 else "one collection at a time",
            provider="openeo",
            hint=f"it has {', '.join(SOURCES)}; run others on this machine: leave out on=",
        )
    return SOURCES[names[0]]


def extent(grid: Grid, margin: int) -> dict[str, Any]:
    """Return the outer edges of a grid as the openEO API takes them.

    Args:
        grid: In a CRS with an EPSG code.
        margin: Pixels on each side.
    """
    west, south, east, north = grid.bounds
    dy, dx = (margin * side for side in grid.resolution)
    code = int(grid.crs.rpartition(":")[2])
    return {"west": west - dx, "south": south - dy, "east": east + dx, "north": north + dy, "crs": code}
