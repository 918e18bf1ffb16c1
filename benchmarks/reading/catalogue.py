"""The items of the archive, with the fields that Earth Search publishes."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from .workloads import EPSG, NORTH, PIXEL, SIZE, WEST

SCENES = 100
CENTRES = {"blue": 0.49, "green": 0.56, "red": 0.665, "nir": 0.842}
"""Bands of 10 m by centre wavelength."""

EXTENSIONS = ("projection/v1.0.0", "raster/v1.1.0", "eo/v1.0.0")


def items_of(folder: Path, root: str, count: int) -> list[dict[str, Any]]:
    """Return the first items of an archive, oldest first, with files under an address or a folder."""
    found: list[dict[str, Any]] = json.loads((folder / "items.json").read_text())[:count]
    for asset in (asset for one in found for asset in one["assets"].values()):
        asset["href"] = f"{root}/{asset['href']}"
    return found


def item(number: int, cloud: float) -> dict[str, Any]:
    """Return an item with the fields of Earth Search's ``sentinel-2-l2a``."""
    from rasterio.warp import transform_bounds

    when = dt.datetime(2023, 1, 3, 10, 56, 31, tzinfo=dt.UTC) + dt.timedelta(days=5 * number)
    reach = (WEST, NORTH - SIZE * PIXEL, WEST + SIZE * PIXEL, NORTH)
    west, south, east, north = transform_bounds(EPSG, 4326, *reach)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    name = f"S2A_31TDK_{when:%Y%m%d}_0_L2A"
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "stac_extensions": [f"https://stac-extensions.github.io/{e}/schema.json" for e in EXTENSIONS],
        "id": name,
        "collection": "sentinel-2-l2a",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "bbox": [west, south, east, north],
        "properties": properties(when, cloud),
        "assets": {band: asset(name, band) for band in (*CENTRES, "scl")},
        "links": [],
    }


def properties(when: dt.datetime, cloud: float) -> dict[str, Any]:
    """Return what an item says of its scene."""
    return {
        "datetime": f"{when:%Y-%m-%dT%H:%M:%S}.000000Z",
        "platform": "sentinel-2a",
        "constellation": "sentinel-2",
        "eo:cloud_cover": round(cloud, 3),
        "proj:epsg": EPSG,
        "grid:code": "MGRS-31TDK",
        "s2:processing_baseline": "05.09",
        "s2:product_uri": f"S2A_MSIL2A_{when:%Y%m%dT%H%M%S}_N0509_R094_T31TDK_{when:%Y%m%d}T154500.SAFE",
        "earthsearch:boa_offset_applied": True,
    }


def asset(name: str, band: str) -> dict[str, Any]:
    """Return what an item says of one file."""
    coarse = 1 if band in CENTRES else 2
    about: dict[str, Any] = {"nodata": 0, "data_type": "uint8", "spatial_resolution": PIXEL * coarse}
    made: dict[str, Any] = {
        "href": f"scenes/{name}/{band}.tif",
        "type": "image/tiff; application=geotiff; profile=cloud-optimized",
        "roles": ["data"],
        "proj:shape": [SIZE // coarse, SIZE // coarse],
        "proj:transform": [PIXEL * coarse, 0, WEST, 0, -PIXEL * coarse, NORTH],
        "raster:bands": [about],
    }
    if band in CENTRES:
        about |= {"data_type": "uint16", "bits_per_sample": 15, "scale": 0.0001, "offset": -0.1}
        made["eo:bands"] = [{"name": band, "common_name": band, "center_wavelength": CENTRES[band]}]
    return made
