"""Files of the sandbox, made when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.io import MemoryFile
from rasterio.shutil import copy as copy_raster
from rasterio.transform import Affine

from multisat.sandbox import truth

Codes = Callable[[NDArray[np.uint8]], NDArray[Any]]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Where the pixels of a file lie, north up.

    Attributes:
        crs: Such as ``"EPSG:32632"``.
        x: Left edge, in units of the CRS.
        y: Upper edge.
        size: Pixel size.
        rows: Number of rows.
        columns: Number of columns.
    """

    crs: str
    x: float
    y: float
    size: float
    rows: int
    columns: int

    @property
    def transform(self) -> list[float]:
        """The affine transform as STAC writes it."""
        return [self.size, 0, self.x, 0, -self.size, self.y]

    def centres(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return longitude and latitude of pixel centres, each of shape (rows, columns)."""
        return _centres(self)


@lru_cache(maxsize=32)
def _centres(frame: Frame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x, y = np.meshgrid(
        frame.x + (np.arange(frame.columns) + 0.5) * frame.size,
        frame.y - (np.arange(frame.rows) + 0.5) * frame.size,
    )
    if frame.crs == "EPSG:4326":
        return x, y
    lon, lat = Transformer.from_crs(frame.crs, "EPSG:4326", always_xy=True).transform(x, y)
    return np.asarray(lon), np.asarray(lat)


@dataclass(frozen=True, kw_only=True)
class RasterFile:
    """One file: which truth, on which frame, stored how.

    Attributes:
        frame: Where the truth is drawn.
        whole: Frame of the file if it is larger than ``frame``; the rest holds no data.
        day: UTC day.
        band: Canonical band; empty for a quality layer.
        codes: For a quality layer, from weather codes to stored ones.
        scale: Factor from stored to physical values.
        offset: Added after the factor.
        nodata: Stored value that means no data.
        dtype: NumPy name of the stored type.
        hole: What is missing: ``""``, ``"wedge"``, ``"left"``, ``"right"`` or ``"stripes"``.
        declares_nodata: Whether the file itself says its no-data value.
    """

    frame: Frame
    whole: Frame | None = None
    day: date
    band: str = ""
    codes: Codes | None = None
    scale: float = 1.0
    offset: float = 0.0
    nodata: float = 0
    dtype: str
    hole: str = ""
    declares_nodata: bool = True

    def stored(self) -> NDArray[Any]:
        """Return the numbers of the whole file, shape (rows, columns)."""
        part = self._part()
        part[hole(self.hole, part.shape)] = self.nodata
        if self.whole is None:
            return part
        full = np.full((self.whole.rows, self.whole.columns), self.nodata, dtype=self.dtype)
        top = round((self.whole.y - self.frame.y) / self.frame.size)
        left = round((self.frame.x - self.whole.x) / self.frame.size)
        full[top : top + self.frame.rows, left : left + self.frame.columns] = part
        return full

    def _part(self) -> NDArray[Any]:
        lon, lat = self.frame.centres()
        if self.codes is not None:
            return self.codes(truth.weather(lon, lat, self.day)).astype(self.dtype)
        values = (truth.measured(self.band, lon, lat, self.day) - self.offset) / self.scale
        if np.issubdtype(np.dtype(self.dtype), np.floating):
            return values.astype(self.dtype)
        limits = np.iinfo(self.dtype)
        low = 1 if limits.min == 0 else limits.min  # 0 is no data where numbers have no sign
        return np.clip(np.rint(values), low, limits.max).astype(self.dtype)

    def cog(self) -> bytes:
        """Return the file as a cloud-optimised GeoTIFF."""
        where, values = self.whole or self.frame, self.stored()
        profile: dict[str, Any] = {
            "driver": "GTiff",
            "height": where.rows,
            "width": where.columns,
            "count": 1,
            "dtype": self.dtype,
            "crs": where.crs,
            "transform": Affine(*where.transform),
        }
        if self.declares_nodata:
            profile["nodata"] = self.nodata
        predictor = "NO" if self.dtype == "uint8" else "YES"
        with MemoryFile() as plain, MemoryFile(ext=".tif") as cog:
            with plain.open(**profile) as file:
                file.write(values, 1)
                copy_raster(
                    file,
                    cog.name,
                    driver="COG",
                    compress="DEFLATE",
                    level=1,
                    blocksize=512,
                    predictor=predictor,
                )
            return bytes(cog.read())


def hole(kind: str, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return where data is missing.

    Args:
        kind: ``""`` nowhere, ``"wedge"`` a corner beyond a swath edge, ``"left"`` or ``"right"``
            of a datastrip's end, ``"stripes"`` as Landsat 7 has since 2003.
        shape: Rows, columns.
    """
    rows, columns = np.indices(shape) / np.array(shape)[:, None, None]
    if kind == "wedge":
        return np.asarray(columns + 0.4 * rows > 1.1)  # noqa: PLR2004
    if kind in {"left", "right"}:
        return np.asarray((columns < 0.5) == (kind == "left"))  # noqa: PLR2004
    if kind == "stripes":
        return np.asarray((np.indices(shape)[0] + np.indices(shape)[1] // 4) % 24 < 5)  # noqa: PLR2004
    return np.zeros(shape, dtype=bool)
