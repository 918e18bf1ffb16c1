"""The share of every pixel that every area covers, worked out once for all dates and variables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from multisat.model import AOIs, Grid
from multisat.zones.coverage import coverage
from multisat.zones.outline import geobox_of, in_pixels, turned
from multisat.zones.runs import TILE, Runs, packed, tiles_of, unpacked

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from odc.geo.geobox import GeoBox
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, kw_only=True, eq=False)
class Weights:
    """Which pixels each area touches, and how much of each it covers.

    Pixels are kept as runs of equal shares (8 bytes a run), grouped by tile and area into segments, in
    order of tile, then area. An area has about as many runs as its outline crosses pixels, and one more
    for each of its rows in a tile.

    Attributes:
        zones: The areas.
        geobox: The grid.
        area: Pixels each area covers, parts outside the grid included; for points how many pixels.
        tile: Tile of each segment, row by row over the grid.
        zone: Position of the area of each segment.
        bounds: First run of each segment, and the end of the last; one more than segments.
        first, length, share: The runs; see ``Runs``.
    """

    zones: AOIs
    geobox: GeoBox
    area: NDArray[np.float64]
    tile: NDArray[np.int32]
    zone: NDArray[np.int32]
    bounds: NDArray[np.int64]
    first: NDArray[np.uint16]
    length: NDArray[np.uint16]
    share: NDArray[np.float32]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, columns of the grid."""
        rows, columns = self.geobox.shape
        return int(rows), int(columns)

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """Pixels of each segment."""
        ends = np.append(0, np.cumsum(self.length, dtype=np.int64))[self.bounds]
        return np.diff(ends)

    @cached_property
    def _by_zone(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        order = np.argsort(self.zone, kind="stable")
        return order, np.searchsorted(self.zone[order], np.arange(len(self.zones) + 1))

    def segments_of(self, zone: int) -> NDArray[np.intp]:
        """Return the segments of an area, in order of tile."""
        order, at = self._by_zone
        return order[at[zone] : at[zone + 1]]

    def segments_in(self, tile: int) -> range:
        """Return the segments in a tile, in order of area."""
        first, last = np.searchsorted(self.tile, [tile, tile + 1])
        return range(int(first), int(last))

    def cells(self, segments: range) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return pixels (``row * TILE + column`` inside their tile) and shares of neighbouring segments."""
        runs = slice(self.bounds[segments.start], self.bounds[segments.stop])
        length = self.length[runs]
        return unpacked(self.first[runs], length), np.repeat(self.share[runs], length)

    def shares(self, segment: int) -> NDArray[np.float32]:
        """Return the shares of one segment's pixels."""
        runs = slice(self.bounds[segment], self.bounds[segment + 1])
        return np.repeat(self.share[runs], self.length[runs])

    def pixels(self, zone: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
        """Return rows, columns and shares of the pixels of an area, row by row.

        Args:
            zone: Position of the area.
        """
        across = tiles_of(self.shape)[1]
        rows, columns, shares = [], [], []
        for segment in self.segments_of(zone):
            inside, share = self.cells(range(segment, segment + 1))
            down, right = divmod(int(self.tile[segment]), across)
            rows.append(down * TILE + inside // TILE)
            columns.append(right * TILE + inside % TILE)
            shares.append(share)
        if not rows:
            return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32)
        row, column = np.concatenate(rows), np.concatenate(columns)
        order = np.lexsort((column, row))
        return row[order], column[order], np.concatenate(shares)[order]


def weigh(zones: object, grid: GeoBox | Grid) -> Weights:
    """Work out the exact share of each pixel that each area covers.

    Args:
        zones: What ``AOIs.of`` takes, in any CRS. Edges are straight in the CRS of the area. A point takes
            the pixel it lies in, whole.
        grid: Where the pixels lie; may be turned. What lies outside has no pixels, but counts in ``area``.

    Raises:
        AOIError: An area is a line, or the grid's CRS does not reach all of it.
        UsageError: exactextract is not installed.
    """
    areas, geobox = AOIs.of(zones), geobox_of(grid)
    shape = (int(geobox.shape[0]), int(geobox.shape[1]))
    outlines = [in_pixels(area, geobox) for area in areas]
    there = [turned(outline, geobox) for outline in outlines]
    runs = [packed(cells, shape) for cells in coverage(there, shape)]
    return _joined(areas, geobox, np.array([_area(one) for one in outlines], dtype=np.float64), runs)


def _area(outline: BaseGeometry) -> float:
    if shapely.get_dimensions(outline) > 0:
        return float(outline.area)
    return float(len(np.unique(np.floor(shapely.get_coordinates(outline) * [1, -1]), axis=0)))


def _joined(zones: AOIs, geobox: GeoBox, area: NDArray[np.float64], runs: Sequence[Runs]) -> Weights:
    """Sort the segments of all areas by tile; the runs of each segment stay together."""
    tile = np.concatenate([one.tile for one in runs] or [np.empty(0, np.int32)])
    zone = np.repeat(np.arange(len(runs), dtype=np.int32), [len(one.tile) for one in runs])
    counts = np.concatenate([np.diff(one.bounds) for one in runs] or [np.empty(0, np.int64)])
    starts = np.cumsum(counts) - counts
    order = np.lexsort((zone, tile))
    bounds = np.append(0, np.cumsum(counts[order]))
    at = np.repeat(starts[order] - bounds[:-1], counts[order]) + np.arange(bounds[-1])
    return Weights(
        zones=zones,
        geobox=geobox,
        area=area,
        tile=tile[order],
        zone=zone[order],
        bounds=bounds,
        first=np.concatenate([one.first for one in runs] or [np.empty(0, np.uint16)])[at],
        length=np.concatenate([one.length for one in runs] or [np.empty(0, np.uint16)])[at],
        share=np.concatenate([one.share for one in runs] or [np.empty(0, np.float32)])[at],
    )
