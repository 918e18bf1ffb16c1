"""Which pixels do not count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from multisat.errors import UsageError
from multisat.vocab.masks import mask_words

_LARGEST = 255
"""Pixels along a kernel; wider ones would read more margin than area."""


@dataclass(frozen=True, kw_only=True)
class Gaussian:
    """A Gaussian that is laid over a mask of 0 and 1, to mask what is near masked pixels.

    The weight of a pixel ``i`` columns and ``j`` rows away is ``exp(-(i^2 + j^2) / (2 sigma^2))``; the
    weights sum to 1. Neighbours without data count as 0.

    Attributes:
        size: Pixels along each side, odd, at most 255.
        sigma: Standard deviation in pixels.
        threshold: A pixel is masked if the weighted sum is greater than this; 0 to 1, 1 not included.

    Raises:
        UsageError: A number is out of the question.
    """

    size: int
    sigma: float
    threshold: float

    def __post_init__(self) -> None:
        if not (isinstance(self.size, int) and 0 < self.size <= _LARGEST and self.size % 2):
            raise UsageError(f"a kernel of {self.size!r} pixels", hint=f"use an odd number up to {_LARGEST}")
        if not self.sigma > 0:
            raise UsageError(f"sigma is {self.sigma!r}", hint="give a positive number of pixels")
        if not 0 <= self.threshold < 1:
            raise UsageError(f"the threshold is {self.threshold!r}", hint="give 0 to 1, such as 0.1")


def gaussian(size: int, sigma: float, threshold: float) -> Gaussian:
    """Return a Gaussian for ``mask(..., kernel=gaussian(11, 1.6, 0.1))``; see ``Gaussian``.

    Args:
        size: Pixels along each side, odd, at most 255.
        sigma: Standard deviation in pixels.
        threshold: A pixel is masked if the weighted sum is greater than this; 0 to 1.

    Raises:
        UsageError: A number is out of the question.
    """
    return Gaussian(size=size, sigma=sigma, threshold=threshold)


@dataclass(frozen=True, kw_only=True)
class Mask:
    """Pixels of these classes become NaN, in every time step.

    Attributes:
        words: Class words, ``nodata`` always among them.
        opening: Metres: what no disc of this radius inside a masked patch reaches is not masked.
        dilate: Metres: pixels up to so far from a masked one are masked, too.
        kernel: Instead of distances, a Gaussian on the pixels of the result.

    Raises:
        UsageError: A distance is negative, or there is a kernel beside it.
    """

    words: tuple[str, ...]
    opening: float = 0.0
    dilate: float = 0.0
    kernel: Gaussian | None = None

    def __post_init__(self) -> None:
        if self.opening < 0 or self.dilate < 0:
            raise UsageError("a distance is negative", hint="give opening and dilate in metres")
        if self.kernel is not None and (self.opening or self.dilate):
            raise UsageError("a kernel and a distance together", hint="give dilate=, or kernel=")

    @classmethod
    def of(
        cls,
        classes: str | Iterable[str],
        *,
        opening: float = 0,
        dilate: float = 0,
        kernel: Gaussian | None = None,
    ) -> Mask:
        """Make a mask from what a user writes.

        Args:
            classes: ``"clear"`` (strict), ``"loose"``, or class words such as ``"cloud"``.
            opening: Metres: what no disc of this radius inside a masked patch reaches is not masked.
            dilate: Metres: pixels up to so far from a masked one are masked, too.
            kernel: Instead of distances, a Gaussian on the pixels of the result; see ``gaussian``.

        Raises:
            UsageError: A class is unknown or a number is out of the question.
        """
        words = mask_words(classes)
        return cls(words=words, opening=float(opening), dilate=float(dilate), kernel=kernel)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values; what is as usual is left out."""
        found: dict[str, Any] = {"classes": list(self.words)}
        found |= {name: getattr(self, name) for name in ("opening", "dilate") if getattr(self, name)}
        return found | ({"kernel": dict(vars(self.kernel))} if self.kernel else {})

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Mask:
        """Make a mask from ``to_dict``.

        Args:
            data: What ``to_dict`` gave.

        Raises:
            UsageError: A class is unknown or a number is out of the question.
        """
        kernel = data.get("kernel")
        rest = {name: value for name, value in data.items() if name not in {"classes", "kernel"}}
        return cls.of(data["classes"], kernel=None if kernel is None else Gaussian(**kernel), **rest)

    def __str__(self) -> str:
        extra = "".join(
            f", {name} {getattr(self, name):g} m" for name in ("opening", "dilate") if getattr(self, name)
        )
        if self.kernel:
            k = self.kernel
            extra += f", spread by a Gaussian of {k.size} pixels (sigma {k.sigma:g}, over {k.threshold:g})"
        return f"pixels of class {', '.join(self.words)}{extra} do not count"
