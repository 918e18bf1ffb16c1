"""One overpass, one time step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from multisat.model import Scene

LONGEST_PASS = timedelta(minutes=15)
"""Scenes of one platform and orbit that begin closer than this are one pass; the next pass of
any of these missions over a place is at least 95 minutes later."""


def overpasses(scenes: Sequence[Scene]) -> list[list[Scene]]:
    """Group scenes by overpass, oldest first; inside a group in a fixed order.

    Sentinel-2 scenes are grouped by datatake, others by platform, relative orbit and time. The
    order inside a group decides which scene fills a pixel that several have: by acquisition, then
    provider and id.
    """
    passes: dict[tuple[object, ...], list[Scene]] = defaultdict(list)
    for scene in sorted(scenes, key=lambda s: (s.datetime, s.uid)):
        passes[_pass_of(scene, passes)].append(scene)
    groups = [sorted(group, key=lambda s: (str(s.acquisition), s.uid)) for group in passes.values()]
    return sorted(groups, key=lambda g: (min(s.datetime for s in g), g[0].uid))


def _pass_of(scene: Scene, passes: dict[tuple[object, ...], list[Scene]]) -> tuple[object, ...]:
    kind = (scene.collection, scene.platform, scene.relative_orbit)
    if scene.acquisition.datatake is not None:
        return (*kind, scene.acquisition.datatake)
    near = (key for key, group in passes.items() if key[:3] == kind and _close(scene, group[-1]))
    return next(near, (*kind, scene.datetime))


def _close(scene: Scene, other: Scene) -> bool:
    return abs(scene.datetime - other.datetime) <= LONGEST_PASS
