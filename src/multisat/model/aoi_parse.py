"""From what users write to features: geometry, CRS, id, attributes."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from multisat.errors import AOIError
from multisat.model import antimeridian
from multisat.model.aoi_check import known_crs
from multisat.model.projecting import LONLAT, is_lonlat

if TYPE_CHECKING:
    from collections.abc import Sequence

_HINT = "give a bbox, GeoJSON, WKT, a shapely geometry, a GeoDataFrame or a file"
_TURN = 360.0
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_NUMBERS = re.compile(rf"^{_NUMBER}(?:\s*,\s*{_NUMBER})+$", re.ASCII)
_WKT = re.compile(
    r"^\s*(?:SRID=(\d+);)?\s*((?:MULTI)?(?:POINT|LINESTRING|POLYGON)|LINEARRING|GEOMETRYCOLLECTION)(?=Z|M|\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One geometry as it was given; the attributes are those of ``AOI``."""

    geometry: BaseGeometry
    crs: str = LONLAT
    id: str | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def features(value: object, *, layer: str | None = None, crs: str | None = None) -> list[Feature]:
    """Return the features of anything a user may write; see ``AOIs.of``.

    Raises:
        AOIError: It cannot be read as areas.
    """
    if layer is not None and not isinstance(value, str | Path):
        raise AOIError(
            f"there is no layer {layer!r} in a {type(value).__name__}", hint="name layers of files"
        )
    if isinstance(value, BaseGeometry):
        return [Feature(geometry=value, crs=crs or LONLAT)]
    if isinstance(value, Mapping):
        return from_geojson(value, crs)
    if isinstance(value, str | Path):
        return _from_text(str(value), layer, crs)
    if hasattr(value, "to_crs") and hasattr(value, "geometry"):
        return _from_frame(value, crs)
    if hasattr(value, "__geo_interface__"):
        return from_geojson(value.__geo_interface__, crs)
    values = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(values, list | tuple):
        return _from_list(values, crs)
    raise AOIError(f"cannot read an area from {type(value).__name__}", hint=_HINT)


def from_geojson(data: Mapping[str, Any], crs: str | None = None) -> list[Feature]:
    """Return the features of GeoJSON: a geometry, a Feature or a FeatureCollection.

    Raises:
        AOIError: It is not GeoJSON, or a feature has no geometry.
    """
    if not isinstance(data, Mapping):
        raise AOIError(f"{str(data)[:40]!r} is no GeoJSON object", hint=_HINT)
    code = data.get("multisat:crs") or _crs_member(data) or crs or LONLAT
    if data.get("type") == "FeatureCollection":
        members = data.get("features") or ()
        if not isinstance(members, list | tuple):
            raise AOIError("the features of the collection are no list", hint=_HINT)
        return [f for feature in members for f in from_geojson(feature, code)]
    if data.get("type") != "Feature":
        return [Feature(geometry=_shape(data, "the geometry"), crs=code)]
    identity = data.get("id")
    where = f"feature {identity!r}" if identity is not None else "a feature"
    if not data.get("geometry"):
        raise AOIError(f"{where} has no geometry", hint="give each feature one, or leave it out")
    return [
        Feature(
            geometry=_shape(data["geometry"], where),
            crs=code,
            id=None if identity is None else str(identity),
            properties=plain(data.get("properties")) if isinstance(data.get("properties"), Mapping) else {},
        )
    ]


def _crs_member(data: Mapping[str, Any]) -> str | None:
    """Return the CRS that GeoJSON of before 2016, and that of GeoPandas, names."""
    try:
        return str(data["crs"]["properties"]["name"])
    except (KeyError, TypeError):
        return None


def plain(values: Any) -> Any:  # noqa: ANN401 - any attribute
    """Return attributes as JSON values: times as text, NumPy values as Python ones, NaN as None."""
    if isinstance(values, Mapping):
        return {str(key): plain(value) for key, value in values.items()}
    if hasattr(values, "tolist"):
        values = values.tolist()
    if isinstance(values, list | tuple):
        return [plain(value) for value in values]
    if values is None or isinstance(values, str | int):
        return values
    if isinstance(values, float):
        return values if math.isfinite(values) else None
    if values != values:  # noqa: PLR0124 - not a time
        return None
    return values.isoformat() if hasattr(values, "isoformat") else str(values)


def _shape(data: Any, where: str) -> BaseGeometry:  # noqa: ANN401 - JSON
    try:
        return shape(data)
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise AOIError(f"{where} is no GeoJSON geometry: {error}", hint=_HINT) from None


def _from_text(text: str, layer: str | None, crs: str | None) -> list[Feature]:
    if text == "-":
        return _from_json(sys.stdin.read(), "standard input", crs)
    if text.lstrip().startswith("{"):
        return _from_json(text, "the text", crs)
    if _NUMBERS.match(text.strip(" \t\r\n[]()")):
        return _from_numbers([float(n) for n in text.strip(" \t\r\n[]()").split(",")], crs)
    found = _WKT.match(text)
    if found:
        return _from_wkt(
            text.partition(";")[2] if found[1] else text, f"EPSG:{found[1]}" if found[1] else crs
        )
    from multisat.model.aoi_files import read_file

    try:
        path = Path(text).expanduser()
    except RuntimeError:  # the home of nobody
        path = Path(text)
    return read_file(path, layer=layer, crs=crs)


def _from_json(text: str, name: str, crs: str | None) -> list[Feature]:
    try:
        return from_geojson(orjson.loads(text), crs)
    except orjson.JSONDecodeError:
        lines = [line for line in text.replace("\x1e", "").splitlines() if line.strip()]
    try:
        return [f for line in lines for f in from_geojson(orjson.loads(line), crs)]
    except orjson.JSONDecodeError as error:
        raise AOIError(f"{name} is no GeoJSON: {error}", hint=_HINT) from None


def _from_wkt(text: str, crs: str | None) -> list[Feature]:
    try:
        return [Feature(geometry=shapely.from_wkt(text), crs=crs or LONLAT)]
    except ShapelyError as error:
        raise AOIError(f"the text is no WKT: {error}", hint=_HINT) from None


def _from_numbers(numbers: Sequence[float], crs: str | None) -> list[Feature]:
    if len(numbers) == 2:  # noqa: PLR2004 - longitude, latitude
        return [Feature(geometry=shapely.Point(*numbers), crs=crs or LONLAT)]
    if len(numbers) != 4:  # noqa: PLR2004 - a bbox
        raise AOIError(f"{len(numbers)} numbers are no area", hint="give west,south,east,north or lon,lat")
    west, south, east, north = numbers
    if south > north:
        raise AOIError(
            f"south {south:g} is north of north {north:g}", hint="the order is west,south,east,north"
        )
    degrees = crs is None or is_lonlat(known_crs(crs))
    if west > east:
        if not degrees:
            raise AOIError(
                f"west {west:g} is east of east {east:g}", hint="the order is west,south,east,north"
            )
        west, east = (west, east + 360) if east <= 0 else (west - 360, east)
    if west == east and south == north:
        return [Feature(geometry=shapely.Point(west, south), crs=crs or LONLAT)]
    box = shapely.box(west, south, east, north)
    # numbers that are no degrees would be cut into millions of steps before they are refused
    sane = degrees and max(abs(west), abs(east)) <= 2 * _TURN
    return [Feature(geometry=antimeridian.walkable(box) if sane else box, crs=crs or LONLAT)]


def _from_list(value: Sequence[Any], crs: str | None) -> list[Feature]:
    if value and all(isinstance(v, int | float) or hasattr(v, "__float__") for v in value):
        return _from_numbers([float(v) for v in value], crs)
    return [f for one in value for f in _of_area(one) or features(one, crs=crs)]


def _of_area(value: object) -> list[Feature]:
    """Return an AOI as a feature; nothing for other values."""
    from multisat.model.aoi import AOI

    if not isinstance(value, AOI):
        return []
    return [
        Feature(
            geometry=value.geometry,
            crs=value.crs,
            id=value.name,
            properties=value.properties,
            notes=value.notes,
        )
    ]


def _from_frame(frame: Any, crs: str | None) -> list[Feature]:  # noqa: ANN401 - geopandas is optional
    """Read a GeoDataFrame or GeoSeries without importing geopandas."""
    code = known_crs(frame.crs) if frame.crs is not None else crs or LONLAT
    shapes = list(frame.geometry)
    if hasattr(frame, "columns"):
        rest = frame.drop(columns=frame.geometry.name)
        rows: list[Mapping[str, Any]] = [plain(r) for r in rest.to_dict("records")] or [{} for _ in shapes]
    else:
        rows = [{} for _ in shapes]
    for number, geometry in enumerate(shapes):
        if geometry is None:
            raise AOIError(f"row {frame.index[number]!r} has no geometry", hint="leave such rows out")
    return [Feature(geometry=g, crs=code, properties=row) for g, row in zip(shapes, rows, strict=True)]
