"""Filtering again what a service claims to have filtered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from multisat.model import PropertyFilter, Request, Scene
from multisat.model.preparing import prepared
from multisat.stac.footprints import footprints
from multisat.vocab.collections import COLLECTIONS

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


class Matcher:
    """Judges scenes against a request.

    Args:
        request: The question.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self._area: BaseGeometry = prepared(request.aoi.lonlat)
        self.seen: set[str] = set()

    def select(self, scenes: Sequence[Scene]) -> list[Scene]:
        """Return the scenes that match, in the order given.

        Time is half open, clouds are compared with ``<=`` and unknown cloud cover is kept, and
        the footprint must share at least a point with the area.
        """
        import shapely

        kept = [scene for scene in scenes if self._by_values(scene)]
        touching = shapely.intersects(self._area, footprints(kept))
        return [scene for scene, touches in zip(kept, touching, strict=True) if touches]

    def unknown(self) -> list[str]:
        """Return the filter properties that no scene had."""
        return [f.name for f in self._request.filters if f.name not in self.seen]

    def _by_values(self, scene: Scene) -> bool:
        return self._in_time(scene) and self._clear_enough(scene) and self._meets_filters(scene)

    def _in_time(self, scene: Scene) -> bool:
        known = COLLECTIONS.get(scene.collection)
        static = known is not None and known.static
        return static or self._request.time is None or self._request.time.contains(scene.datetime)

    def _clear_enough(self, scene: Scene) -> bool:
        limit = self._request.max_cloud
        return limit is None or scene.cloud_cover is None or scene.cloud_cover <= limit

    def _meets_filters(self, scene: Scene) -> bool:
        met = [self._meets(scene, condition) for condition in self._request.filters]
        return all(met)

    def _meets(self, scene: Scene, condition: PropertyFilter) -> bool:
        have = scene.value(condition.name)
        if have is not None:
            self.seen.add(condition.name)
        return condition.met_by(have)
