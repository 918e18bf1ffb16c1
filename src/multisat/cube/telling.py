"""What the quality layers of scenes can tell of a mask, and what they cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from multisat.cube.scene_pixels import quality_layer
from multisat.errors import UsageError
from multisat.model import Scene
from multisat.vocab.masks import WORDS


def check_words(scenes: Sequence[Scene], mask: str | Sequence[str] | None) -> None:
    """Refuse a class word, asked for by name, that no scene's quality layer can tell.

    Raises:
        UsageError: There is such a word.
    """
    told = {word for scene in scenes for word in _told(scene)}
    lost = sorted(_named(mask) - told)
    if lost:
        raise UsageError(
            f"no scene can tell {', '.join(lost)}", hint=f"they can tell {', '.join(sorted(told))}"
        )


def untold(scenes: Iterable[Scene], mask: str | Sequence[str] | None) -> list[str]:
    """Return a sentence for each way in which a mask leaves scenes that have a quality layer open.

    Words are compared only if they were asked for by name: presets are made for all layers.
    """
    bare: Counter[tuple[str, str]] = Counter()
    silent: Counter[tuple[str, str]] = Counter()
    for scene in scenes if mask is not None else ():
        layer = quality_layer(scene)
        if layer is not None and layer.band not in scene.bands:
            bare[scene.collection, layer.band] += 1
        elif layer is not None:
            silent.update((scene.collection, word) for word in _named(mask) - set(layer.words))
    return [
        f"{number} of the {collection} scenes have no {band}; nothing is masked there"
        for (collection, band), number in sorted(bare.items())
    ] + [
        f"{number} {collection} scenes cannot tell {word}; it is not masked there"
        for (collection, word), number in sorted(silent.items())
    ]


def _told(scene: Scene) -> tuple[str, ...]:
    layer = quality_layer(scene)
    return layer.words if layer is not None else ()


def _named(mask: str | Sequence[str] | None) -> set[str]:
    """Return the class words asked for by name, not through a preset."""
    given = mask.split(",") if isinstance(mask, str) else list(mask or ())
    return {name.strip() for name in given} & set(WORDS)
