"""One overpass, one time step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

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
    latest: dict[tuple[object, ...], tuple[Scene, datetime]] = {}
    for scene in sorted(scenes, key=lambda s: (s.datetime, s.uid)):
        passes[_pass_of(scene, latest)].append(scene)
    groups = [sorted(group, key=lambda s: (str(s.acquisition), s.uid)) for group in passes.values()]
    return sorted(groups, key=lambda g: (min(s.datetime for s in g), g[0].uid))


def _pass_of(scene: Scene, latest: dict[tuple[object, ...], tuple[Scene, datetime]]) -> tuple[object, ...]:
    """Return the pass of a scene; ``latest`` keeps the last scene of each orbit and when its pass began."""
    kind = (scene.collection, scene.platform, scene.relative_orbit)
    if scene.acquisition.datatake is not None:
        return (*kind, scene.acquisition.datatake)
    before, began = latest.get(kind, (None, scene.datetime))
    if before is None or scene.datetime - before.datetime > LONGEST_PASS:
        began = scene.datetime
    latest[kind] = scene, began
    return (*kind, began)
