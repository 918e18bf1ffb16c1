"""Which scenes, and which copies of them, are worth reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from multisat.cube.warnings import tell
from multisat.errors import NothingFound
from multisat.model import AOI, Scene
from multisat.stac.footprints import footprints
from multisat.vocab.bands import resolve


def worth_reading(scenes: Sequence[Scene], aoi: AOI | None, bands: Sequence[str]) -> list[Scene]:
    """Return the scenes that touch an area and have a band, each as the copy that has most bands.

    Args:
        scenes: Scenes of any archives.
        aoi: Area, or None for all of them.
        bands: Canonical names.

    Raises:
        NothingFound: None is left.
    """
    return _with_bands([_fullest(s, bands) for s in _touching(scenes, aoi)], bands)


def _touching(scenes: Sequence[Scene], aoi: AOI | None) -> list[Scene]:
    if not scenes:
        raise NothingFound(
            "there is no scene to load", hint="widen the time range, the area or the cloud limit"
        )
    if aoi is None:
        return list(scenes)
    kept = [
        s for s, outline in zip(scenes, footprints(scenes), strict=True) if outline.intersects(aoi.lonlat)
    ]
    if not kept:
        raise NothingFound(
            f"none of {len(scenes)} scenes touches the area", hint="load the area that was searched"
        )
    return kept


def _fullest(scene: Scene, bands: Sequence[str]) -> Scene:
    """Return the copy of an acquisition that has most of the bands, the others as its alternates."""
    lacking = {c.uid: sum(resolve(b, c.bands, c.collection) is None for b in bands) for c in scene.copies}
    first, *others = sorted(scene.copies, key=lambda c: lacking[c.uid])
    return first.with_alternates(others)


def _with_bands(scenes: list[Scene], bands: Sequence[str]) -> list[Scene]:
    """Leave out scenes that have none of the bands, and say so: a radar scene is no red image."""
    kept = [s for s in scenes if any(resolve(band, s.bands, s.collection) for band in bands)]
    if not kept:
        there = sorted({band for scene in scenes for band in scene.bands})
        raise NothingFound(
            f"no scene has any of the bands {', '.join(bands)}",
            hint=f"they have {', '.join(there) or 'none'}",
        )
    without = Counter(s.collection for s in scenes) - Counter(s.collection for s in kept)
    for collection, number in sorted(without.items()):
        text = f"left out {number} scenes of {collection}: they have none of {', '.join(bands)}"
        tell(text)
    return kept
