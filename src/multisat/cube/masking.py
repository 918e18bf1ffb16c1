"""From a quality layer to the pixels that do not count."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from multisat.vocab.masks import QualityLayer


def bad_pixels(layer: QualityLayer, values: NDArray[np.generic], words: Iterable[str]) -> NDArray[np.bool_]:
    """Return where a quality layer says one of the class words, shape as ``values``.

    Fill is tested before any bit, because it may have all of them set. In a layer of bits a number
    is fill if it has all the bits of the fill value.

    Args:
        layer: How the layer is read.
        values: Stored codes or bits.
        words: Class words; ``nodata`` is always among what is bad. Words the layer cannot tell
            are passed over.
    """
    fill = np.asarray((values & layer.fill if layer.bits else values) == layer.fill)
    found: NDArray[np.bool_] = fill.copy()
    for word in words:
        if word in layer.bits:
            found |= ~fill & ((values.astype(np.uint32) >> layer.bits[word]) & 1).astype(bool)
        elif word in layer.values:
            found |= np.isin(values, layer.values[word])
    return found
