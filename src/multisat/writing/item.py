"""STAC items beside rasters."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
import xarray as xr

from multisat.errors import AOIError, UsageError
from multisat.model import AOI, TimeRange
from multisat.raster.redact import redact
from multisat.vocab.bands import BANDS
from multisat.writing.facts import Facts
from multisat.writing.packing import Stored
from multisat.writing.placed import Placed
from multisat.writing.whole import whole_file

_COG = "image/tiff; application=geotiff; profile=cloud-optimized"
_SCHEMA = "https://stac-extensions.github.io"
_EXTENSIONS = {
    "proj:": "projection/v2.0.0",
    "raster:": "raster/v2.0.0",
    "eo:": "eo/v2.0.0",
    "processing:": "processing/v1.2.0",
}
"""The version of the extension that each prefix is from."""
_COMMON = {"rededge1": "rededge071", "rededge2": "rededge075", "rededge3": "rededge078"}
"""Where STAC has another common name for a band."""
_SOFTWARE = "multisat-eo"


def item_path(raster: Path) -> Path:
    """Return where the item of a raster is: ``NAME.json`` beside ``NAME.tif``."""
    plain = raster.suffix.lower() in (".tif", ".tiff")
    return raster.with_name(f"{raster.stem if plain else raster.name}.json")


def check_free(rasters: Iterable[Path]) -> None:
    """Make sure that items take the place of nothing but earlier ones.

    Raises:
        UsageError: A JSON file is in the way that multisat did not write.
    """
    for path in map(item_path, rasters):
        if path.exists() and not _is_ours(path):
            raise UsageError(
                f"{path} is there and is no item of multisat", hint="choose another name, or item=False"
            )


def _is_ours(path: Path) -> bool:
    try:
        return _SOFTWARE in orjson.loads(path.read_bytes())["properties"]["processing:software"]
    except (OSError, ValueError, KeyError, TypeError):
        return False


def item_of(raster: Placed, stored: Stored, path: Path, period: TimeRange | None) -> dict[str, Any] | None:
    """Return the STAC 1.1 item of a raster, or None if nothing tells its time.

    Args:
        raster: One time step; pixels and their place.
        stored: The numbers in the file.
        path: The file; the item refers to it by its bare name.
        period: Time of a raster that has none of its own.
    """
    times = _times(raster.cube, period)
    if times is None:
        return None
    asset: dict[str, Any] = {
        "href": f"./{path.name}",
        "type": _COG,
        "roles": ["data"],
        "bands": [_band(facts, stored, raster.cube[facts.name]) for facts in stored.bands],
    }
    properties = {**times, **_place(raster), **_origin(raster.cube)}
    used = {key for place in (properties, *asset["bands"]) for key in place}
    return {
        "type": "Feature",
        "stac_version": "1.1.0",
        "stac_extensions": [
            f"{_SCHEMA}/{name}/schema.json"
            for prefix, name in _EXTENSIONS.items()
            if any(key.startswith(prefix) for key in used)
        ],
        "id": path.stem,
        **_outline(raster),
        "properties": properties,
        "links": [],
        "assets": {"data": asset},
    }


def write_item(item: dict[str, Any] | None, path: Path) -> None:
    """Write an item whole; with none, remove the one of an earlier raster."""
    if item is None:
        path.unlink(missing_ok=True)
        return
    with whole_file(path) as temporary:
        temporary.write_bytes(orjson.dumps(item, option=orjson.OPT_INDENT_2))


def _times(cube: xr.Dataset, period: TimeRange | None) -> dict[str, Any] | None:
    if period is not None:
        if period.start is None or period.end is None:
            raise UsageError(
                "the period of a raster is open", hint='give both ends, such as "2023-05/2023-09"'
            )
        last = period.end - timedelta(milliseconds=1)
        return {"datetime": None, "start_datetime": _utc(period.start), "end_datetime": _utc(last)}
    if "time" not in cube.coords or cube["time"].dtype.kind != "M" or np.isnat(cube["time"].values):
        return None
    return {"datetime": f"{np.datetime_as_string(cube['time'].values.astype('M8[us]'))}Z"}


def _utc(when: datetime) -> str:
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _outline(raster: Placed) -> dict[str, Any]:
    """Return the edges in longitude and latitude, in two parts across ±180; null if the CRS ends before."""
    grid = raster.grid
    try:
        area = AOI(geometry=shapely.box(*grid.bounds), crs=grid.crs)
        outline, boxes = area.geojson, area.bboxes
    except AOIError:
        return {"geometry": None}
    west, east = boxes[0], boxes[-1]
    bbox = [west[0], min(b[1] for b in boxes), east[2], max(b[3] for b in boxes)]
    return {"geometry": outline, "bbox": bbox}


def _place(raster: Placed) -> dict[str, Any]:
    grid = raster.grid
    known = grid.crs.startswith("EPSG:")
    wkt = {} if known else {"proj:wkt2": raster.crs.to_wkt(version="WKT2_2019")}
    return {
        "proj:code": grid.crs if known else None,
        **wkt,
        "proj:shape": list(grid.shape),
        "proj:transform": list(grid.transform),
    }


def _origin(cube: xr.Dataset) -> dict[str, Any]:
    """Return what the raster is made of, as far as its coordinates say so."""
    found: dict[str, Any] = {"processing:software": {_SOFTWARE: version(_SOFTWARE)}}
    if "platform" in cube.coords and cube["platform"].ndim == 0:
        found["platform"] = redact(str(cube["platform"].values))
    if "cloud_cover" in cube.coords and cube["cloud_cover"].ndim == 0:
        cloud = float(cube["cloud_cover"])
        found |= {"eo:cloud_cover": cloud} if math.isfinite(cloud) else {}
    for name, key in (("item", "sources"), ("collection", "collections"), ("provider", "archives")):
        if name in cube.coords and cube[name].ndim == 0:
            found[f"multisat:{key}"] = [redact(v) for v in str(cube[name].values).split(",") if v]
    return found


def _band(facts: Facts, stored: Stored, band: xr.DataArray) -> dict[str, Any]:
    known = BANDS.get(facts.name)
    spectral = known is not None and known.kind in ("optical", "thermal")
    nodata = stored.nodata if stored.nodata is not None else facts.nodata
    said = {
        "name": facts.name,
        "description": redact(str(band.attrs.get("long_name", ""))),
        "unit": facts.unit,
        "data_type": stored.dtype.name,
        "nodata": "nan" if nodata is not None and math.isnan(nodata) else nodata,
        "raster:scale": facts.scale,
        "raster:offset": facts.offset,
        "eo:common_name": _COMMON.get(facts.name, facts.name) if spectral else None,
    }
    return {key: value for key, value in said.items() if value not in (None, "")}
