"""What an archive stores, and what is asked of it: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Pixels:
    """A north-up grid in metres: the upper left corner, the side of a pixel, rows and columns."""

    x: float
    y: float
    size: float
    rows: int
    columns: int

    def grown(self, pixels):
        """Return the grid with so many more pixels on each side."""
        more = pixels * self.size
        return replace(
            self,
            x=self.x - more,
            y=self.y + more,
            rows=self.rows + 2 * pixels,
            columns=self.columns + 2 * pixels,
        )

    def centre(self, row, column):
        """Return x and y of the centre of a pixel."""
        return self.x + (column + 0.5) * self.size, self.y - (row + 0.5) * self.size


@dataclass(frozen=True, kw_only=True, eq=False)
class StoredBand:
    """The numbers of one file, of shape (rows, columns), and what they mean."""

    numbers: np.ndarray
    pixels: Pixels
    nodata: float | None = None
    scale: float = 1.0
    offset: float = 0.0

    @cache  # noqa: B019 - what a test archive stores is kept for the whole run anyway
    def at(self, pixels):
        """Return the stored number under the centre of each pixel, and where there is one."""
        rows, columns, have = pixels.rows, pixels.columns, self.pixels
        numbers = np.zeros((rows, columns), self.numbers.dtype)
        known = np.zeros((rows, columns), bool)
        for row in range(rows):
            for column in range(columns):
                x, y = pixels.centre(row, column)
                i, j = int((have.y - y) // have.size), int((x - have.x) // have.size)
                if 0 <= i < have.rows and 0 <= j < have.columns:
                    numbers[row, column] = self.numbers[i, j]
                    known[row, column] = not self._is_nothing(self.numbers[i, j])
        return numbers, known

    def physical(self, pixels):
        """Return float32 in physical units, NaN where there is no number."""
        numbers, known = self.at(pixels)
        values = (numbers.astype(np.float64) * self.scale + self.offset).astype(np.float32)
        values[~known] = np.nan
        return values

    def _is_nothing(self, number):
        return bool(np.isnan(number)) or (self.nodata is not None and float(number) == self.nodata)


@dataclass(frozen=True, kw_only=True, eq=False)
class StoredScene:
    """One entry of an archive; ``bands`` by canonical name, the quality layer among them.

    ``alternates`` are copies from elsewhere, which are read only when the scene cannot be.
    """

    name: str
    collection: str
    time: datetime
    bands: Mapping[str, StoredBand]
    cloud_cover: float | None = None
    alternates: tuple["StoredScene", ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Overpass:
    """Scenes seen in one pass, in the order in which they fill pixels."""

    scenes: tuple[StoredScene, ...]

    @property
    def time(self):
        """The earliest time of its scenes, UTC."""
        return min(scene.time for scene in self.scenes)

    @property
    def cloud_cover(self):
        """Percent, or None; scenes of one pass have the same in this archive."""
        return self.scenes[0].cloud_cover


@dataclass(frozen=True, kw_only=True, eq=False)
class Archive:
    """Overpasses in order of time."""

    overpasses: tuple[Overpass, ...]

    def of(self, *collections):
        """Return the archive with overpasses of these collections only."""
        kept = tuple(o for o in self.overpasses if o.scenes[0].collection in collections)
        return Archive(overpasses=kept)

    def between(self, start, end):
        """Return the overpasses from ``start`` up to but not including ``end``."""
        return [one for one in self.overpasses if start <= one.time < end]


@dataclass(frozen=True, kw_only=True)
class Ask:
    """Where and when: half open, UTC; rings of the area's polygon in metres (even-odd rule)."""

    pixels: Pixels
    start: datetime
    end: datetime
    rings: tuple[tuple[tuple[float, float], ...], ...] = ()
