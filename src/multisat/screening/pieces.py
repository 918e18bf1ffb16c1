"""Which windows of a grid are read for areas: large ones are cut, near ones are read together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import shapely

from multisat.model.preparing import prepared
from multisat.raster import Window

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SIDE = 2048
"""Pixels. Larger windows are cut at multiples of it, so that memory is bounded and no tile of a file
is fetched for two of them."""
_FOR_NOTHING = 2**19
"""Pixels between two windows that cost less than another request: codes pack to about a tenth of a byte
each, and some 50 KB come in the time in which a request waits for its answer."""
_NEAR = 1e-6
"""Pixels. A corner that is so near an edge lies on it."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A window that is read at once.

    Attributes:
        window: Counted from the corner of the grid; it may reach beyond.
        parts: Number of an area, and the window inside this one in which it lies.
    """

    window: Window
    parts: tuple[tuple[int, Window], ...]


def windows(outline: BaseGeometry, reach: BaseGeometry) -> list[Window]:
    """Return the windows of whole pixels that hold what an outline shares with a reach.

    Args:
        outline: Polygon in pixels, rows negative.
        reach: Where there may be data, likewise.
    """
    wanted = shapely.box(*outline.bounds).intersection(shapely.box(*reach.bounds))
    if wanted.area == 0:
        return []
    left, bottom, right, top = wanted.bounds
    rows = math.floor(-top + _NEAR), math.ceil(-bottom - _NEAR)
    columns = math.floor(left + _NEAR), math.ceil(right - _NEAR)
    found = [
        Window(row=row, column=column, height=height, width=width)
        for row, height in _cut(*rows)
        for column, width in _cut(*columns)
    ]
    if len(found) == 1:
        return found
    shape = prepared(outline)
    return [w for w in found if shape.intersects(_box(w)) and reach.intersects(_box(w))]


def pieces(parts: Sequence[tuple[int, Window]]) -> list[Piece]:
    """Return what to read for windows of areas, near ones together.

    Args:
        parts: Number of an area, and a window it needs.
    """
    found: list[tuple[Window, list[tuple[int, Window]]]] = []
    for index, window in sorted(parts, key=lambda p: (p[1].row, p[1].column, p[0])):
        whole, members = window, [(index, window)]
        while (near := next((k for k, (w, _) in enumerate(found) if _cheaper(w, whole)), None)) is not None:
            other, others = found.pop(near)
            whole, members = _around(whole, other), others + members
        found.append((whole, members))
    return [Piece(window=window, parts=tuple(members)) for window, members in found]


def size(window: Window) -> int:
    """Return the number of pixels."""
    return window.height * window.width


def _cut(first: int, stop: int) -> list[tuple[int, int]]:
    """Return first and length of the parts of a range; a short one is not cut."""
    if stop - first <= SIDE:
        return [(first, stop - first)]
    edges = [first, *range(first // SIDE * SIDE + SIDE, stop, SIDE), stop]
    return [(low, high - low) for low, high in pairwise(edges)]


def _cheaper(one: Window, other: Window) -> bool:
    """Whether two windows are better read as one."""
    both = _around(one, other)
    bounded = both.height <= SIDE and both.width <= SIDE
    return bounded and size(both) - size(one) - size(other) <= _FOR_NOTHING


def _around(one: Window, other: Window) -> Window:
    top, left = min(one.row, other.row), min(one.column, other.column)
    bottom = max(one.row + one.height, other.row + other.height)
    right = max(one.column + one.width, other.column + other.width)
    return Window(row=top, column=left, height=bottom - top, width=right - left)


def _box(window: Window) -> BaseGeometry:
    top, left = -window.row, window.column
    return shapely.box(left, top - window.height, left + window.width, top)
