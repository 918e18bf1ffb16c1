"""The exact share of each pixel that a polygon covers, by exactextract."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from multisat.zones.extras import extra

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

_CELLS = 2**21
"""Pixels of the boxes around the shapes that are worked on at a time: about 100 MB."""
_STRIP = 256
"""Rows by which large shapes are cut are multiples of this."""


@dataclass(frozen=True, kw_only=True)
class Cells:
    """The pixels that one shape touches, row by row, each once.

    Attributes:
        index: ``row * columns + column`` on the grid, rising.
        share: Covered share of the pixel, above 0 and at most 1, with the precision of float32.
    """

    index: NDArray[np.int64]
    share: NDArray[np.float32]


def coverage(shapes: Sequence[BaseGeometry], shape: tuple[int, int]) -> Iterator[Cells]:
    """Give the pixels of each shape, in order.

    Args:
        shapes: Polygons or points in pixels; see ``in_pixels``. A point takes the pixel it lies in,
            whose upper and left edges belong to it.
        shape: Rows, columns of the grid. What lies outside is left out.
    """
    for batch in _batches(shapes, shape):
        if shapely.get_dimensions(batch[0]) == 0:
            yield _of_points(batch[0], shape)
        elif len(batch) == 1 and _box(batch[0], shape) > _CELLS:
            yield _of_large(batch[0], shape)
        else:
            yield from _of_polygons(batch, shape, 0, shape[0])


def _batches(shapes: Sequence[BaseGeometry], shape: tuple[int, int]) -> Iterator[list[BaseGeometry]]:
    """Group neighbours in order: points alone, polygons until their boxes have enough pixels."""
    batch: list[BaseGeometry] = []
    room = _CELLS
    for one in shapes:
        point, size = shapely.get_dimensions(one) == 0, _box(one, shape)
        if batch and (point or size > room):
            yield batch
            batch, room = [], _CELLS
        batch.append(one)
        room = -1 if point else room - size
    if batch:
        yield batch


def _box(one: BaseGeometry, shape: tuple[int, int]) -> int:
    """Return how many pixels the box around a shape has on the grid."""
    if one.is_empty:
        return 0
    left, bottom, right, top = one.bounds
    down = min(shape[0], -bottom + 1) - max(0, -top - 1)
    across = min(shape[1], right + 1) - max(0, left - 1)
    return int(max(0, down) * max(0, across))


def _of_points(points: BaseGeometry, shape: tuple[int, int]) -> Cells:
    at = shapely.get_coordinates(points)
    columns, rows = np.floor(at[:, 0]).astype(np.int64), np.floor(-at[:, 1]).astype(np.int64)
    inside = (rows >= 0) & (rows < shape[0]) & (columns >= 0) & (columns < shape[1])
    index = np.unique((rows * shape[1] + columns)[inside])
    return Cells(index=index, share=np.ones(len(index), dtype=np.float32))


def _of_large(one: BaseGeometry, shape: tuple[int, int]) -> Cells:
    """Take a large shape strip by strip: exactextract lists 16 bytes for each pixel."""
    height = max(_STRIP, _CELLS // shape[1] // _STRIP * _STRIP)
    strips = [
        cells
        for top in range(0, shape[0], height)
        for cells in _of_polygons([one], shape, top, min(shape[0], top + height))
    ]
    return Cells(
        index=np.concatenate([c.index for c in strips]), share=np.concatenate([c.share for c in strips])
    )


def _of_polygons(
    shapes: Sequence[BaseGeometry], shape: tuple[int, int], top: int, bottom: int
) -> Iterator[Cells]:
    """Ask exactextract for the rows from ``top`` up to but not including ``bottom``."""
    columns = shape[1]
    nothing = np.broadcast_to(np.uint8(0), (bottom - top, columns))
    raster = extra("exactextract.raster").NumPyRasterSource(nothing, 0, -bottom, columns, -top)
    found = extra("exactextract").exact_extract(raster, _features(shapes), ["cell_id", "coverage"])
    for feature in found:
        values = feature["properties"]
        index = values["cell_id"] + top * columns
        order = slice(None) if (np.diff(index) > 0).all() else np.argsort(index, kind="stable")
        yield Cells(index=index[order], share=values["coverage"][order].astype(np.float32))


def _features(shapes: Sequence[BaseGeometry]) -> Any:  # noqa: ANN401 - a class of exactextract
    """Return shapes as exactextract reads them fastest, as WKB instead of GeoJSON."""
    feature = extra("exactextract.feature")

    class Shape(feature.Feature):  # type: ignore[misc, name-defined] # imported late
        def __init__(self, wkb: bytes) -> None:
            super().__init__()
            self._wkb = wkb

        def geometry(self) -> bytes:
            return self._wkb

        def fields(self) -> list[str]:
            return []

    class Shapes(feature.FeatureSource):  # type: ignore[misc, name-defined] # imported late
        def count(self) -> int:
            return len(shapes)

        def __iter__(self) -> Iterator[Shape]:
            return (Shape(wkb) for wkb in shapely.to_wkb(np.asarray(shapes)))

        def srs_wkt(self) -> None:
            return None

    return Shapes()
