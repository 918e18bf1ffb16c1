"""From a quality layer to the pixels that do not count."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy import ndimage

from multisat.vocab.masks import QualityLayer

_METRES_PER_DEGREE = 111_320.0
"""Along a meridian, mean of the WGS 84 ellipsoid; good to half a percent."""

Bools = NDArray[np.bool_]


def bad_pixels(layer: QualityLayer, values: NDArray[np.generic], words: Iterable[str]) -> Bools:
    """Return where a quality layer says one of the class words or has no data, shape as ``values``.

    Args:
        layer: How the layer is read.
        values: Stored codes or bits.
        words: Class words; see ``told_pixels``.
    """
    return is_fill(layer, values) | told_pixels(layer, values, words)


def told_pixels(layer: QualityLayer, values: NDArray[np.generic], words: Iterable[str]) -> Bools:
    """Return where a quality layer has data and says one of the class words, shape as ``values``.

    Fill is tested before any bit, because it may have all of them set; see ``is_fill``.

    Args:
        layer: How the layer is read.
        values: Stored codes or bits.
        words: Class words. Words the layer cannot tell are passed over.
    """
    fill = is_fill(layer, values)
    found: Bools = np.zeros(values.shape, dtype=bool)
    for word in words:
        if word in layer.bits:
            found |= ~fill & ((values.astype(np.uint32) >> layer.bits[word]) & 1).astype(bool)
        elif word in layer.values:
            found |= np.isin(values, layer.values[word])
    return found


def is_fill(layer: QualityLayer, values: NDArray[np.generic]) -> Bools:
    """Return where a quality layer has no data.

    In a layer of bits a number is fill if it has all the bits of the fill value.
    """
    bits = np.bitwise_and(values.astype(np.uint32), np.uint32(layer.fill)) if layer.bits else values
    return np.asarray(bits == layer.fill)


def cleaned(bad: Bools, *, opening: float, dilate: float) -> Bools:
    """Return a mask without specks and with a margin.

    Args:
        bad: Where pixels do not count.
        opening: Radius in pixels of the disc that must fit into a patch of bad pixels for it to stay.
        dilate: Distance in pixels between centres up to which pixels beside bad ones do not count.
    """
    if opening > 0 and bad.any():
        kept = _distance(bad) > opening
        bad = bad & (_distance(~kept) <= opening)
    if dilate > 0 and bad.any():
        bad = _distance(~bad) <= dilate
    return bad


def _distance(there: Bools) -> NDArray[np.float64]:
    """Return the distance in pixels to the nearest False pixel; infinite if there is none."""
    if there.all():
        return np.full(there.shape, np.inf)
    found: NDArray[np.float64] = ndimage.distance_transform_edt(there)
    return found


def metres_per_pixel(grid: GeoBox) -> float:
    """Return the side of a pixel in metres; in degrees, along the meridian."""
    side = abs(float(grid.affine.e))
    return side * _METRES_PER_DEGREE if grid.crs is not None and grid.crs.geographic else side
