"""From blocks to statistics: pieces of areas are kept until the last one is there."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from multisat.cube.block import Block
from multisat.errors import UsageError
from multisat.zones import moments, quantiles, shares
from multisat.zones.layers import Cut, Layer, layer_of
from multisat.zones.parts import tiles_in
from multisat.zones.runs import TILE
from multisat.zones.statistics import Wanted
from multisat.zones.weights import Weights

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_PIXELS = 2**17
"""Pixels of areas that are worked on at a time, where many lie over each other."""


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """What one segment adds, by variable."""

    moments: dict[str, Floats] = field(default_factory=dict)
    values: dict[str, NDArray[Any]] = field(default_factory=dict)
    covers: dict[str, shares.Covers] = field(default_factory=dict)


class Accumulator:
    """Takes blocks in any order, each once, and gives the statistics of areas that are complete.

    Everything is worked out tile by tile and put together in the order of tiles, so results do not
    depend on size or order of the blocks, to the last bit. Moments take 40 bytes per date, variable, area
    and tile until the area is complete; for medians and quantiles see ``most_held``.
    """

    def __init__(self, weights: Weights, asked: Sequence[Wanted], steps: int) -> None:
        """Begin.

        Args:
            weights: Areas on their grid.
            asked: What to work out; see ``wanted``.
            steps: Number of time steps of every block.
        """
        self._weights, self._asked, self._steps = weights, tuple(asked), steps
        self._pieces: dict[int, dict[int, _Piece]] = defaultdict(dict)
        self._left = np.bincount(weights.zone, minlength=len(weights.zones))
        self._open = set(range(len(weights.zones)))
        self._seen: set[int] = set()

    @property
    def complete(self) -> tuple[int, ...]:
        """Positions of the areas that are complete and not yet finished, rising."""
        return tuple(sorted(zone for zone in self._open if self._left[zone] == 0))

    def add(self, block: Block, cube: xr.Dataset) -> None:
        """Take a block with all time steps.

        Args:
            block: Where it lies; between multiples of 256 pixels, as ``blocks`` gives them.
            cube: Variables of shape (time, y, x), or (y, x) for one time step; NaN, or the whole number
                its attribute ``nodata`` names, where there is none.

        Raises:
            UsageError: It has another shape, lacks a variable, or was added before.
        """
        layers = {a.variable: layer_of(cube, a.variable, self._steps, block.shape) for a in self._asked}
        tiles = list(tiles_in(block))
        if self._seen & {number for number, _, _ in tiles}:
            raise UsageError(
                f"the block at row {block.row}, column {block.column} was added before", hint="add each once"
            )
        self._seen.update(number for number, _, _ in tiles)
        tasks = [(g, rows, columns) for n, rows, columns in tiles for g in self._groups(n)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            done = pool.map(lambda task: self._worked_out(task[0], task[1:], layers), tasks)
            for (group, _, _), pieces in zip(tasks, done, strict=True):
                self._keep(group, pieces)

    def finish(self, zone: int) -> dict[str, Floats]:
        """Return the statistics of an area and forget its pieces.

        Args:
            zone: Its position.

        Returns:
            ``VARIABLE_STATISTIC``, and for ``mask`` ``cloud`` and ``nodata``, to one number a time step.

        Raises:
            UsageError: Blocks of it are missing, or it was finished before.
        """
        name = self._weights.zones[zone].name or zone + 1
        if zone not in self._open:
            raise UsageError(f"area {name} was finished before", hint="keep what finish() returned")
        if self._left[zone]:
            raise UsageError(f"blocks of area {name} are missing", hint="add all that blocks() gives")
        self._open.remove(zone)
        segments = sorted(self._pieces.get(zone, ()))
        pieces = [self._pieces[zone][segment] for segment in segments]
        self._pieces.pop(zone, None)
        found: dict[str, Floats] = {}
        for ask in self._asked:
            found |= self._columns(ask, zone, segments, pieces)
        return found

    def _groups(self, tile: int) -> Iterator[range]:
        """Part the segments of a tile so that none but single ones have too many pixels."""
        segments, sizes = self._weights.segments_in(tile), self._weights.sizes
        first, room = segments.start, _PIXELS
        for segment in segments:
            if sizes[segment] > room and segment > first:
                yield range(first, segment)
                first, room = segment, _PIXELS
            room -= int(sizes[segment])
        if first < segments.stop:
            yield range(first, segments.stop)

    def _worked_out(
        self, group: range, window: tuple[slice, slice], layers: Mapping[str, Layer]
    ) -> list[_Piece]:
        """Work out the segments of a group, which lie in one window of a block."""
        inside, share = self._weights.cells(group)
        sizes = self._weights.sizes[group.start : group.stop]
        index = inside // TILE * (window[1].stop - window[1].start) + inside % TILE
        pieces = [_Piece() for _ in group]
        for ask in self._asked:
            layer = layers[ask.variable]
            tile = layer.values[:, *window].reshape(self._steps, -1)
            values = np.take(tile, index, axis=1)
            cut = Cut(
                layer=layer, values=values, shares=share.astype(np.float64), starts=np.cumsum(sizes) - sizes
            )
            _add(pieces, ask, cut)
        return pieces

    def _keep(self, group: range, pieces: Sequence[_Piece]) -> None:
        for segment, piece in zip(group, pieces, strict=True):
            zone = int(self._weights.zone[segment])
            self._pieces[zone][segment] = piece
            self._left[zone] -= 1

    def _columns(
        self, ask: Wanted, zone: int, segments: Sequence[int], pieces: Sequence[_Piece]
    ) -> dict[str, Floats]:
        name, steps = ask.variable, self._steps
        area = float(self._weights.area[zone])
        found = moments.columns([p.moments[name] for p in pieces if ask.moments], area, steps, ask.moments)
        if name == "mask":
            return {"cloud": found["cover"], "nodata": 1.0 - found["valid"]}
        if ask.quantiles:
            values = [p.values[name] for p in pieces] or [np.empty((steps, 0), np.float32)]
            share = [self._weights.shares(segment) for segment in segments] or [np.empty(0, np.float32)]
            found |= quantiles.columns(np.concatenate(values, axis=1), np.concatenate(share), ask.quantiles)
        if ask.share:
            found |= shares.columns([p.covers[name] for p in pieces], steps)
        return {f"{name}_{stat}": numbers for stat, numbers in found.items()}


def _add(pieces: Sequence[_Piece], ask: Wanted, cut: Cut) -> None:
    """Add what a variable gives to pieces."""
    name = ask.variable
    if ask.moments:
        for piece, state in zip(pieces, moments.states(cut, ask.moments), strict=True):
            piece.moments[name] = state
    if ask.quantiles:
        for piece, part in zip(pieces, cut.split, strict=True):
            piece.values[name] = part.copy()
    if ask.share:
        for piece, cover in zip(pieces, shares.states(cut, ask), strict=True):
            piece.covers[name] = cover
