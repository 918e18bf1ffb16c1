"""Where a file's pixels lie, from its GeoTIFF tags."""

from __future__ import annotations

from functools import cache

import numpy as np
from pyproj import CRS
from pyproj.exceptions import CRSError
from rasterio.errors import RasterioError
from rasterio.io import MemoryFile

from multisat.model import Grid
from multisat.raster.cog.directory import Directory
from multisat.raster.cog.refusals import NotForEngine

_WIDTH, _HEIGHT = 256, 257
_SCALE, _TIEPOINT, _MATRIX, _KEYS, _NODATA = 33550, 33922, 34264, 34735, 42113
_MODEL, _RASTER, _GEOGRAPHIC, _PROJECTED, _UNITS = 1024, 1025, 2048, 3072, 3076
_PLAIN = {1024, 1025, 1026, 2048, 2049, 2052, 2054, 2057, 2058, 2059, 2061, 3072, 3073, 3076}
"""Keys that add nothing to the EPSG code of a coordinate system."""
_USER = 32767
_METRE = 9001
_POINT = 2
_PROJECTED_MODEL, _GEOGRAPHIC_MODEL = 1, 2


def grid(directory: Directory) -> Grid:
    """Return the grid of the full resolution; where pixels are points, moved to their corners.

    Raises:
        NotForEngine: It has no plain grid.
    """
    keys = _keys(directory)
    a, d, b, e, c, f = _transform(directory)
    if keys.get(_RASTER) == _POINT:
        c, f = c - (a + b) / 2, f - (d + e) / 2
    if b or d or not a or not e or not np.isfinite([a, c, e, f]).all():
        raise NotForEngine("its grid is turned or empty")
    crs = _epsg(keys) or _by_gdal(directory.data)
    shape = directory.number(_HEIGHT, 0), directory.number(_WIDTH, 0)
    return Grid(crs=crs, transform=(a, b, c, d, e, f), shape=shape)


def nodata(directory: Directory, dtype: str) -> float | None:
    """Return the no-data value the file declares, or None if its type cannot hold it."""
    text = directory.text(_NODATA)
    try:
        value = float(text) if text and text.strip() else None
    except ValueError:
        return None
    return None if value is None else _held(value, np.dtype(dtype))


def _held(value: float, dtype: np.dtype[np.generic]) -> float | None:
    if dtype.kind == "f":
        with np.errstate(over="ignore"):
            return float(np.array(value).astype(dtype))
    limits = np.iinfo(dtype.name)
    return value if limits.min <= value <= limits.max else None


def _keys(directory: Directory) -> dict[int, int]:
    """Return the keys whose values are short numbers; others have no value here."""
    table = directory.numbers(_KEYS)
    rows = table[4 : table.size - table.size % 4].reshape(-1, 4).tolist()
    return {key: value if place == 0 else _USER for key, place, _, value in rows}


def _transform(directory: Directory) -> tuple[float, ...]:
    """Return a, d, b, e, c, f: the corner of a pixel is at (a*column + b*row + c, d*column + e*row + f)."""
    scale = [float(v) for v in directory.numbers(_SCALE)]
    tie = [float(v) for v in directory.numbers(_TIEPOINT)]
    matrix = [float(v) for v in directory.numbers(_MATRIX)]
    if len(matrix) == 16 and not scale:  # noqa: PLR2004 - four by four
        return matrix[0], matrix[4], matrix[1], matrix[5], matrix[3], matrix[7]
    if len(scale) < 2 or len(tie) != 6 or scale[1] <= 0:  # noqa: PLR2004 - several tiepoints are control points
        raise NotForEngine("it has no plain grid")
    column, row, _, x, y, _ = tie
    return scale[0], 0.0, 0.0, -scale[1], x - column * scale[0], y + row * scale[1]


def _epsg(keys: dict[int, int]) -> str | None:
    """Return the EPSG code if the keys say no more than one."""
    if set(keys) - _PLAIN or keys.get(_UNITS, _METRE) != _METRE:
        return None
    named = {_PROJECTED_MODEL: _PROJECTED, _GEOGRAPHIC_MODEL: _GEOGRAPHIC}.get(keys.get(_MODEL, 0))
    code = keys.get(named, _USER) if named else _USER
    return f"EPSG:{code}" if 1024 <= code < _USER and _is_known(code) else None  # noqa: PLR2004 - the range of codes


@cache
def _is_known(code: int) -> bool:
    try:
        CRS.from_epsg(code)
    except CRSError:
        return False
    return True


def _by_gdal(head: bytes) -> str:
    """Return the coordinate system as GDAL reads it from the same bytes: no pixel is needed for it."""
    try:
        with MemoryFile(head) as file, file.open() as source:
            if source.crs is None:
                raise NotForEngine("it has no coordinate system")
            code = source.crs.to_epsg()
            return f"EPSG:{code}" if code else str(source.crs.to_wkt())
    except (RasterioError, ValueError):
        raise NotForEngine("its coordinate system is unreadable") from None
