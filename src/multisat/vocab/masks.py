"""Masks by meaning: the same words over class codes and bits.

Checked 2026-08-01. Sources: Sen2Cor scene classification; USGS Landsat Collection 2 QA_PIXEL
bit table; HLS v2.0 user guide (Fmask); the presets of DE Africa ``load_ard`` and LP DAAC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from multisat.errors import UsageError


@dataclass(frozen=True, kw_only=True, slots=True)
class QualityLayer:
    """How one quality layer says what a pixel is.

    Attributes:
        band: Canonical band of the layer.
        fill: Stored value that means no data; it is tested before any bit.
        values: Class word to the codes that mean it, for layers of codes.
        bits: Class word to the bit that means it, for layers of bits.
    """

    band: str
    fill: int
    values: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    bits: Mapping[str, int] = field(default_factory=dict)

    @property
    def words(self) -> tuple[str, ...]:
        """The class words this layer can tell."""
        return ("nodata", *self.values, *self.bits)


QUALITY_LAYERS: Mapping[str, QualityLayer] = {
    "scl": QualityLayer(
        band="scl",
        fill=0,
        values={
            "saturated": (1,),
            "shadow": (3,),
            "water": (6,),
            "uncertain": (7,),
            "cloud": (8, 9),
            "cirrus": (10,),
            "snow": (11,),
        },
    ),
    "qa_pixel": QualityLayer(
        band="qa_pixel",
        fill=1,
        bits={"adjacent": 1, "cirrus": 2, "cloud": 3, "shadow": 4, "snow": 5, "water": 7},
    ),
    "fmask": QualityLayer(
        band="fmask",
        fill=255,
        bits={"cloud": 1, "adjacent": 2, "shadow": 3, "snow": 4, "water": 5},
    ),
}
"""Quality layers by canonical band. ``uncertain`` is Sen2Cor's low-probability cloud,
``adjacent`` a pixel beside cloud or shadow. Fmask bit 0 (cirrus) is not used in HLS v2.0."""

PRESETS: Mapping[str, tuple[str, ...]] = {
    "clear": ("nodata", "saturated", "shadow", "uncertain", "cloud", "cirrus", "adjacent"),
    "loose": ("nodata", "saturated", "shadow", "cloud"),
}
"""Words that are masked. Snow and water stay; name them to mask them too."""

WORDS = tuple(dict.fromkeys(word for layer in QUALITY_LAYERS.values() for word in layer.words))
"""Every class word of any layer."""


def mask_words(mask: str | Iterable[str]) -> tuple[str, ...]:
    """Return the class words a mask names, presets opened, ``nodata`` always among them.

    Args:
        mask: ``"clear"`` (strict), ``"loose"``, one class word, words joined by commas, or a list.

    Raises:
        UsageError: A word is neither a preset nor a class; the message lists them.
    """
    names = mask.split(",") if isinstance(mask, str) else list(mask)
    words = ["nodata"]
    for name in (n.strip() for n in names):
        if name not in PRESETS and name not in WORDS:
            known = ", ".join((*PRESETS, *WORDS))
            raise UsageError(f"no mask or class is called {name!r}", hint=f"use {known}")
        words += PRESETS.get(name, (name,))
    return tuple(dict.fromkeys(words))
