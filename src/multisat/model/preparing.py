"""Geometries made ready for many questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


def prepared(geometry: BaseGeometry) -> BaseGeometry:
    """Return a prepared copy, for the thread that asks for it and for no other.

    GEOS builds the index of a prepared geometry when it is first asked, without a lock: two threads that
    ask one at the same time end in freed memory. A geometry that others hold is never prepared itself.
    """
    own = copied(geometry)
    shapely.prepare(own)
    return own


def copied(geometry: BaseGeometry) -> BaseGeometry:
    """Return a copy that is not prepared."""
    return shapely.from_wkb(shapely.to_wkb(geometry, include_srid=True))
