"""What a load says of itself: what it left out, replaced, or could not tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from multisat.cube.scene_pixels import Lost, quality_layer
from multisat.cube.steps import Step
from multisat.cube.warnings import tell
from multisat.cube.wish import Wish
from multisat.errors import AssetUnreadable
from multisat.model import Scene
from multisat.vocab.bands import resolve


def refuse_losses(steps: Sequence[Step], errors: str) -> None:
    """Raise if scenes were lost and that is not allowed, or if all were.

    Raises:
        AssetUnreadable: No scene could be read, or one with ``errors="raise"``.
    """
    lost = lost_ones(steps)
    if lost and errors == "raise":
        raise lost[0].error
    if lost and not any(step.scenes for step in steps):
        raise AssetUnreadable(
            f"none of {len(lost)} scenes could be read; the first: {lost[0].error}"
        ) from lost[0].error


def outcome(steps: Sequence[Step]) -> dict[str, Any]:
    """Return what happened while reading, as attributes; what was left out is warned of."""
    skipped = ["; ".join(one.failures) for one in lost_ones(steps)]
    for text in skipped:
        tell(f"left out {text}")
    return {
        "skipped": skipped,
        "replaced": [text for step in steps for text in step.replaced],
        "reader": readers(name for step in steps for names in step.readers.values() for name in names),
    }


def readers(names: Iterable[str]) -> str:
    """Return how many files each reader read, such as ``"cog: 12 files, gdal: 1 file"``."""
    counts = sorted(Counter(names).items())
    return ", ".join(f"{name}: {number} file{'s' * (number != 1)}" for name, number in counts)


def description(scenes: Sequence[Scene], wish: Wish) -> dict[str, Any]:
    """Return what was asked for and what scenes cannot give, as attributes; the latter is warned of."""
    missing = _missing(scenes, wish)
    for text in missing:
        tell(text)
    return {
        "resampling": wish.resampling,
        "mask": ", ".join(wish.words) if wish.words else "none",
        "not_masked": sorted({s.collection for s in scenes if wish.words and quality_layer(s) is None}),
        "missing_bands": missing,
    }


def lost_ones(steps: Sequence[Step]) -> list[Lost]:
    """Return the scenes of which no copy could be read."""
    return [one for step in steps for one in step.lost]


def _missing(scenes: Sequence[Scene], wish: Wish) -> list[str]:
    """Return a sentence per collection and band that some of its scenes lack."""
    lacking = Counter(
        (scene.collection, name)
        for scene in scenes
        for name in wish.bands
        if resolve(name, scene.bands, scene.collection) is None
    )
    return [
        f"{n} of the {collection} scenes read lack the band {name}; they are NaN there"
        for (collection, name), n in lacking.items()
    ]
