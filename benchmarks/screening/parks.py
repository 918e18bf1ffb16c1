"""Nine parks: irregular polygons of one to four square kilometres, near each other or far apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from benchmarks.reading.workloads import NORTH, WEST

TILE = 512 * 20
"""Metres: the side of a tile of the quality layers."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where the parks lie.

    Attributes:
        title: In words.
        middle: Of all parks, in metres right of and below the corner of the scene.
        step: Metres between neighbours in their three rows.
    """

    title: str
    middle: tuple[float, float]
    step: float


LAYOUTS = {
    "town": Layout(title="9 parks inside one tile of the file", middle=(5.5 * TILE, 5.5 * TILE), step=2800),
    "city": Layout(
        title="9 parks in 14 km, on four tiles of the file", middle=(5 * TILE, 6 * TILE), step=6000
    ),
    "tile": Layout(title="9 parks all over the scene", middle=(5.4 * TILE, 5.4 * TILE), step=35000),
}


def parks(layout: str) -> list[shapely.Polygon]:
    """Return nine polygons in the CRS of the scenes."""
    where, rng = LAYOUTS[layout], np.random.default_rng(9)
    x, y = WEST + where.middle[0], NORTH - where.middle[1]
    places = [(x + i * where.step, y + j * where.step) for j in (-1, 0, 1) for i in (-1, 0, 1)]
    return [_park(rng, *place) for place in places]


def _park(rng: np.random.Generator, x: float, y: float) -> shapely.Polygon:
    turns = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    radius = rng.uniform(500, 1000) * rng.uniform(0.75, 1.15, 40)
    return shapely.Polygon(np.column_stack([x + radius * np.cos(turns), y + radius * np.sin(turns)]))
