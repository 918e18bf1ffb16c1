"""A synthetic archive of quality layers as Earth Search has them, and the items that describe them.

Four layers are written; the others are hard links to them, so that each has an address of its own.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.reading.archive import classified, emptied, land, outside_swath, surface
from benchmarks.reading.catalogue import properties
from benchmarks.reading.workloads import DISTINCT, EPSG, NORTH, SIZE, WEST

DEFAULT = Path(tempfile.gettempdir()) / "multisat-screening-archive"
SCENES = 272
PIXEL = 20


def ready(folder: Path) -> None:
    """Make the archive unless it is there."""
    if (folder / "items.json").exists():
        return
    print(f"writing a synthetic archive to {folder}", file=sys.stderr, flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    cloudy = [write(folder / f"{number}.tif", number) for number in range(DISTINCT)]
    items = [item(number, cloudy[number % DISTINCT]) for number in range(SCENES)]
    for number, one in enumerate(items):
        path = folder / one["assets"]["scl"]["href"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.hardlink_to(folder / f"{number % DISTINCT}.tif")
    (folder / "items.json").write_text(json.dumps(items))


def write(path: Path, number: int) -> float:
    """Write one quality layer and return the cloud cover of the scene in percent."""
    import rasterio
    from rasterio.transform import from_origin

    rng = np.random.default_rng(50 + number)
    relief, _ = land()
    sky = surface(rng, 8) + surface(rng, 70) * np.float32(0.4)
    empty = outside_swath() if number == DISTINCT - 1 else None
    classes = emptied(classified(sky, relief), empty)
    layout = {"driver": "COG", "compress": "DEFLATE", "blocksize": 512, "overview_resampling": "MODE"}
    shape = {"height": SIZE, "width": SIZE, "count": 1, "dtype": "uint8", "nodata": 0}
    where = {"crs": EPSG, "transform": from_origin(WEST, NORTH, PIXEL, PIXEL)}
    with rasterio.open(path, "w", **layout, **shape, **where) as file:
        file.write(classes, 1)
    return float(np.isin(classes, (8, 9, 10)).mean() * 100)


def item(number: int, cloud: float) -> dict[str, Any]:
    """Return an item with the fields of Earth Search's ``sentinel-2-l2a``."""
    from rasterio.warp import transform_bounds

    when = dt.datetime(2022, 1, 3, 10, 56, 31, tzinfo=dt.UTC) + dt.timedelta(days=2 * number)
    reach = (WEST, NORTH - SIZE * PIXEL, WEST + SIZE * PIXEL, NORTH)
    west, south, east, north = transform_bounds(EPSG, 4326, *reach)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    name = f"S2A_31TDK_{when:%Y%m%d}_0_L2A"
    scl = {
        "href": f"scenes/{name}/scl.tif",
        "type": "image/tiff; application=geotiff; profile=cloud-optimized",
        "roles": ["data"],
        "proj:shape": [SIZE, SIZE],
        "proj:transform": [PIXEL, 0, WEST, 0, -PIXEL, NORTH],
        "raster:bands": [{"nodata": 0, "data_type": "uint8", "spatial_resolution": PIXEL}],
    }
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "stac_extensions": [],
        "id": name,
        "collection": "sentinel-2-l2a",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "bbox": [west, south, east, north],
        "properties": properties(when, cloud),
        "assets": {"scl": scl},
        "links": [],
    }


def items_of(folder: Path, root: str, count: int) -> list[dict[str, Any]]:
    """Return the first items, with files under an address or a folder."""
    found: list[dict[str, Any]] = json.loads((folder / "items.json").read_text())[:count]
    for one in found:
        one["assets"]["scl"]["href"] = f"{root}/{one['assets']['scl']['href']}"
    return found
