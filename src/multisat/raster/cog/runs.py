"""Which bytes of a file hold a window: as few requests as its layout allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from multisat.raster.cog.layer import Layer
from multisat.raster.contract import Window

_GAP = 4096
"""Bytes between two tiles that are cheaper to fetch than another request."""
_LONGEST = 8 * 2**20
_MARGIN, _HEADSTART = 1.08, 6144
"""The beginning of a tile that is fetched for its first rows: how much more than their share, because
rows do not pack equally well, and bytes added for the tables of the codec."""
_WORTHWHILE = 16384
_STREAMED = {"none", "deflate"}


@dataclass(frozen=True, kw_only=True, slots=True)
class TilePart:
    """The block of a tile that a window needs, and where it goes.

    Attributes:
        offset, count: Where the packed tile lies, in bytes.
        rows, columns: First and stop, in pixels of the tile.
        at: Row and column in the window.
    """

    offset: int
    count: int
    rows: tuple[int, int]
    columns: tuple[int, int]
    at: tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """Tiles that are fetched with one request.

    Attributes:
        start, stop: First byte and the one after the last.
        tiles: In order of position; the last one may reach past ``stop``.
    """

    start: int
    stop: int
    tiles: tuple[TilePart, ...]


def runs(layer: Layer, window: Window) -> list[Run]:
    """Return the requests for a window; tiles that the file leaves out are in none of them."""
    parts = sorted(_parts(layer, window), key=lambda part: part.offset)
    found: list[list[TilePart]] = []
    for part in parts:
        if found and _joins(found[-1], part):
            found[-1].append(part)
        else:
            found.append([part])
    return [_run(layer, group) for group in found]


def _parts(layer: Layer, window: Window) -> Iterator[TilePart]:
    tall, wide = layer.tile_height, layer.tile_width
    for down in range(window.row // tall, (window.row + window.height - 1) // tall + 1):
        rows = _inside(down * tall, tall, window.row, window.height)
        for across in range(window.column // wide, (window.column + window.width - 1) // wide + 1):
            index = down * layer.across + across
            count = int(layer.counts[index])
            if count == 0:
                continue
            columns = _inside(across * wide, wide, window.column, window.width)
            yield TilePart(
                offset=int(layer.offsets[index]),
                count=count,
                rows=rows,
                columns=columns,
                at=(down * tall + rows[0] - window.row, across * wide + columns[0] - window.column),
            )


def _inside(start: int, size: int, first: int, length: int) -> tuple[int, int]:
    return max(first - start, 0), min(first + length - start, size)


def _joins(group: list[TilePart], part: TilePart) -> bool:
    last = group[-1]
    end = last.offset + last.count
    return 0 <= part.offset - end <= _GAP and part.offset + part.count - group[0].offset <= _LONGEST


def _run(layer: Layer, group: list[TilePart]) -> Run:
    last = group[-1]
    return Run(start=group[0].offset, stop=last.offset + _length(layer, last), tiles=tuple(group))


def _length(layer: Layer, part: TilePart) -> int:
    """Return how much of a tile to fetch: its beginning if only its first rows are wanted."""
    if layer.codec not in _STREAMED or part.rows[1] == layer.tile_height:
        return part.count
    if layer.codec == "none":
        return min(part.count, part.rows[1] * layer.row_bytes)
    guess = int(part.count * part.rows[1] / layer.tile_height * _MARGIN) + _HEADSTART
    return guess if guess + _WORTHWHILE < part.count else part.count
