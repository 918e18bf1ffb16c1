"""Reading the quality layers of one overpass, and counting what they show of each area."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import shapely
from rasterio.warp import transform_bounds

from multisat.cube.aside import aside
from multisat.cube.block import Block
from multisat.cube.patch import Patch
from multisat.model import Grid
from multisat.raster import Budget, Window, together
from multisat.screening.bounds import needed
from multisat.screening.pieces import Piece, pieces, size, windows
from multisat.screening.quality import Copy, QualityFile
from multisat.screening.tally import Bools, Codes, Reading, Tally
from multisat.screening.weights import Weights

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

FULL = 512 * 512
"""Pixels. A box around an area with no more is always read in full resolution: it is a few tiles."""
_READ, _COUNTED = 8, 24
"""Bytes that a pixel of one scene takes while it is read, and one of an area while it is counted."""
_SLACK = 4
"""Pixels by which the box around a file in another CRS may be too small: its edges are bent."""


@dataclass(kw_only=True)
class Counting:
    """The counting of one overpass.

    Attributes:
        files: The quality layers of its scenes.
        touched: Number of an area to the numbers of its scenes, and the share of it each one covers.
        weights: Shares of pixels inside of areas.
        reading: How codes are read.
        tolerance: Bound that overviews must keep, as a share of 1; 0 reads no overview.
        memory: Bytes for pixels in hand.
        tallies: What was counted, by number of the area.
    """

    files: Sequence[QualityFile]
    touched: Mapping[int, Mapping[int, float]]
    weights: Weights
    reading: Reading
    tolerance: float
    memory: Budget
    tallies: dict[int, Tally] = field(default_factory=dict)

    async def all(self) -> None:
        """Read and count all areas, those on one grid together."""
        levels: dict[tuple[Grid, int], list[int]] = defaultdict(list)
        for index in self.touched:
            file = await self._best(index)
            if file is not None:
                grids = file.raster.info.levels
                level = self._level(index, grids) if file.sampled else 0
                levels[grids[level], level].append(index)
        await together(self._on(grid, level, areas) for (grid, level), areas in levels.items())

    async def _best(self, index: int) -> Copy | None:
        """Return the file that covers most of an area, of those that can be opened."""
        shares = self.touched[index]
        for number in sorted(shares, key=lambda n: (-shares[n], n)):
            file = await self.files[number].copy()
            if file is not None:
                return file
        return None

    def _level(self, index: int, grids: Sequence[Grid]) -> int:
        """Return the coarsest level with as many pixels in an area as the tolerance needs."""
        left, bottom, right, top = self.weights.outline(index, grids[0]).bounds
        if self.tolerance <= 0 or (right - left) * (top - bottom) <= FULL:
            return 0
        enough = needed(self.tolerance)
        fine = [self.weights.outline(index, grid).area >= enough for grid in grids]
        return max((level for level, well in enumerate(fine) if well), default=0)

    async def _on(self, grid: Grid, level: int, areas: Sequence[int]) -> None:
        """Read and count areas on one grid."""
        reach = await self._reach(grid)
        parts: list[tuple[int, Window]] = []
        for index in areas:
            outline = self.weights.outline(index, grid)
            self.tallies[index] = Tally(total=outline.area, level=level, resolution=grid.resolution[0])
            parts += [(index, window) for window in windows(outline, reach)]
        await together(self._piece(grid, level, piece) for piece in pieces(parts))

    async def _reach(self, grid: Grid) -> BaseGeometry:
        """Return where files have pixels, in pixels of a grid with rows downward and negative."""
        copies = [await file.copy() for file in self.files]
        grids = [copy.raster.info.grid for copy in copies if copy is not None]
        boxes = [_moved(one, grid) for one in grids]
        a, _, c, _, e, f = grid.transform
        return shapely.transform(shapely.union_all(boxes), lambda p: (p - (c, f)) / (a, -e))

    async def _piece(self, grid: Grid, level: int, piece: Piece) -> None:
        """Read a window of every scene that an area in it needs, and count it."""
        window = piece.window
        place = {name: getattr(window, name) for name in ("row", "column", "height", "width")}
        block = Block(whole=grid.geobox, **place)
        numbers = sorted({number for index, _ in piece.parts for number in self.touched[index]})
        largest = max(size(part) for _, part in piece.parts)
        async with self.memory.take((_READ * size(window) + _COUNTED * largest) * len(numbers)):
            found = await together(self.files[n].patch(block, coarse=level > 0) for n in numbers)
            read = {n: one for n, one in zip(numbers, found, strict=True) if one is not None}
            for index, part in piece.parts:
                mine = [one for number, one in read.items() if number in self.touched[index]]
                if mine:
                    await self._part(index, grid, part, [_cut(one, part.within(window)) for _, one in mine])
                    whole = level == 0 and all(copy.fits(block) for copy, _ in mine)
                    self.tallies[index].whole &= whole

    async def _part(self, index: int, grid: Grid, part: Window, codes: Sequence[tuple[Codes, Bools]]) -> None:
        """Count a window of an area."""
        weights = await self.weights.of(index, grid, part)
        sums = await aside(size(part), lambda: self.reading.summed(codes, weights))
        self.tallies[index].add(sums)


def _cut(patch: Patch, at: tuple[slice, slice]) -> tuple[Codes, Bools]:
    return patch.values[at], patch.valid[at]


def _moved(one: Grid, grid: Grid) -> BaseGeometry:
    """Return the box around a grid in the CRS of another one."""
    if one.crs == grid.crs:
        return shapely.box(*one.bounds)
    slack = _SLACK * max(grid.resolution)
    return shapely.box(*transform_bounds(one.crs, grid.crs, *one.bounds)).buffer(slack, join_style="mitre")
