"""Resampling that counts many pixels, by GDAL, with the exact place of every pixel."""

from __future__ import annotations

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

METHODS = ("nearest", "bilinear", "cubic", "average", "mode", "min", "max", "med")
EVERY_PIXEL = {"average", "mode", "min", "max", "med"}
"""Methods that are statistics of a file's own pixels, so they never read overviews."""
_EXACT = 0.0
"""Pixels; GDAL's approximate transformer may be off by an eighth of one unless it is told."""


def by_gdal(
    lattice: Lattice, window: Window, values: NDArray[np.generic], measured: NDArray[np.bool_], method: str
) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
    """Return resampled numbers of a block and where there are any.

    Args:
        lattice: Where the block's pixels lie in the file.
        window: The window of the file.
        values: Its pixels.
        measured: Where they have data.
        method: GDAL's name of a method.
    """
    kind = np.float64 if values.dtype.itemsize > 2 and values.dtype != np.float32 else np.float32  # noqa: PLR2004
    clean: NDArray[np.floating] = np.where(measured, values.astype(kind), np.nan)
    target = lattice.block.geobox
    place = {
        "crs": str(target.crs),
        "transform": target.affine,
        "width": target.shape[1],
        "height": target.shape[0],
    }
    with MemoryFile() as memory:
        with memory.open(**_profile(lattice, window, clean)) as file:
            file.write(clean, 1)
        with (
            rasterio.Env(GDAL_NUM_THREADS=1),
            memory.open() as source,
            WarpedVRT(
                source, resampling=Resampling[method], tolerance=_EXACT, nodata=np.nan, **place
            ) as warped,
        ):
            found: NDArray[np.generic] = warped.read(1)
    return found, ~np.isnan(found)


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
