"""Resampling that counts many pixels, by GDAL, with the exact place of every pixel."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.io import MemoryFile
from rasterio.vrt import WarpedVRT

from multisat.cube.block import moved
from multisat.cube.lattice import Lattice
from multisat.raster import Window

Floating = NDArray[np.floating]
METHODS = ("nearest", "bilinear", "cubic", "average", "mode", "min", "max", "med")
EVERY_PIXEL = {"average", "mode", "min", "max", "med"}
"""Methods that are statistics of a file's own pixels, so they never read overviews."""
TILE = 256
"""Pixels. GDAL is asked for whole tiles, counted from the corner of the whole grid, so that a pixel does
not depend on the block it is read in."""
_EXACT = 1e-6
"""Pixels; GDAL's approximate transformer may be off by an eighth of one unless it is told."""


def by_gdal(
    lattice: Lattice, window: Window, values: NDArray[np.floating], method: str
) -> NDArray[np.floating]:
    """Return resampled numbers of the lattice's block, NaN where there are none.

    Args:
        lattice: Where the block's pixels lie in the file.
        window: The window of the file.
        values: Its pixels, NaN where they have no data.
        method: GDAL's name of a method.
    """
    target = lattice.block.geobox
    place = {"crs": str(target.crs), "transform": target.affine}
    shape = {"width": target.shape[1], "height": target.shape[0]}
    with MemoryFile() as memory:
        with memory.open(**_profile(lattice, window, values)) as file:
            file.write(values, 1)
        with (
            rasterio.Env(GDAL_NUM_THREADS=1),
            memory.open() as source,
            WarpedVRT(
                source, resampling=Resampling[method], tolerance=_EXACT, nodata=np.nan, **place, **shape
            ) as warped,
        ):
            found: Floating = warped.read(1)
    return found


def reach(lattice: Lattice, size: float) -> Window | None:
    """Return the window of the file that a kernel needs, or None if the file does not reach the block.

    Args:
        lattice: Where the block's pixels lie in the file.
        size: Side of the block's pixels in file pixels: kernels grow with it.
    """
    found = lattice.window()
    if found is None:
        return None
    more = 4 + 3 * math.ceil(size)
    top, left = max(0, found.row - more), max(0, found.column - more)
    rows, columns = lattice.source.shape
    return Window(
        row=top,
        column=left,
        height=min(rows, found.row + found.height + more) - top,
        width=min(columns, found.column + found.width + more) - left,
    )


def around(windows: Sequence[Window]) -> Window | None:
    """Return the smallest window that holds all of them, or None if there is none."""
    if not windows:
        return None
    top, left = min(w.row for w in windows), min(w.column for w in windows)
    return Window(
        row=top,
        column=left,
        height=max(w.row + w.height for w in windows) - top,
        width=max(w.column + w.width for w in windows) - left,
    )


def _profile(lattice: Lattice, window: Window, values: NDArray[np.floating]) -> dict[str, object]:
    corner = moved(Affine(*lattice.source.transform), window.row, window.column)
    return {
        "driver": "GTiff",
        "height": window.height,
        "width": window.width,
        "count": 1,
        "dtype": values.dtype.name,
        "crs": lattice.source.crs,
        "transform": corner,
        "nodata": np.nan,
    }
