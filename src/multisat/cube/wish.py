"""What to read of every scene."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from multisat.cube.resampling import METHODS
from multisat.errors import UsageError
from multisat.steps.mask import Gaussian
from multisat.vocab.bands import band as known_band
from multisat.vocab.masks import mask_words


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What to read of every scene.

    Attributes:
        bands: Canonical names.
        words: Class words to mask, or None for no mask.
        opening: Radius in metres below which masked specks are dropped.
        dilate: Margin in metres around what is masked.
        kernel: Instead of distances, a Gaussian that spreads what is masked on the pixels of the cube.
        raw: Stored numbers instead of physical ones.
        resampling: GDAL's name of a method; quality layers are always nearest.
        retry: Whether a scene that fails is tried at its alternates.
        sparing: Whether bands wait for the quality layer, and are not read where it hides all of a block.
    """

    bands: tuple[str, ...]
    words: tuple[str, ...] | None = None
    opening: float = 0.0
    dilate: float = 0.0
    kernel: Gaussian | None = None
    raw: bool = False
    resampling: str = "nearest"
    retry: bool = True
    sparing: bool = False

    @classmethod
    def of(
        cls,
        bands: Sequence[str],
        mask: str | Iterable[str] | None,
        *,
        opening: float,
        dilate: float,
        kernel: Gaussian | None = None,
        raw: bool,
        resampling: str,
        retry: bool,
    ) -> Wish:
        """Make a wish from what a user gave.

        Raises:
            UsageError: A band, class word or method has no such name, a distance is negative, or a
                kernel and a distance are given together.
        """
        if not bands:
            raise UsageError("no band is named", hint='name some, such as ["red", "nir"]')
        if resampling not in METHODS:
            raise UsageError(
                f"no resampling is called {resampling!r}", hint=f"use one of {', '.join(METHODS)}"
            )
        if opening < 0 or dilate < 0:
            raise UsageError("a distance is negative", hint="give opening and dilate in metres")
        if (opening or dilate or kernel) and mask is None:
            raise UsageError("a margin needs a mask", hint='say which, such as mask="clear"')
        if kernel is not None and (opening or dilate):
            raise UsageError("a kernel and a distance together", hint="give opening= and dilate=, or kernel=")
        return cls(
            bands=tuple(dict.fromkeys(known_band(name).name for name in bands)),
            words=None if mask is None else mask_words(mask),
            opening=opening,
            dilate=dilate,
            kernel=kernel,
            raw=raw,
            resampling=resampling,
            retry=retry,
        )
