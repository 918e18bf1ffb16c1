"""The composite of the upper left corner, from the local files by rasterio and NumPy."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from benchmarks.reading.catalogue import items_of
from benchmarks.reading.workloads import CLOUDY, PIXEL

from .workloads import Area

if TYPE_CHECKING:
    from numpy.typing import NDArray


def corner(archive: Path, area: Area, size: int) -> NDArray[np.float64]:
    """Return the monthly median NDVI of the first ``size`` x ``size`` pixels, shape (month, y, x)."""
    months: dict[str, list[NDArray[np.float64]]] = {}
    for one in items_of(archive, str(archive), area.scenes):
        files = {band: one["assets"][band]["href"] for band in ("red", "nir", "scl")}
        months.setdefault(one["properties"]["datetime"][:7], []).append(ndvi(files, area, size))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.stack([np.nanmedian(np.stack(looks), axis=0) for _, looks in sorted(months.items())])


def ndvi(files: dict[str, str], area: Area, size: int) -> NDArray[np.float64]:
    """Return the index of one scene, NaN where it is cloudy or has no data."""
    red, nir, scl = (pixels(files[band], area, size) for band in ("red", "nir", "scl"))
    with np.errstate(invalid="ignore"):
        found = (nir - red) / (nir + red)
    found[np.isin(scl, CLOUDY) | (red == 0) | (nir == 0)] = np.nan
    return found


def pixels(path: str, area: Area, size: int) -> NDArray[np.float64]:
    """Return the corner of a file, each pixel repeated."""
    import rasterio
    from rasterio.windows import Window

    with rasterio.open(path) as file:
        times = round(file.res[0]) // area.pixel
        own = file.read(
            1,
            window=Window(
                area.shift * PIXEL // round(file.res[0]),
                area.shift * PIXEL // round(file.res[0]),
                -(-size // times),
                -(-size // times),
            ),
        ).astype(np.float64)
    assert area.pixel <= PIXEL
    return own.repeat(times, 0).repeat(times, 1)[:size, :size]
