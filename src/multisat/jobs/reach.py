"""Which scenes a place needs: those that lie over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from multisat.engine.plan import Plan
from multisat.engine.series import begin
from multisat.jobs.spans import Groups, Span
from multisat.model import Scene
from multisat.model.periods import index_of
from multisat.stac.footprints import footprints

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_MARGIN = 0.02
"""Degrees, about 2 km. Outlines in catalogues are drawn coarsely."""
Uid = tuple[str, str, str]


class Reach:
    """Finds the scenes over a place.

    A table without periods has a row per overpass of the whole area, so it keeps them all. The cloud
    cover of an overpass is that of all its scenes, so where it chooses they are kept together.

    Args:
        plan: With the items of its scenes, for their outlines.
    """

    def __init__(self, plan: Plan) -> None:
        composite = plan.steps.composed
        self._all = composite is None and plan.steps.zoned is not None
        self._whole = composite is None or composite.reducer == "clearest_scene"
        self._scenes = list({scene.uid: scene for scene in plan.scenes}.values())
        self._tree = shapely.STRtree(footprints(self._scenes))

    def over(self, outline: BaseGeometry) -> frozenset[Uid]:
        """Return the scenes over a place, by uid."""
        found = self._tree.query(outline, predicate="dwithin", distance=_MARGIN)
        return frozenset(self._scenes[int(number)].uid for number in found)

    def cut(self, span: Span, near: frozenset[Uid]) -> Groups:
        """Return the overpasses of a span with no more scenes than a place needs."""
        if self._all:
            return span.groups
        pairs = zip(span.groups, span.uids, strict=True)
        return tuple(self._of(group, span, near) for group, uids in pairs if not near.isdisjoint(uids))

    def _of(self, group: tuple[Scene, ...], span: Span, near: frozenset[Uid]) -> tuple[Scene, ...]:
        some = tuple(scene for scene in group if scene.uid in near)
        if len(some) == len(group):
            return group
        return group if self._whole or _moved(some, group, span) else some


def _moved(some: tuple[Scene, ...], group: tuple[Scene, ...], span: Span) -> bool:
    """Whether an overpass would fall into another period without its first scenes."""
    first, second = index_of([begin(some), begin(group)], span.periods)
    return bool(first != second)
