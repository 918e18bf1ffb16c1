"""From measured values to colours, the same for every frame of a picture."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from multisat.reducing.statistics import reduce
from multisat.writing.plotting import Look, look_of

NOTHING = 224
"""Grey where there is no value, 0 to 255."""
_CLEAR = 0.3
"""Quantile along time that shows the ground: most clouds are above it, most shadows below."""
_STRETCH = (0.01, 0.98)
"""Quantiles of the ground that become black and white."""


def one_stretch(frames: xr.DataArray) -> Look:
    """Return how to colour all frames alike.

    True colour is stretched to the ground as most frames show it, so that clouds do not darken the others;
    a single band as ``multisat.writing.plotting`` does.

    Args:
        frames: Dimensions (time, y, x, colour) of reflectance, or (time, y, x) of anything.
    """
    values = frames.values
    if "colour" not in frames.dims:
        return look_of(frames, values)
    usual = reduce(values.reshape(*values.shape[:2], -1).astype(np.float32), "quantile", q=_CLEAR)
    usual = usual[np.isfinite(usual)]
    low, high = (float(v) for v in np.quantile(usual, _STRETCH)) if usual.size else (0.0, 1.0)
    return Look(low=low, high=max(high, low + 1e-6))


def coloured(frame: NDArray[np.floating], look: Look) -> NDArray[np.uint8]:
    """Return a frame as red, green and blue, shape (y, x, 3), grey where there is no value.

    Args:
        frame: Shape (y, x, 3) for true colour, else (y, x).
        look: What ``one_stretch`` gave.
    """
    empty = ~np.isfinite(frame).all(axis=2) if look.colours is None else ~np.isfinite(frame)
    bright = np.clip((frame - look.low) / (look.high - look.low), 0, 1)
    if look.colours is not None:
        from matplotlib import colormaps

        bright = colormaps[look.colours](bright)[..., :3]
    picture = np.where(empty[..., None], NOTHING, np.nan_to_num(bright) * 255)
    return np.round(picture).astype(np.uint8)
