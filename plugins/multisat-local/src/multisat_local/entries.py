"""What the index knows of an item: where, when, how cloudy, of which collection."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import shapely

from multisat.errors import InvalidAnswer
from multisat.model import Scene
from multisat.stac.footprints import footprints
from multisat.vocab.collections import COLLECTIONS
from multisat_local.items import files_here, kept
from multisat_local.reading import LARGEST_ITEM, Unreadable, items_in
from multisat_local.scenes import HOLDINGS, scene_of

Box = tuple[float, float, float, float]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KNOWN = frozenset(holding.native_id for holding in HOLDINGS)
_MOST_TOLD = 3
_ODD = (TypeError, ValueError, LookupError, ArithmeticError, RecursionError)
"""What values may be answered with that no item should have, such as a path that is no UTF-8."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One item of a file.

    Attributes:
        native: Collection id.
        moment: Microseconds since 1970, UTC.
        dated: Whether time ranges apply to its collection.
        cloud: Percent, or None if unknown.
        here: Number of its files on this disk.
        boxes: West, south, east, north in degrees; two on both sides of ±180.
        item: The kept item as JSON.
    """

    native: str
    moment: int
    dated: bool
    cloud: float | None
    here: int
    boxes: tuple[Box, ...]
    item: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """What came out of one file.

    Attributes:
        entries: Its items.
        problem: What was left out and why, in one sentence; empty if nothing was.
    """

    entries: tuple[Entry, ...]
    problem: str = ""


def read(path: Path) -> Read:
    """Return the entries of a file; what is wrong with it is told, and harms no other."""
    entries, problems = [], []
    try:
        for found in items_in(path):
            try:
                entries.append(_entry(found, path.parent))
            except (Unreadable, InvalidAnswer) as error:
                problems.append(str(error))
            except _ODD as error:
                problems.append(f"an item cannot be read: {error}")
    except Unreadable as error:
        problems.append(str(error))
    return Read(entries=tuple(entries), problem=_sentence(problems))


def microseconds(when: datetime) -> int:
    """Return a UTC time as microseconds since 1970."""
    return (when - _EPOCH) // timedelta(microseconds=1)


def _entry(found: Mapping[str, Any] | Unreadable, folder: Path) -> Entry:
    if isinstance(found, Unreadable):
        raise found
    item = kept(found, folder)
    scene = scene_of(item)
    if scene.native_id not in _KNOWN:
        raise Unreadable(f"{scene.id} is of the collection {scene.native_id!r}, which is not known")
    text = orjson.dumps(item)
    if len(text) > LARGEST_ITEM:
        raise Unreadable(f"{scene.id} is larger than {LARGEST_ITEM // 2**20} MB")
    known = COLLECTIONS.get(scene.collection)
    return Entry(
        native=scene.native_id,
        moment=microseconds(scene.datetime),
        dated=known is None or not known.static,
        cloud=scene.cloud_cover,
        here=files_here(item),
        boxes=tuple(_boxes(scene)),
        item=text,
    )


def _boxes(scene: Scene) -> Iterator[Box]:
    """Give a box around the footprint, or one on each side of ±180 where it is cut there."""
    outline = footprints([scene])[0]
    west, south, east, north = outline.bounds
    if not math.isfinite(west + south + east + north):
        raise Unreadable(f"the footprint of {scene.id} is empty")
    if east - west <= 180:  # noqa: PLR2004 - degrees
        yield west, south, east, north
        return
    parts = shapely.get_parts(outline)
    for side in ([p for p in parts if p.bounds[0] < 0], [p for p in parts if p.bounds[0] >= 0]):
        if side:
            yield tuple(shapely.total_bounds(side).tolist())


def _sentence(problems: Sequence[str]) -> str:
    more = len(problems) - _MOST_TOLD
    told = "; ".join(problems[:_MOST_TOLD])
    return f"{told}; and {more} more" if more > 0 else told
