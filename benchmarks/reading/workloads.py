"""What is read: scenes, bands, grid and resampling. Light on imports, as every interpreter needs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

EPSG, WEST, NORTH = 32631, 399960, 5000040
SIZE, PIXEL = 5490, 10
"""The square every scene covers, in pixels of its finest bands; quality layers are half as fine."""

DISTINCT = 4
"""Scenes that differ; scene ``n`` of the archive has the pixels of scene ``n % DISTINCT``."""

RGB = ("red", "green", "blue")
CLOUDY = (0, 1, 3, 8, 9, 10)
"""Scene classes that a composite leaves out: no data, defective, shadow, cloud, cirrus."""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A north-up grid of square pixels."""

    epsg: int = EPSG
    bounds: tuple[float, float, float, float]
    pixel: float = PIXEL

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        left, bottom, right, top = self.bounds
        return round((top - bottom) / self.pixel), round((right - left) / self.pixel)


@dataclass(frozen=True, kw_only=True)
class Workload:
    """One question to a loader."""

    title: str
    scenes: int
    bands: tuple[str, ...]
    grid: Grid
    method: str = "nearest"
    composite: bool = False


@dataclass(frozen=True, kw_only=True)
class Task:
    """A workload over the items of an archive, whose hrefs are absolute."""

    items: list[dict[str, Any]]
    bands: tuple[str, ...]
    grid: Grid
    method: str
    composite: bool = False


def window(column: int, row: int, size: int, pixel: float = PIXEL) -> Grid:
    """Return the grid of a square of the scenes' own pixels."""
    left, top = WEST + column * PIXEL, NORTH - row * PIXEL
    return Grid(bounds=(left, top - size * PIXEL, left + size * PIXEL, top), pixel=pixel)


_NEXT_ZONE = Grid(epsg=EPSG + 1, bounds=(-80000, 4954000, -28000, 5006000))

WORKLOADS = {
    "W1": Workload(
        title="1 km, deep series, 4 bands + SCL",
        scenes=100,
        bands=(*RGB, "nir", "scl"),
        grid=window(2300, 2600, 100),
    ),
    "W2": Workload(
        title="10 km, 3 bands + SCL, masked median",
        scenes=30,
        bands=(*RGB, "scl"),
        grid=window(4400, 4000, 1000),
    ),
    "W2m": Workload(
        title="10 km, the masked median itself",
        scenes=30,
        bands=(*RGB, "scl"),
        grid=window(4400, 4000, 1000),
        composite=True,
    ),
    "W3": Workload(title="whole scene", scenes=1, bands=RGB, grid=window(0, 0, SIZE)),
    "W3u": Workload(title="whole scene, next UTM zone", scenes=1, bands=RGB, grid=_NEXT_ZONE),
    "W3b": Workload(title="the same, bilinear", scenes=1, bands=RGB, grid=_NEXT_ZONE, method="bilinear"),
    "W4": Workload(
        title="1 km, cloud screening by SCL",
        scenes=100,
        bands=("scl",),
        grid=window(2300, 2600, 100, 2 * PIXEL),
    ),
}


def masked_median(cube: NDArray[Any]) -> NDArray[np.float32]:
    """Return the median over time of what the last band of a cube does not call cloudy."""
    scl, bands = cube[:, -1:], cube[:, :-1].astype(np.float32)
    bands[np.isin(scl, CLOUDY) | (bands == 0)] = np.nan
    bands.sort(axis=0)
    known = np.isfinite(bands).sum(axis=0)[np.newaxis]
    low, high = np.maximum(known - 1, 0) // 2, np.minimum(known // 2, len(bands) - 1)
    middle = np.take_along_axis(bands, low, 0) + np.take_along_axis(bands, high, 0)
    return middle[0] / np.float32(2)


def cloudy_share(cube: NDArray[Any]) -> NDArray[np.float64]:
    """Return the cloudy share of each scene inside a circle that touches the edges."""
    rows, columns = cube.shape[-2:]
    y, x = np.ogrid[:rows, :columns]
    inside = np.hypot((y + 0.5) / rows - 0.5, (x + 0.5) / columns - 0.5) <= 0.5
    share: NDArray[np.float64] = np.isin(cube[:, 0][:, inside], CLOUDY).mean(axis=1)
    return share


FINISH = {"W2": masked_median, "W4": cloudy_share}
"""What a user does next, timed apart: it is the same for every loader."""
