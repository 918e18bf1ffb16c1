"""One loader, one layout, one fresh process; prints one line of JSON.

    python -m benchmarks.screening.measure LOADER LAYOUT --archive FOLDER --server http://127.0.0.1:PORT

Imports, items and the comparison with the truth are not timed.
"""

from __future__ import annotations

import argparse
import json
import os
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from benchmarks.reading.measure import peak_memory
from benchmarks.reading.server import ask
from benchmarks.reading.workloads import DISTINCT, EPSG

from .archive import SCENES, items_of
from .parks import LAYOUTS, parks

if TYPE_CHECKING:
    import shapely
    from numpy.typing import NDArray

    Shares = NDArray[np.float64]
    Call = Callable[[], Shares]

_CLOUD = (8, 9)


def main() -> None:
    """Measure what the command line says."""
    options = parse()
    os.environ["MULTISAT_CACHE"] = options.cache
    warnings.simplefilter("ignore")
    shapes = parks(options.layout)
    call = LOADERS[options.loader](items_of(options.archive, options.server, options.scenes), shapes)
    ask(options.server, "reset")
    with peak_memory() as peak:
        wall, cpu = time.perf_counter(), time.process_time()
        cloud = call()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    asked = ask(options.server, "counters")
    true = truth(options.archive, shapes)[np.arange(options.scenes) % DISTINCT]
    error = float(np.abs(cloud - true).max())
    spent = {"wall": wall, "cpu": cpu, "peak_mb": peak[0] / 1e6, "scenes": options.scenes, "error": error}
    print(json.dumps({**spent, **asked}), flush=True)


def parse() -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("loader", choices=LOADERS)
    parser.add_argument("layout", choices=LAYOUTS)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--server", required=True, help="address of the range server")
    parser.add_argument("--scenes", type=int, default=SCENES)
    parser.add_argument("--cache", default="off", help="folder where multisat keeps headers, or off")
    return parser.parse_args()


def multisat(items: list[dict[str, Any]], shapes: list[shapely.Polygon]) -> Call:
    """Our own, through its public interface."""
    import exactextract  # noqa: F401 - imports are not timed

    import multisat as ms
    import multisat.federate.loading
    import multisat.screening

    archive: Any = ms.provider("earth-search")
    scenes = [archive.scene(one) for one in items]
    areas = ms.AOIs(tuple(ms.AOI(geometry=s, crs=f"EPSG:{EPSG}", name=str(n)) for n, s in enumerate(shapes)))

    def call() -> Shares:
        rows = ms.screen(areas, scenes=scenes)
        return np.array([row.shares["cloud"] for row in rows]).reshape(len(shapes), len(scenes)).T

    return call


def rasterio(items: list[dict[str, Any]], shapes: list[shapely.Polygon]) -> Call:
    """GDAL by hand: a window per park and scene, pixel centres counted."""
    import rasterio as rio
    from rasterio.mask import mask

    tuned = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".tif"}

    def one(item: dict[str, Any]) -> list[float]:
        shares = []
        with rio.Env(**tuned), rio.open(item["assets"]["scl"]["href"]) as file:
            for shape in shapes:
                codes, _ = mask(file, [shape], crop=True, nodata=255)
                shares.append(100 * np.isin(codes, _CLOUD).sum() / (codes != 255).sum())
        return shares

    def call() -> Shares:
        with ThreadPoolExecutor(32) as pool:
            return np.array(list(pool.map(one, items)))

    return call


def truth(folder: Path, shapes: list[shapely.Polygon]) -> Shares:
    """Return cloud in percent by distinct scene and park, cut by exactextract from the local files."""
    from exactextract import exact_extract
    from shapely.geometry import mapping

    features = [{"type": "Feature", "properties": {}, "geometry": mapping(shape)} for shape in shapes]
    found = []
    for number in range(DISTINCT):
        cut = exact_extract(str(folder / f"{number}.tif"), features, ["values", "coverage"])
        parts = [(one["properties"]["values"], one["properties"]["coverage"]) for one in cut]
        areas = [shape.area / 400 for shape in shapes]
        found.append(
            [
                100 * float(weights[np.isin(np.ma.filled(codes, 0), _CLOUD)].sum()) / area
                for (codes, weights), area in zip(parts, areas, strict=True)
            ]
        )
    return np.array(found)


LOADERS = {"multisat": multisat, "rasterio": rasterio}


if __name__ == "__main__":
    main()
