"""Outlines of scenes as geometries that can be compared, whatever archives do at ±180."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from multisat.errors import InvalidAnswer
from multisat.model import Scene, antimeridian

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WIDEST_SCENE = 90
"""Degrees of longitude. A footprint that seems wider crosses ±180 (or lies at a pole)."""


def footprints(scenes: Sequence[Scene]) -> NDArray[np.object_]:
    """Return the footprints as shapely geometries in EPSG:4326, cut at ±180 where they cross it.

    Older items draw an outline across the whole map, or give a box with west > east.

    Raises:
        InvalidAnswer: A footprint is no GeoJSON geometry.
    """
    found = np.empty(len(scenes), dtype=object)
    for index, scene in enumerate(scenes):
        found[index] = _footprint(scene)
    return found


def _footprint(scene: Scene) -> Any:  # noqa: ANN401 - any shapely geometry
    try:
        outline = shape(scene.footprint)
    except (ShapelyError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise InvalidAnswer(
            f"the footprint is no geometry: {error}", provider=scene.provider, item=scene.id
        ) from None
    if outline.is_empty:
        return outline
    west, _, east, _ = outline.bounds
    if _crosses(scene.item.get("bbox")) and outline.geom_type == "Polygon" and east - west > _WIDEST_SCENE:
        return _other_way_round(outline)
    if east - west <= _WIDEST_SCENE and east <= 180 and west >= -180:  # noqa: PLR2004 - degrees
        return outline
    return antimeridian.split(outline)


def _crosses(bbox: object) -> bool:
    """Whether an item's box, of two or three dimensions, has its western edge east of its eastern one."""
    if not isinstance(bbox, list | tuple) or len(bbox) not in {4, 6}:
        return False
    west, east = bbox[0], bbox[len(bbox) // 2]
    return isinstance(west, int | float) and isinstance(east, int | float) and west > east


def _other_way_round(outline: Any) -> Any:  # noqa: ANN401 - any shapely geometry
    """Return an outline drawn across the map as the one it means, across ±180."""

    def step(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([np.where(points[:, 0] < 0, points[:, 0] + 360, points[:, 0]), points[:, 1]])

    return antimeridian.split(shapely.transform(outline, step))
