"""One list from many: the same acquisition is one scene, its copies are alternates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from multisat.model import Scene
from multisat.stac.footprints import footprints

SAME_FOOTPRINT = 0.95
"""Intersection over union from which two copies without a datastrip are one (not halves)."""

LONGEST_DATATAKE = timedelta(minutes=45)
"""A tile is seen at most this long after its datatake began; two passes are 100 minutes apart."""

SAME_SENSING = timedelta(seconds=5)

_NEVER = datetime(1, 1, 1, tzinfo=UTC)


def merge(scenes: Iterable[Scene], preference: Sequence[str] = ()) -> tuple[Scene, ...]:
    """Fold copies of one acquisition into one scene each, oldest first.

    Sentinel-2 datatakes that were delivered as two halves of a tile stay two scenes. Among
    copies the newest valid processing baseline wins, then the holding's rank, then the later
    generation time, then the order of preference, then the id.

    Args:
        scenes: Scenes of any archives, each on its own; repeated entries count once.
        preference: Provider names, best first.
    """
    unique = sorted({scene.uid: scene for scene in scenes}.values(), key=lambda scene: scene.uid)
    groups = (fold for same in _acquisitions(unique) for fold in _folds(same))
    merged = [_primary(group, preference) for group in groups]
    return tuple(sorted(merged, key=lambda s: (s.datetime, s.uid)))


def _acquisitions(scenes: list[Scene]) -> list[list[Scene]]:
    """Group by acquisition, datastrips not yet told apart."""
    return _grouped(
        scenes,
        mark=lambda s: (s.collection, s.acquisition.name) if s.acquisition.name else None,
        place=lambda s: (s.collection, s.acquisition.platform, s.acquisition.tile),
        alike=_same_pass,
    )


def _folds(same: list[Scene]) -> list[list[Scene]]:
    """Split one acquisition into its complementary parts."""
    delivered_in_parts = any(s.acquisition.datatake or s.acquisition.sensing for s in same)
    if len(same) == 1 or not delivered_in_parts:
        return [same]
    return _grouped(same, mark=lambda s: s.acquisition.part, place=lambda _: None, alike=_same_footprint)


def _grouped(
    scenes: list[Scene],
    *,
    mark: Callable[[Scene], Hashable],
    place: Callable[[Scene], Hashable],
    alike: Callable[[Scene, Scene], bool],
) -> list[list[Scene]]:
    """Group scenes by a mark; one without it joins the first group of its place that is alike."""
    marked: dict[Hashable, list[Scene]] = defaultdict(list)
    for scene in scenes:
        if mark(scene) is not None:
            marked[mark(scene)].append(scene)
    here: dict[Hashable, list[list[Scene]]] = defaultdict(list)
    for group in marked.values():
        here[place(group[0])].append(group)
    for scene in (s for s in scenes if mark(s) is None):
        groups = here[place(scene)]
        home = next((group for group in groups if alike(scene, group[0])), None)
        if home is None:
            groups.append([scene])
        else:
            home.append(scene)
    return [group for groups in here.values() for group in groups]


def _same_pass(nameless: Scene, other: Scene) -> bool:
    """Whether a scene without a product name was seen in the pass of another over its tile."""
    mine, theirs = nameless.acquisition, other.acquisition
    if mine.sensing is None or not mine.tile:
        return False
    if theirs.datatake is not None:
        return timedelta() <= mine.sensing - theirs.datatake <= LONGEST_DATATAKE
    return theirs.sensing is not None and abs(mine.sensing - theirs.sensing) <= SAME_SENSING


def _same_footprint(one: Scene, other: Scene) -> bool:
    a, b = (outline.buffer(0) for outline in footprints([one, other]))
    union = a.union(b).area
    return bool(union == 0 or a.intersection(b).area / union >= SAME_FOOTPRINT)


def _primary(fold: list[Scene], preference: Sequence[str]) -> Scene:
    order = {name: rank for rank, name in enumerate(preference)}
    ranked = sorted(fold, key=lambda s: (order.get(s.provider, len(order)), s.uid))
    ranked.sort(key=lambda s: s.generated or _NEVER, reverse=True)
    ranked.sort(key=lambda s: (-(s.baseline or 0.0), s.rank))
    first, *others = ranked
    return first.with_alternates(others)
