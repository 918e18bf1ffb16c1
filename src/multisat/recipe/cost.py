"""What a plan will ask of archives, estimated before it starts."""

from __future__ import annotations

import math
from collections.abc import Sequence

import shapely

from multisat.contracts import Cost
from multisat.model import AOI, Asset, Grid, Scene
from multisat.stac.footprints import footprints
from multisat.steps import Task
from multisat.vocab.bands import resolve
from multisat.vocab.collections import COLLECTIONS

_TILE = 512
"""Pixels along a tile of the usual cloud-optimised GeoTIFF (256 to 1024; provider-dependent)."""
_PACKED = 0.6
"""Share that packing leaves of 16-bit reflectance; codes pack far better."""
_HEADER = 16384
_AT_ONCE, _ROUND_TRIP, _RATE = 64, 0.1, 20e6
"""Requests in flight, seconds each, bytes a second: a usual line to a bucket on another continent."""


def local_cost(task: Task) -> Cost:
    """Return what reading a task's files costs."""
    scenes = [*task.scenes, *task.baseline]
    windows = [(scene, asset) for scene in scenes for asset in _assets(task, scene)]
    shares = dict(zip((s.uid for s in scenes), _shares(scenes, task.grid), strict=True))
    tiles = [(asset, _tiles(task.grid, asset, shares[scene.uid])) for scene, asset in windows]
    size = sum(_HEADER + round(number * _TILE**2 * _width(asset) * _PACKED) for asset, number in tiles)
    requests = sum(1 + math.ceil(math.sqrt(number)) for _, number in tiles)
    return Cost(
        scenes=len(scenes),
        files=len(windows),
        requests=requests,
        bytes=size,
        seconds=max(size / _RATE, requests * _ROUND_TRIP / _AT_ONCE),
    )


def _assets(task: Task, scene: Scene) -> list[Asset]:
    names = {resolve(band, scene.bands, scene.collection) for band in task.steps.needs}
    known = COLLECTIONS.get(scene.collection)
    if task.steps.masked is not None and known is not None and known.quality in scene.bands:
        names.add(known.quality)
    return [scene.assets[name] for name in sorted(n for n in names if n)]


def _shares(scenes: Sequence[Scene], grid: Grid) -> list[float]:
    """Return how much of the grid each scene covers, 0 to 1."""
    area = AOI(geometry=shapely.box(*grid.bounds), crs=grid.crs).lonlat
    return [float(outline.intersection(area).area / area.area) for outline in footprints(scenes)]


def _tiles(grid: Grid, asset: Asset, share: float) -> float:
    """Return how many tiles of a file an area touches, on average over where its edges fall."""
    own = asset.grid.resolution[0] if asset.grid else grid.resolution[0]
    rows, columns = (n * grid.resolution[0] / max(own, grid.resolution[0]) for n in grid.shape)
    down, across = 1 + rows / _TILE, 1 + columns / _TILE
    return max(1.0, down * across * share)


def _width(asset: Asset) -> int:
    return {"uint8": 1, "int8": 1, "float32": 4}.get(asset.dtype or "", 2)
