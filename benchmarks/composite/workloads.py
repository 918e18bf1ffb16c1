"""What is composed: areas of whole blocks. Light on imports, as every interpreter needs it."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.reading.workloads import NORTH, PIXEL, WEST, Grid

SIDE = 1024
"""Pixels along a side of a block of these composites, which is a tile."""


@dataclass(frozen=True, kw_only=True)
class Area:
    """A part of the synthetic scenes.

    Attributes:
        title: What it shows.
        across, down: Blocks along x and y.
        pixel: Metres; 5 repeats the scenes' pixels, so that they are large enough for many blocks.
        scenes: How many, six a month.
    """

    title: str
    across: int
    down: int
    pixel: int = PIXEL
    scenes: int = 24
    side: int = SIDE
    shift: int = 0

    @property
    def grid(self) -> Grid:
        """Its pixels."""
        width, height = self.across * self.side * self.pixel, self.down * self.side * self.pixel
        left, top = WEST + self.shift * PIXEL, NORTH - self.shift * PIXEL
        return Grid(bounds=(left, top - height, left + width, top), pixel=self.pixel)


AREAS = {
    "B1": Area(title="1 block of 1024 x 1024 pixels", across=1, down=1, pixel=5),
    "B4": Area(title="4 blocks: one output tile of 2048 x 2048 pixels", across=2, down=2, pixel=5),
    "B10": Area(title="10 blocks", across=5, down=2, pixel=5),
    "B100": Area(title="100 blocks", across=10, down=10, pixel=5),
    "B400": Area(title="400 blocks: 100 output tiles", across=20, down=20, pixel=5),
    "S100": Area(title="1 km, 100 scenes", across=1, down=1, side=100, scenes=100, shift=2100),
    "M1": Area(title="one", across=1, down=1),
    "M4": Area(title="2048 x 2048 pixels of 10 m", across=2, down=2),
    "M16": Area(title="4096 x 4096 pixels of 10 m", across=4, down=4),
}
