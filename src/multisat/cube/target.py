"""Choosing the grid of a cube."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from affine import Affine
from odc.geo.geobox import GeoBox
from odc.geo.geom import BoundingBox
from rasterio.warp import calculate_default_transform, transform_bounds

from multisat.cube.opening import Opener
from multisat.errors import AssetError, AssetUnreadable, UsageError
from multisat.model import AOI, Asset, Grid, Scene
from multisat.raster import together
from multisat.vocab.bands import resolve

_NEAR = 1e-6


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the user says of the grid.

    Attributes:
        aoi: Area to cover; None is all of the scenes.
        crs: CRS, or None for the native one of the scenes that cover the area best.
        resolution: Pixel size in units of the CRS, or None for the finest native one.
        like: A grid to use as it is: GeoBox, Grid, or an xarray object with one.
    """

    aoi: AOI | None = None
    crs: str | None = None
    resolution: float | None = None
    like: Any = None


async def choose_grid(
    scenes: Sequence[Scene], bands: Sequence[str], wanted: Wanted, opener: Opener
) -> GeoBox:
    """Return the grid of a cube.

    By default: the CRS of the scenes that cover most of the area, the pixels of the finest band
    that was asked for, and the extent of the area, outward to whole pixels.

    Raises:
        UsageError: ``like`` is no grid, or the area does not lie in the CRS.
        AssetUnreadable: No header could be read.
    """
    if wanted.like is not None:
        return _like(wanted.like)
    native, around = await _native(scenes, bands, wanted.aoi, opener)
    if wanted.crs is not None and wanted.crs.upper() != native.crs:
        return _other_crs(wanted, native, around)
    extent = around if wanted.aoi is None else _extent(wanted.aoi, native.crs)
    size = wanted.resolution or native.resolution[1]
    return _snapped(extent, native.crs, size, (native.transform[2], native.transform[5]))


def _like(like: Any) -> GeoBox:  # noqa: ANN401 - any object with a grid
    if isinstance(like, GeoBox):
        return like
    if isinstance(like, Grid):
        return like.geobox
    crs = getattr(getattr(like, "rio", None), "crs", None)
    if crs is None:
        hint = "give a GeoBox, a Grid or a georeferenced cube"
        raise UsageError(f"{type(like).__name__} has no grid", hint=hint)
    return GeoBox(like.rio.shape, like.rio.transform(), str(crs))


async def _native(
    scenes: Sequence[Scene], bands: Sequence[str], aoi: AOI | None, opener: Opener
) -> tuple[Grid, BoundingBox]:
    """Return the finest grid in the CRS that covers the area best, and the box around its files."""
    grids: dict[str, list[tuple[float, str, Grid]]] = defaultdict(list)
    cover: dict[str, float] = defaultdict(float)
    problem: AssetError | None = None
    known = await together(_grids_of(scene, bands, opener) for scene in scenes)
    for scene, found in zip(scenes, known, strict=True):
        if isinstance(found, AssetError):
            problem = problem or found
            continue
        for grid in found[:1]:
            cover[grid.crs] += _share(scene, aoi)
        for grid in found:
            grids[grid.crs].append((grid.resolution[1], str(scene.acquisition), grid))
    if not grids:
        raise problem or AssetUnreadable("no scene has any of the bands", hint="load others")
    best = max(sorted(cover), key=lambda crs: cover[crs])
    finest = min(grids[best], key=lambda g: g[:2])[2]
    return finest, _around([grid.bounds for _, _, grid in grids[best]], best)


def _assets(scene: Scene, bands: Sequence[str]) -> list[Asset]:
    names = (resolve(band, scene.bands, scene.collection) for band in bands)
    return [scene.assets[name] for name in names if name is not None]


async def _grids_of(scene: Scene, bands: Sequence[str], opener: Opener) -> list[Grid] | AssetError:
    """Return the grids of a scene's files, from their headers where the archive does not tell them."""
    try:
        return [a.grid or (await opener.describe(scene, a)).grid for a in _assets(scene, bands)]
    except AssetError as error:
        return error


def _share(scene: Scene, aoi: AOI | None) -> float:
    if aoi is None or aoi.lonlat.area == 0:
        return 1.0
    return float(scene.geometry.buffer(0).intersection(aoi.lonlat).area / aoi.lonlat.area)


def _extent(aoi: AOI, crs: str) -> BoundingBox:
    left, bottom, right, top = aoi.to_crs(crs).bounds
    if not all(math.isfinite(value) for value in (left, bottom, right, top)):
        raise UsageError(f"the area cannot be drawn in {crs}", hint="choose another CRS")
    return BoundingBox(left, bottom, right, top, crs)


def _around(boxes: Sequence[tuple[float, float, float, float]], crs: str) -> BoundingBox:
    left, bottom, right, top = zip(*boxes, strict=True)
    return BoundingBox(min(left), min(bottom), max(right), max(top), crs)


def _snapped(extent: BoundingBox, crs: str, size: float, anchor: tuple[float, float]) -> GeoBox:
    """Return a grid of whole pixels around an extent, at least one, in step with an anchor."""
    x, y = anchor
    first, last = _outward(extent.left - x, size), -_outward(x - extent.right, size)
    low, high = _outward(extent.bottom - y, size), -_outward(y - extent.top, size)
    columns, rows = max(1, last - first), max(1, high - low)
    return GeoBox((rows, columns), Affine(size, 0, x + first * size, 0, -size, y + (low + rows) * size), crs)


def _outward(distance: float, size: float) -> int:
    """Return whole pixels below a distance; a distance on an edge counts as that edge."""
    return math.floor(distance / size + _NEAR)


def _other_crs(wanted: Wanted, native: Grid, around: BoundingBox) -> GeoBox:
    """Return a grid in a CRS that is not the scenes' own; its pixels are about as large as theirs."""
    crs = str(wanted.crs)
    rows, columns = native.shape
    transform, _, _ = calculate_default_transform(native.crs, crs, columns, rows, *native.bounds)
    extent = _extent(wanted.aoi, crs) if wanted.aoi is not None else _around([_moved(around, crs)], crs)
    return _snapped(extent, crs, wanted.resolution or float(transform.a), (0.0, 0.0))


def _moved(box: BoundingBox, crs: str) -> tuple[float, float, float, float]:
    left, bottom, right, top = transform_bounds(str(box.crs), crs, *box.bbox)
    return left, bottom, right, top
