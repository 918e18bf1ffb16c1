"""From codes on a window to the shares of an area."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from multisat.cube.masking import is_fill, told_pixels
from multisat.screening.bounds import bound
from multisat.vocab.masks import QualityLayer

Codes = NDArray[np.generic]
Bools = NDArray[np.bool_]
WORDS = ("cloud", "cirrus", "shadow", "snow", "water")
"""Class words that are counted, where the layer can tell them."""
_NUMBERS = 2**16
"""That a quality layer can store: none has more than 16 bits."""
_PERCENT = 100
_DIGITS = 4
"""Of percent: finer than the single precision of the shares of pixels."""


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What is in a window of an area.

    Attributes:
        kinds: Pixels of each kind.
        weight, squares: Sums of the weights of pixels and of their squares.
    """

    kinds: Mapping[str, float]
    weight: float
    squares: float


class Reading:
    """How codes are read: what each number that a layer can store means.

    Args:
        layer: The quality layer.
        mask: Class words that are not clear.

    Attributes:
        words: Class words that are counted and that the layer can tell.
    """

    def __init__(self, layer: QualityLayer, mask: Sequence[str]) -> None:
        self.words = tuple(word for word in WORDS if word in layer.words)
        numbers = np.arange(_NUMBERS).astype(np.uint16)
        covered = ~is_fill(layer, numbers)
        told = {word: told_pixels(layer, numbers, (word,)) for word in self.words}
        self._kinds = {"covered": covered, "clear": covered & ~told_pixels(layer, numbers, mask), **told}

    def summed(self, parts: Sequence[tuple[Codes, Bools]], weights: NDArray[np.float32]) -> Sums:
        """Return what scenes of one overpass show in a window.

        Where several have a pixel, the first one that is clear there tells what it is, else the first
        one that has data, as a load with the same mask takes it.

        Args:
            parts: Codes of each scene and where they were measured, shape (y, x).
            weights: Share of each pixel inside the area, likewise.
        """
        numbers, covered = self._fused(parts)
        counts = np.bincount(numbers.ravel(), np.where(covered, weights, 0).ravel(), _NUMBERS)
        there = np.flatnonzero(counts)
        return Sums(
            kinds={name: float(counts[there] @ means[there]) for name, means in self._kinds.items()},
            weight=float(weights.sum(dtype=np.float64)),
            squares=float(np.square(weights, dtype=np.float64).sum()),
        )

    def _fused(self, parts: Sequence[tuple[Codes, Bools]]) -> tuple[NDArray[np.uint16], Bools]:
        """Return the number of each pixel, and where there is one."""
        (codes, valid), *others = parts
        numbers = codes.astype(np.uint16)
        covered = valid & self._kinds["covered"][numbers]
        clear = covered & self._kinds["clear"][numbers]
        for codes, valid in others:
            more = codes.astype(np.uint16)
            there = valid & self._kinds["covered"][more]
            well = there & self._kinds["clear"][more]
            new = (there & ~covered) | (well & ~clear)
            numbers[new] = more[new]
            covered, clear = covered | there, clear | well
        return numbers, covered


@dataclass(kw_only=True)
class Tally:
    """What is counted of one area in one overpass, window by window.

    Attributes:
        total: Pixels of the area.
        level: Which level of the file is read.
        resolution: Side of its pixels, in units of the CRS.
        sums: Pixels of each kind.
        weight, squares: Sums of the weights of pixels and of their squares.
        whole: Whether all pixels that were read are the files' own, in full resolution.
    """

    total: float
    level: int
    resolution: float
    sums: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    weight: float = 0.0
    squares: float = 0.0
    whole: bool = True

    def add(self, sums: Sums) -> None:
        """Count a window."""
        for name, value in sums.kinds.items():
            self.sums[name] += value
        self.weight += sums.weight
        self.squares += sums.squares

    def percent(self, name: str) -> float:
        """Return a share of the area in percent."""
        share = self.sums.get(name, 0.0) / self.total
        return round(_PERCENT * min(1.0, share), _DIGITS)

    @property
    def bound(self) -> float:
        """How far any share can be from that in full resolution, in percent of the area; see ``bounds``."""
        if self.whole or self.weight == 0:
            return 0.0
        count = self.weight**2 / self.squares
        worst = max(bound(min(1.0, value / self.weight), count) for value in self.sums.values())
        return round(_PERCENT * worst * self.weight / self.total, _DIGITS)
