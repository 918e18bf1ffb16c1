"""Reading through GDAL: every format, one window at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import rasterio
from odc.geo.geobox import GeoBox
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from multisat.contracts import Access
from multisat.cube.fitting import Fit, fit
from multisat.cube.reader import Patch, RasterInfo
from multisat.cube.redact import redact, redact_logs
from multisat.errors import AssetUnreadable
from multisat.model import Grid

_OPTIONS = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_INGESTED_BYTES_AT_OPEN": 32768,
    "GDAL_HTTP_MERGE_CONSECUTIVE_RANGES": "YES",
    "GDAL_HTTP_NETRC": "NO",
    "GDAL_HTTP_CONNECTTIMEOUT": 10,
    "GDAL_HTTP_TIMEOUT": 60,
    "GDAL_HTTP_LOW_SPEED_TIME": 30,
    "GDAL_HTTP_LOW_SPEED_LIMIT": 1000,
    "GDAL_HTTP_MAX_RETRY": 3,
    "GDAL_HTTP_RETRY_DELAY": 0.5,
    "GDAL_MAX_DATASET_POOL_SIZE": 64,
    "CPL_VSIL_CURL_NON_CACHED": "/vsicurl/",
    "AWS_NO_SIGN_REQUEST": "YES",
}
"""GDAL waits for ever, lists folders and sends netrc logins by default; these end that."""

redact_logs("rasterio")

_WARP_TOLERANCE = 0.01
"""Largest error of GDAL's approximate transformer, in pixels."""


class RasterioReader:
    """A ``Reader`` over GDAL, with an environment of its own for each call."""

    name = "rasterio"

    def describe(self, access: Access) -> RasterInfo:
        """Return what the header says; see ``Reader.describe``."""
        with _opened(access) as source:
            return RasterInfo(grid=_grid(source), dtype=source.dtypes[0], nodata=source.nodata)

    def read(self, access: Access, target: GeoBox, *, nodata: float | None, resampling: str) -> Patch:
        """Return the first band on a grid; see ``Reader.read``."""
        with _opened(access) as source:
            none = source.nodata if nodata is None else nodata
            found = fit(_grid(source), target)
            if found is not None:
                return _read_fitting(source, target, found, none)
            return _read_warped(source, target, none, Resampling[resampling])


@contextmanager
def _opened(access: Access) -> Iterator[DatasetReader]:
    """Open a file in an environment that ends with it; options of one read never reach another."""
    options = {**_OPTIONS, **access.gdal}
    if access.headers:
        options["GDAL_HTTP_HEADERS"] = "\r\n".join(f"{k}: {v}" for k, v in access.headers.items())
    try:
        with rasterio.Env(**options), rasterio.open(access.href) as source:
            yield source
    except (RasterioError, OSError, ValueError) as error:
        raise AssetUnreadable(
            f"cannot be read: {redact(str(error))}", hint="it may be gone or replaced"
        ) from None


def _grid(source: DatasetReader) -> Grid:
    if source.crs is None or source.transform.is_identity:
        raise AssetUnreadable(
            "the file has no grid, only ground control points" if source.gcps[0] else "the file has no grid",
            hint="take a terrain-corrected product such as sentinel-1-rtc",
        )
    code = source.crs.to_epsg()
    crs = f"EPSG:{code}" if code else source.crs.to_wkt()
    a, b, c, d, e, f = tuple(source.transform)[:6]
    return Grid(crs=crs, transform=(a, b, c, d, e, f), shape=source.shape)


def _read_fitting(source: DatasetReader, target: GeoBox, found: Fit, nodata: float | None) -> Patch:
    """Read the one window the target covers and place it, repeated where pixels are larger."""
    rows, columns = target.shape
    fill = 0 if nodata is None else nodata
    values = np.full((rows, columns), fill, dtype=source.dtypes[0])
    inside = np.zeros((rows, columns), dtype=bool)
    if found.height > 0 and found.width > 0:
        block = source.read(1, window=Window(found.column, found.row, found.width, found.height))
        block = block.repeat(found.times, axis=0).repeat(found.times, axis=1)
        top, left = found.skip_rows, found.skip_columns
        part = block[top : top + found.rows, left : left + found.columns]
        place = np.s_[
            found.at_row : found.at_row + found.rows, found.at_column : found.at_column + found.columns
        ]
        values[place], inside[place] = part, True
    return Patch(values=values, valid=inside & _measured(values, nodata))


def _read_warped(source: DatasetReader, target: GeoBox, nodata: float | None, method: Resampling) -> Patch:
    rows, columns = target.shape
    place = {"crs": str(target.crs), "transform": target.affine, "width": columns, "height": rows}
    how = {"resampling": method, "tolerance": _WARP_TOLERANCE}
    if nodata is None:
        with WarpedVRT(source, add_alpha=True, **place, **how) as warped:
            return Patch(values=warped.read(1), valid=warped.dataset_mask() > 0)
    with WarpedVRT(source, src_nodata=nodata, nodata=nodata, **place, **how) as warped:
        values = warped.read(1)
    return Patch(values=values, valid=_measured(values, nodata))


def _measured(
    values: np.ndarray[tuple[int, ...], np.dtype[np.generic]], nodata: float | None
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    known = (
        ~np.isnan(values) if np.issubdtype(values.dtype, np.floating) else np.ones(values.shape, dtype=bool)
    )
    return known if nodata is None or np.isnan(nodata) else known & (values != nodata)
