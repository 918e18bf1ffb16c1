"""What the pixels are: read from the local files, and for another CRS each pixel centre through PROJ.

Warping tools move whole rows by interpolated coordinates, which is quick and up to an eighth of a pixel off;
they cannot be the judge of one another.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .catalogue import items_of
from .workloads import DISTINCT, EPSG, WORKLOADS, Grid, Workload, masked_median

if TYPE_CHECKING:
    from affine import Affine
    from numpy.typing import NDArray

_ROWS = 256
_SAME = 0.01
"""Stored numbers apart that are rounding: composites are floating point."""


def ready(folder: Path, name: str) -> Path:
    """Return the file with the true pixels of a workload's distinct scenes, made if it is not there."""
    path = folder / "truth" / f"{name}.npy"
    if not path.exists():
        print(f"working out the true pixels of {name}", file=sys.stderr, flush=True)
        path.parent.mkdir(exist_ok=True)
        np.save(path, pixels(folder, WORKLOADS[name]))
    return path


def pixels(folder: Path, workload: Workload) -> NDArray[Any]:
    """Return the true pixels (scene, band, y, x) of the distinct scenes."""
    items = items_of(folder, str(folder), min(workload.scenes, DISTINCT))
    files = [[one["assets"][band]["href"] for band in workload.bands] for one in items]
    scenes = np.stack([np.stack([read(file, workload) for file in scene]) for scene in files])
    if not workload.composite:
        return scenes
    return masked_median(scenes[np.arange(workload.scenes) % DISTINCT])[np.newaxis]


def read(path: str, workload: Workload) -> NDArray[Any]:
    """Return the true pixels of a file on the grid of a workload."""
    import rasterio
    from rasterio.windows import from_bounds

    grid = workload.grid
    with rasterio.open(path) as file:
        if grid.epsg != EPSG:
            return moved(file.read(1), file.transform, grid, workload.method)
        own = file.read(1, window=from_bounds(*grid.bounds, transform=file.transform))
    times = grid.shape[0] // own.shape[0]
    return own.repeat(times, axis=0).repeat(times, axis=1)


def moved(values: NDArray[Any], transform: Affine, grid: Grid, method: str) -> NDArray[Any]:
    """Return an array on a grid in another CRS, some rows at a time."""
    from pyproj import Transformer

    back = Transformer.from_crs(grid.epsg, EPSG, always_xy=True)
    found = np.zeros(grid.shape, values.dtype)
    pick = bilinear if method == "bilinear" else nearest
    x = grid.bounds[0] + (np.arange(grid.shape[1]) + 0.5) * grid.pixel
    for start in range(0, grid.shape[0], _ROWS):
        rows = np.arange(start, min(start + _ROWS, grid.shape[0]))
        east, north = back.transform(*np.meshgrid(x, grid.bounds[3] - (rows + 0.5) * grid.pixel))
        column, row = (east - transform.c) / transform.a, (north - transform.f) / transform.e
        inside = (column >= 0) & (row >= 0) & (column < values.shape[1]) & (row < values.shape[0])
        found[rows[0] : rows[-1] + 1][inside] = pick(values, row[inside], column[inside])
    return found


def nearest(values: NDArray[Any], row: NDArray[Any], column: NDArray[Any]) -> NDArray[Any]:
    """Return the pixels that places lie in; a place is counted from the outer corner."""
    return values[row.astype(int), column.astype(int)]


def bilinear(values: NDArray[Any], row: NDArray[Any], column: NDArray[Any]) -> NDArray[Any]:
    """Return the mean of the four pixels around places by distance; what is no data (0) has no weight."""
    total, weights = np.zeros(row.shape), np.zeros(row.shape)
    top, left = np.floor(row - 0.5), np.floor(column - 0.5)
    down, right = row - 0.5 - top, column - 0.5 - left
    for y, share_y in ((top, 1 - down), (top + 1, down)):
        for x, share_x in ((left, 1 - right), (left + 1, right)):
            inside = (y >= 0) & (x >= 0) & (y < values.shape[0]) & (x < values.shape[1])
            taken = values[np.where(inside, y, 0).astype(int), np.where(inside, x, 0).astype(int)]
            weight = share_y * share_x * (inside & (taken != 0))
            total, weights = total + weight * taken, weights + weight
    mean = np.divide(total, weights, out=np.zeros(row.shape), where=weights > 0)
    return np.floor(mean + 0.5).astype(values.dtype)


def compare(found: NDArray[Any], path: Path) -> dict[str, float]:
    """Return the percentage of pixels (scene, band, y, x) that differ, and by more than 2, and the most."""
    true = np.load(path, mmap_mode="r")
    if found.shape[1:] != true.shape[1:]:
        raise ValueError(f"pixels of shape {found.shape} where {true.shape[1:]} of each scene was asked for")
    wrong, far, apart = 0, 0, 0
    for number, scene in enumerate(found):
        distance = np.abs(scene.astype(np.float32) - true[number % len(true)].astype(np.float32))
        wrong, far = wrong + int((distance > _SAME).sum()), far + int((distance > 2).sum())
        apart = max(apart, int(distance.max()))
    return {"differs": 100 * wrong / found.size, "far": 100 * far / found.size, "apart": apart}
