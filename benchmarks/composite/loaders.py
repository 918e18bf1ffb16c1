"""The tools: each takes items and an area and returns the call that is timed.

The call gives parts of the result, the first with the upper left corner: NDVI of shape (month, y, x). A tool
that can hand on its result in parts does so, so that it need not keep them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from benchmarks.reading.workloads import CLOUDY, EPSG

from .workloads import Area

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Parts = Callable[[], Iterator[NDArray[np.float32]]]

_WORDS = ["nodata", "saturated", "shadow", "cloud", "cirrus"]
"""``CLOUDY`` in words."""


def multisat_blocks(items: list[dict[str, Any]], area: Area) -> Parts:
    """Our own, block by block, none of which is kept."""
    from multisat.engine import blocks

    task, access = _task(items, area)

    def call() -> Iterator[NDArray[np.float32]]:
        for _, part in blocks(task, access=access):
            yield part.NDVI.values

    return call


def multisat(items: list[dict[str, Any]], area: Area) -> Parts:
    """Our own, the whole result."""
    from multisat.engine import run

    task, access = _task(items, area)

    def call() -> Iterator[NDArray[np.float32]]:
        yield run(task, access=access).NDVI.values

    return call


def multisat_job(items: list[dict[str, Any]], area: Area) -> Parts:
    """Our own as a job: output tiles of 2048 pixels, one at a time, each written as GeoTIFF."""
    import numpy as np
    import rasterio
    from rasterio.windows import Window

    from multisat.jobs import How, run_job
    from multisat.recipe import Plan

    task, _ = _task(items, area)

    def call() -> Iterator[NDArray[np.float32]]:
        with TemporaryDirectory() as folder:
            made = run_job(Plan(task=task), folder, how=How(workers=1))
            corner = [path for path in made.outputs if path.parent.name == "r000c000"]
            files = [rasterio.open(path) for path in sorted(corner)]
            yield np.stack([file.read(1, window=Window(0, 0, 256, 256)) for file in files])

    return call


def _task(items: list[dict[str, Any]], area: Area) -> tuple[Any, Any]:
    import shapely

    import multisat as ms
    from multisat.federate.loading import open_asset
    from multisat.model import Grid
    from multisat.steps import Steps, Task

    archive: Any = ms.provider("earth-search")
    where = area.grid
    transform = (where.pixel, 0.0, where.bounds[0], 0.0, -where.pixel, where.bounds[3])
    request = ms.Request.of(ms.AOI(geometry=shapely.box(*where.bounds), crs=f"EPSG:{EPSG}"))
    scenes = tuple(archive.scene(one) for one in items)
    task = Task(
        steps=Steps().mask(_WORDS).index("NDVI").composite("month", "median"),
        request=request,
        scenes=scenes,
        grid=Grid(crs=f"EPSG:{EPSG}", transform=transform, shape=where.shape),
    )
    return task, open_asset


def odc_xarray(items: list[dict[str, Any]], area: Area) -> Parts:
    """odc-stac and xarray, as tutorials do it: chunks for dask, median by month."""
    return _odc(items, area, chunks={"x": 1024, "y": 1024, "time": -1})


def odc_xarray_eager(items: list[dict[str, Any]], area: Area) -> Parts:
    """The same on 32 threads of its own, all in memory."""
    return _odc(items, area, pool=32)


def _odc(items: list[dict[str, Any]], area: Area, **options: object) -> Parts:
    import odc.stac
    import pystac
    from odc.geo.geobox import GeoBox

    where = area.grid
    geobox = GeoBox.from_bbox(where.bounds, f"EPSG:{EPSG}", resolution=where.pixel, tight=True)
    made = [pystac.Item.from_dict(one) for one in items]
    odc.stac.configure_rio(cloud_defaults=True)

    def call() -> Iterator[NDArray[np.float32]]:
        cube = odc.stac.load(made, bands=["red", "nir", "scl"], geobox=geobox, groupby="solar_day", **options)
        red, nir = (cube[band].astype("float32").where(cube[band] != 0) for band in ("red", "nir"))
        ndvi = ((nir - red) / (nir + red)).where(~cube.scl.isin(CLOUDY))
        yield ndvi.resample(time="MS").median().compute().values

    return call


LOADERS: dict[str, Callable[[list[dict[str, Any]], Area], Parts]] = {
    each.__name__: each for each in (multisat_blocks, multisat, multisat_job, odc_xarray, odc_xarray_eager)
}
