"""Reading through GDAL: every format, one window at a time, in threads."""

from __future__ import annotations

import asyncio
import math
import re
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import cache, partial
from typing import TypeVar

import rasterio
from rasterio.enums import MaskFlags
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.session import Session
from rasterio.windows import Window as GdalWindow

from multisat.contracts import Access
from multisat.errors import AssetRefused, AssetUnreadable
from multisat.model import Grid
from multisat.raster.contract import Pixels, RasterInfo, Window
from multisat.raster.leading import final
from multisat.raster.redact import redact, redact_logs

T = TypeVar("T")

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
    "GDAL_CACHEMAX": 256,
    "CPL_VSIL_CURL_NON_CACHED": "/vsicurl/",
    "CPL_VSIL_CURL_USE_S3_REDIRECT": "NO",
    "AWS_NO_SIGN_REQUEST": "YES",
}
"""GDAL waits for ever, lists folders, sends netrc logins, and goes where another login was led before, by
default; these end that."""
_AMAZON = {"AWS_S3_ENDPOINT": "s3.amazonaws.com", "AWS_VIRTUAL_HOSTING": "TRUE", "AWS_HTTPS": "YES"}
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_DRIVERS = {"GTiff", "JP2OpenJPEG", "JP2KAK", "JP2ECW", "JP2MrSID", "PNG", "JPEG"}
"""Formats that hold their own pixels. Others, VRT among them, name further files to open, and what a
server sends must not choose those."""
_FILES = 16
"""Files read at a time; reading waits for the network most of the time."""

_KEEPS_LOGINS = (3, 10)
"""The first GDAL that sends Authorization to the same host only when it is redirected, as its own
documentation of CPL_VSIL_CURL_AUTHORIZATION_HEADER_ALLOWED_IF_REDIRECT says (2024-11)."""
_UNKNOWN = "not recognized as being in a supported file format"
"""GDAL's words for bytes that no driver knows."""
_PERHAPS = re.compile(rf"^Read failed|{_UNKNOWN}|Cannot read TIFF")
"""All GDAL says if a file is refused that is open already, or whose login ends while it is opened."""
_REFUSED = re.compile(r"\b(response|error) code ?: ?40[13]\b|access ?denied", re.IGNORECASE)
"""GDAL's words for a server that refuses."""

redact_logs("rasterio")


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_FILES, thread_name_prefix="multisat-gdal")


class GdalReader:
    """A ``Reader`` over GDAL, with an environment of its own for each call."""

    @asynccontextmanager
    async def open(self, access: Access, name: str) -> AsyncIterator[GdalRaster]:  # noqa: ARG002 - nothing is remembered
        """Open a file; see ``Reader.open``."""
        if access.gdal.get("GDAL_HTTP_NETRC", "").upper() != "YES":  # else GDAL logs in on the way
            access = await asyncio.get_running_loop().run_in_executor(_threads(), final, access)
        file = _File(await _elsewhere(access, partial(rasterio.open, access.href, sharing=False)))
        try:
            yield GdalRaster(file, access, await _elsewhere(access, partial(file.use, _info)))
        finally:
            await _end(access, file)

    def close(self) -> None:
        """Do nothing; files are closed one by one."""


class _File:
    """A dataset that one thread uses at a time, as GDAL demands.

    A thread goes on when nobody waits for it any more; closing a dataset under it ends the process.
    """

    def __init__(self, source: DatasetReader) -> None:
        self._source = source
        self._turn = threading.Lock()

    @property
    def busy(self) -> bool:
        """Whether a thread uses it."""
        return self._turn.locked()

    def use(self, work: Callable[[DatasetReader], T]) -> T:
        """Do work with it, after whoever uses it."""
        with self._turn:
            return work(self._source)


async def _end(access: Access, file: _File) -> None:
    """Close a file; if a read of it was given up, once that is over and without waiting for it."""
    close = partial(file.use, DatasetReader.close)
    if file.busy:
        _threads().submit(_in_environment, access, close)
    else:
        await _elsewhere(access, close)


class GdalRaster:
    """An open file; see ``Raster``."""

    def __init__(self, file: _File, access: Access, info: RasterInfo) -> None:
        self.info = info
        self._file = file
        self._access = access
        self._turn = asyncio.Lock()

    async def read(self, window: Window, level: int = 0) -> Pixels:
        """Return the pixels of a window; see ``Raster.read``."""
        async with self._turn:
            work = partial(_read, window=window, level=level)
            return await _elsewhere(self._access, partial(self._file.use, work))


def _read(source: DatasetReader, window: Window, level: int) -> Pixels:
    place = GdalWindow(window.column, window.row, window.width, window.height)
    if level == 0:
        return _pixels(source, place)
    with _overview(source, level) as overview:
        return _pixels(overview, place)


def _pixels(source: DatasetReader, place: GdalWindow) -> Pixels:
    values = source.read(1, window=place)
    if MaskFlags.per_dataset not in source.mask_flag_enums[0]:
        return Pixels(values=values)
    return Pixels(values=values, measured=source.read_masks(1, window=place) > 0)


async def _elsewhere(access: Access, work: Callable[[], T]) -> T:
    """Do work in a thread, in an environment that ends with it; errors are named without addresses."""
    return await asyncio.get_running_loop().run_in_executor(_threads(), _in_environment, access, work)


def _in_environment(access: Access, work: Callable[[], T]) -> T:
    options = _environment(access)
    keys = _Keys({name: str(options.pop(name)) for name in _KEYS if name in options})
    with _named_errors(access), rasterio.Env(session=keys, **options):
        return work()


class _Keys(Session):  # type: ignore[misc]
    """Keys of a bucket for one read; rasterio takes them in no other way, and none of its own accord."""

    def __init__(self, keys: dict[str, str]) -> None:
        self._options = keys

    def get_credential_options(self) -> dict[str, str]:
        """Return GDAL's words for them."""
        return self._options


def _environment(access: Access) -> dict[str, object]:
    options: dict[str, object] = {**_OPTIONS, **access.gdal}
    if access.href.startswith("s3://"):
        # The environment may point GDAL at another store, such as that of Copernicus.
        options = {**_AMAZON, **options}
    if access.headers:
        _check_version()
        options["GDAL_HTTP_HEADERS"] = "\r\n".join(f"{k}: {v}" for k, v in access.headers.items())
    return options


def _check_version() -> None:
    """Refuse to send a login with a GDAL that hands it on to whatever host it is redirected to."""
    if tuple(int(part) for part in rasterio.__gdal_version__.split(".")[:2]) < _KEEPS_LOGINS:
        raise AssetUnreadable(
            f"GDAL {rasterio.__gdal_version__} would hand the login on when it is redirected",
            hint="install a rasterio with GDAL 3.10 or later",
        )


@contextmanager
def _named_errors(access: Access) -> Iterator[None]:
    try:
        yield
    except (RasterioError, OSError, ValueError) as error:
        if isinstance(error, AssetUnreadable):
            raise
        if _REFUSED.search(str(error)):
            raise AssetRefused("access is refused", hint="it may need a login: multisat doctor") from None
        what = "it is no raster" if _UNKNOWN in str(error) else f"cannot be read: {redact(str(error))}"
        if access.refused is not None and _PERHAPS.search(str(error)):
            raise AssetRefused(what, hint="its login or signature may have ended") from None
        raise AssetUnreadable(what, hint="it may be gone or replaced") from None


def _grid(source: DatasetReader) -> Grid:
    if source.crs is None or source.transform.is_identity:
        raise AssetUnreadable(
            "the file has no grid, only ground control points" if source.gcps[0] else "the file has no grid",
            hint="take a terrain-corrected product such as sentinel-1-rtc",
        )
    code = source.crs.to_epsg()
    crs = f"EPSG:{code}" if code else source.crs.to_wkt()
    a, b, c, d, e, f = tuple(source.transform)[:6]
    if not math.isfinite(a + b + c + d + e + f) or a * e == b * d:
        raise AssetUnreadable("the file has no sound grid", hint="try again later")
    return Grid(crs=crs, transform=(a, b, c, d, e, f), shape=source.shape)


def _info(source: DatasetReader) -> RasterInfo:
    if source.driver not in _DRIVERS:
        raise AssetUnreadable(
            f"it is {source.driver}, which may name further files", hint="search again, or take another band"
        )
    full = _grid(source)
    shapes = [_shape(source, level + 1) for level in range(len(source.overviews(1)))]
    return RasterInfo(
        levels=(full, *map(full.coarser, shapes)),
        dtype=source.dtypes[0],
        nodata=source.nodata,
        reader="gdal",
    )


def _overview(source: DatasetReader, level: int) -> DatasetReader:
    return rasterio.open(source.name, overview_level=level - 1, sharing=False)


def _shape(source: DatasetReader, level: int) -> tuple[int, int]:
    """Return the shape of an overview; without opening it GDAL tells a rounded factor only."""
    with _overview(source, level) as overview:
        found: tuple[int, int] = overview.shape
        return found
