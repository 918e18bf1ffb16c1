"""Small pictures of rasters, for a first look."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import rasterio
import xarray as xr
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning

_NDVI: Mapping[float, tuple[int, int, int]] = {
    -0.2: (68, 84, 140),
    0.0: (150, 130, 100),
    0.15: (205, 180, 130),
    0.3: (240, 230, 150),
    0.5: (150, 200, 95),
    0.7: (60, 150, 60),
    0.9: (10, 85, 40),
}
"""Colours of NDVI: blue for water, brown for bare soil, yellow for sparse and green for lush plants."""

_SMALLEST = 480
"""Pixels. A raster with a shorter side than this is enlarged by whole times."""


def write_quicklook(data: xr.DataArray, path: str | Path) -> Path:
    """Write an NDVI raster as a PNG, transparent where there is no data.

    Args:
        data: NDVI, dimensions (y, x).
        path: The file.
    """
    import warnings

    picture = _coloured(data.transpose("y", "x").values, _NDVI)
    times = max(1, -(-_SMALLEST // min(picture.shape[1:])))
    picture = picture.repeat(times, axis=1).repeat(times, axis=2)
    _, rows, columns = picture.shape
    target = Path(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # a picture has no place on the map
        with rasterio.open(
            target, "w", driver="PNG", height=rows, width=columns, count=4, dtype="uint8"
        ) as file:
            file.write(picture)
    target.with_name(f"{target.name}.aux.xml").unlink(missing_ok=True)
    return target


def _coloured(values: NDArray[np.floating], ramp: Mapping[float, tuple[int, int, int]]) -> NDArray[np.uint8]:
    """Return red, green, blue and opacity, shape (4, y, x)."""
    stops, colours = np.array(list(ramp)), np.array(list(ramp.values()))
    channels = [np.interp(values, stops, colours[:, i]) for i in range(3)]
    opacity = np.where(np.isfinite(values), 255, 0)
    picture: NDArray[np.uint8] = np.nan_to_num(np.stack([*channels, opacity])).astype(np.uint8)
    return picture
