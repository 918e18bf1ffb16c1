"""The loaders: each takes a task, makes its own items and grid, and returns the call that is timed.

The call returns pixels (time, band, y, x) as they are stored. Add one by writing a function and naming it in
``LOADERS``; one whose packages are not installed is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from .floor import floor
from .workloads import CLOUDY, EPSG, Task

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from odc.geo.geobox import GeoBox

    Cube = NDArray[Any]
    Call = Callable[[], Cube]

_GDAL = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".tif",
    "GDAL_INGESTED_BYTES_AT_OPEN": 32768,
    "GDAL_HTTP_MERGE_CONSECUTIVE_RANGES": "YES",
    "GDAL_HTTP_MULTIPLEX": "YES",
    "GDAL_HTTP_MAX_RETRY": 3,
    "GDAL_CACHEMAX": 256,
}


_CLOUDY = ("nodata", "saturated", "shadow", "cloud", "cirrus")
"""``CLOUDY`` in words."""


def multisat(task: Task) -> Call:
    """Our own, through its public interface."""
    import multisat as ms
    import multisat.accessor
    import multisat.cube
    import multisat.federate.loading  # what load imports when it is first called

    archive: Any = ms.provider("earth-search")
    scenes, grid = [archive.scene(one) for one in task.items], _geobox(task)

    def call() -> Cube:
        cube = ms.load(scenes, task.bands, raw=True, like=grid, resampling=task.method)
        return np.stack([cube[band].values for band in task.bands], axis=1)

    def composite() -> Cube:
        cube = ms.load(scenes, task.bands[:-1], mask=_CLOUDY, like=grid)
        middle = [multisat.cube.median(cube[band].values) for band in task.bands[:-1]]
        asset = scenes[0].assets[task.bands[0]]
        return ((np.stack(middle) - np.float32(asset.offset)) / np.float32(asset.scale))[np.newaxis]

    return composite if task.composite else call


def odc_pool32(task: Task) -> Call:
    """odc-stac, eager, on 32 threads of its own."""
    return _odc(task, pool=32)


def odc_dask(task: Task) -> Call:
    """odc-stac as tutorials call it: chunks for dask, computed on as many threads as there are cores."""
    import dask.array  # noqa: F401 - imports are not timed

    return _odc(task, chunks={"x": 2048, "y": 2048})


def _odc(task: Task, **options: object) -> Call:
    import odc.stac
    import pystac

    items, grid = [pystac.Item.from_dict(one) for one in task.items], _geobox(task)
    odc.stac.configure_rio(cloud_defaults=True)
    asked = {"bands": list(task.bands), "resampling": task.method, "groupby": "solar_day"}

    def call() -> Cube:
        cube = odc.stac.load(items, geobox=grid, **asked, **options).compute()
        return np.stack([cube[band].values for band in task.bands], axis=1)

    def composite() -> Cube:
        cube = odc.stac.load(items, geobox=grid, **asked, **options).compute()
        clear = cube[list(task.bands[:-1])].where(~cube.scl.isin(CLOUDY))
        middle = clear.where(clear != 0).median("time")
        return np.stack([middle[band].values for band in task.bands[:-1]])[np.newaxis]

    return composite if task.composite else call


def rasterio_t32(task: Task) -> Call:
    """rasterio by hand: 32 threads, GDAL tuned for the cloud, one window or one warp per file."""
    kind = np.uint8 if task.bands == ("scl",) else np.uint16

    def call() -> Cube:
        cube = np.empty((len(task.items), len(task.bands), *task.grid.shape), kind)
        with ThreadPoolExecutor(32) as pool:
            list(pool.map(lambda at: _read_one(task, cube, *at), np.ndindex(*cube.shape[:2])))
        return cube

    import rasterio.vrt  # noqa: F401 - imports are not timed

    return call


def _read_one(task: Task, cube: Cube, scene: int, band: int) -> None:
    import rasterio
    from rasterio.enums import Resampling
    from rasterio.vrt import WarpedVRT
    from rasterio.windows import from_bounds

    href, method = task.items[scene]["assets"][task.bands[band]]["href"], Resampling[task.method]
    with rasterio.Env(**_GDAL), rasterio.open(href, sharing=False) as file:
        if task.grid.epsg == EPSG:
            window = from_bounds(*task.grid.bounds, transform=file.transform)
            cube[scene, band] = file.read(1, window=window, out_shape=task.grid.shape, resampling=method)
            return
        with WarpedVRT(file, **_warped(task), resampling=method) as there:
            cube[scene, band] = there.read(1)


def _warped(task: Task) -> dict[str, Any]:
    from rasterio.transform import from_origin

    left, _, _, top = task.grid.bounds
    transform = from_origin(left, top, task.grid.pixel, task.grid.pixel)
    height, width = task.grid.shape
    return {"crs": task.grid.epsg, "transform": transform, "height": height, "width": width}


def lazycogs(task: Task) -> Call:
    """lazycogs, whose items come from memory: its own index downloads a database extension."""
    import lazycogs as lazy
    import pyarrow as pa
    from obstore.store import HTTPStore

    address = urlsplit(task.items[0]["assets"][task.bands[0]]["href"])
    store = HTTPStore.from_url(f"http://{address.netloc}", client_options={"allow_http": True})
    where = {"bbox": task.grid.bounds, "crs": f"EPSG:{task.grid.epsg}", "resolution": task.grid.pixel}
    how = {"bands": list(task.bands), "time_period": "P1D", "store": store}
    index = _memory_index(task.items, pa.table)

    def call() -> Cube:
        lazily = lazy.open("items.parquet", duckdb_client=index, **where, **how)
        return np.asarray(lazily.transpose("time", "band", "y", "x").values)

    return call


def _memory_index(items: list[dict[str, Any]], table: Callable[..., Any]) -> SimpleNamespace:
    """Return what answers lazycogs' questions for items and for their times."""

    def search(
        _: str, *, datetime: str | None = None, max_items: int | None = None, **_more: object
    ) -> list[Any]:
        days = [day[:10] for day in (datetime or "0000/9999").split("/")]
        found = [i for i in items if days[0] <= i["properties"]["datetime"][:10] <= days[-1]]
        return found[:max_items]

    def search_to_arrow(_: str, **_more: object) -> object:
        return table({"datetime": [one["properties"]["datetime"] for one in items]})

    return SimpleNamespace(search=search, search_to_arrow=search_to_arrow)


def _geobox(task: Task) -> GeoBox:
    from odc.geo.geobox import GeoBox

    grid = task.grid
    return GeoBox.from_bbox(grid.bounds, f"EPSG:{grid.epsg}", resolution=grid.pixel, tight=True)


LOADERS: dict[str, Callable[[Task], Call]] = {
    each.__name__: each for each in (multisat, odc_pool32, odc_dask, rasterio_t32, lazycogs, floor)
}
