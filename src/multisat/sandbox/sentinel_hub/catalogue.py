"""Catalog API 1.0.0: collections, items and search."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
from pyproj import CRS
from shapely.errors import ShapelyError
from shapely.geometry import box, mapping, shape
from shapely.geometry.base import BaseGeometry

from multisat.sandbox.http import Request, Response
from multisat.sandbox.matching import instant
from multisat.sandbox.secure.answers import plain_json
from multisat.sandbox.sentinel_hub.archive import Archive
from multisat.sandbox.sentinel_hub.filtering import test_of
from multisat.sandbox.sentinel_hub.holdings import Holding
from multisat.sandbox.sentinel_hub.refusing import CatalogRefused, Refused
from multisat.sandbox.sentinel_hub.scenes import SourceScene
from multisat.sandbox.sentinel_hub.schemas import SEARCH, check

ROOT = "/api/v1/catalog/1.0.0"
_LIMIT = 10
_ALWAYS = ("id", "type", "geometry", "bbox", "links", "assets", "properties.datetime")
Body = dict[str, Any]


def catalogue(request: Request, archive: Archive) -> Response:
    """Answer a request below ``/api/v1/catalog/1.0.0``.

    Raises:
        CatalogRefused: It is not valid or there is no such thing.
    """
    parts = [part for part in request.path.removeprefix(ROOT).split("/") if part]
    if parts == ["search"] and request.method == "POST":
        return _geojson(_search(request.body, archive))
    if parts[:1] == ["collections"] and request.method == "GET":
        return _collections(parts[1:], archive)
    raise CatalogRefused("Not found.", 404)


def _collections(parts: list[str], archive: Archive) -> Response:
    if not parts:
        return plain_json({"collections": [_collection(one) for one in archive.listed], "links": []})
    holding = _holding(parts[0], archive)
    if len(parts) == 1:
        return plain_json(_collection(holding))
    if parts[1] == "queryables":
        names = {name: {"description": name} for name in holding.filters}
        return plain_json({"type": "object", "title": holding.id, "properties": names})
    if parts[1] == "items" and len(parts) == 3:  # noqa: PLR2004 - collections, items, id
        found = [one for one in archive.scenes(holding) if one.id == parts[2]]
        if found:
            return _geojson(_item(found[0]))
    raise CatalogRefused("Item not found.", 404)


def _holding(name: str, archive: Archive) -> Holding:
    found = archive.holdings.get(name)
    if found is None or found.timeless:
        raise CatalogRefused(f"Collection {name} not found.", 404)
    return found


def _collection(holding: Holding) -> Body:
    extent = {
        "spatial": {"bbox": [[-180, -90, 180, 90]]},
        "temporal": {"interval": [["2014-10-03T00:00:00Z", None]]},
    }
    return {
        "stac_version": "1.0.0",
        "type": "Collection",
        "id": holding.id,
        "title": holding.id,
        "description": f"synthetic {holding.id}",
        "license": "proprietary",
        "extent": extent,
        "links": [],
    }


def _search(body: Any, archive: Archive) -> Body:  # noqa: ANN401 - JSON
    try:
        check(body, SEARCH)
    except Refused as error:
        raise CatalogRefused(str(error)) from None
    holding = _holding(body["collections"][0], archive)
    found = [one for one in reversed(archive.scenes(holding)) if _asked(one, body, _times(body["datetime"]))]
    area = _area(body)
    with np.errstate(all="ignore"):  # of numbers that are no coordinates
        found = [one for one in found if one.footprint.intersects(area)]
    if "filter" in body:
        test = test_of(body["filter"], holding.filters)
        found = [one for one in found if test(_properties(one))]
    if "distinct" in body:
        return _page(_distinct(found, body["distinct"], holding), body)
    items = [_item(one) for one in found]
    return _page([_with(item, body["fields"]) for item in items] if "fields" in body else items, body)


def _asked(scene: SourceScene, body: Body, times: tuple[datetime | None, datetime | None]) -> bool:
    start, end = times
    inside = (start is None or scene.when >= start) and (end is None or scene.when <= end)
    return inside and (not body.get("ids") or scene.id in body["ids"])


def _times(text: str) -> tuple[datetime | None, datetime | None]:
    start, _, end = text.partition("/")
    try:
        found = [None if part in {"", ".."} else instant(part) for part in (start, end or start)]
    except ValueError:
        raise CatalogRefused(f"Invalid datetime: {text}") from None
    return found[0], found[1]


def _area(body: Body) -> BaseGeometry:
    if ("bbox" in body) == ("intersects" in body):
        raise CatalogRefused("Give one of bbox and intersects.")
    if "bbox" in body:
        return box(*body["bbox"])
    try:
        return shape(body["intersects"])
    except (ShapelyError, KeyError, TypeError, ValueError, AttributeError):
        raise CatalogRefused("intersects is not a valid GeoJSON geometry.") from None


def _page(found: list[Any], body: Body) -> Body:
    limit, start = int(body.get("limit", _LIMIT)), int(body.get("next", 0))
    page = found[start : start + limit]
    context = {"limit": limit, "returned": len(page)}
    if start + limit < len(found):
        context["next"] = start + limit
    return {"type": "FeatureCollection", "features": page, "links": [], "context": context}


def _distinct(found: list[SourceScene], name: str, holding: Holding) -> list[str]:
    if name not in holding.distinct:
        raise CatalogRefused(f"Distinct is not possible by property {name}.")
    values = {f"{one.when:%Y-%m-%d}" if name == "date" else str(_properties(one)[name]) for one in found}
    return sorted(values)


def _with(item: Body, fields: Mapping[str, list[str] | None] | None) -> Body:
    """Return an item with the fields asked for."""
    asked = fields or {}
    kept = {*_ALWAYS, *(asked.get("include") or ())} - {*(asked.get("exclude") or ())}
    properties = {
        k: v for k, v in item["properties"].items() if f"properties.{k}" in kept or "properties" in kept
    }
    return {**{k: v for k, v in item.items() if k in kept}, "properties": properties}


def _item(scene: SourceScene) -> Body:
    return {
        "stac_version": "1.0.0",
        "stac_extensions": [],
        "type": "Feature",
        "id": scene.id,
        "collection": scene.holding.id,
        "geometry": mapping(scene.footprint),
        "bbox": list(scene.footprint.bounds),
        "properties": {**_properties(scene), "multisat:synthetic": True},
        "assets": {"data": {"href": scene.path, "title": "s3", "type": "inode/directory"}},
        "links": [],
    }


def _properties(scene: SourceScene) -> Body:
    frame = scene.frame
    right, bottom = frame.x + frame.columns * frame.size, frame.y - frame.rows * frame.size
    place = {
        "proj:epsg": CRS.from_user_input(frame.crs).to_epsg(),
        "proj:bbox": [frame.x, bottom, right, frame.y],
    }
    cloud = {} if scene.cloud is None else {"eo:cloud_cover": round(scene.cloud, 2)}
    radar = _radar(scene) if scene.holding.id == "sentinel-1-grd" else {}
    return {
        "datetime": f"{scene.when:%Y-%m-%dT%H:%M:%SZ}",
        "platform": str(scene.properties.get("platform", "")).lower(),
        **cloud,
        **radar,
        **place,
    }


def _radar(scene: SourceScene) -> Body:
    return {
        "sar:instrument_mode": "IW",
        "sat:orbit_state": scene.properties["sat:orbit_state"],
        "s1:polarization": "DV",
        "s1:resolution": "HIGH",
        "s1:timeliness": "Fast24h",
        "sar:polarizations": ["VV", "VH"],
        "constellation": "sentinel-1",
    }


def _geojson(body: Body) -> Response:
    return Response.json(body)
