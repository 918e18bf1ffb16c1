"""Reading the fields of a STAC item that services spell in different ways."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from multisat.errors import InvalidAnswer
from multisat.model import Grid

Json = Mapping[str, Any]


def instant(text: str | None) -> datetime | None:
    """Return an RFC 3339 time as UTC, or None if it is absent or unreadable."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    if found is None:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def nominal_time(item: Json) -> datetime:
    """Return the time of an item, UTC: ``datetime``, else the start of its range.

    Raises:
        InvalidAnswer: It has neither.
    """
    properties = item["properties"]
    found = instant(properties.get("datetime")) or instant(properties.get("start_datetime"))
    if found is None:
        raise InvalidAnswer("the item has no time", item=str(item.get("id")), hint="report it to the archive")
    return found


def number(value: object) -> float | None:
    """Return a number, or None for anything else; text is not read as a number."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def crs(*sources: Json) -> str | None:
    """Return the CRS the first of several objects names, as ``"EPSG:32632"``, or None.

    ``proj:epsg`` is a number; ``proj:code`` is text, or a bare number at some services.
    """
    for source in sources:
        code = str(source.get("proj:code") or source.get("proj:epsg") or "")
        if ":" in code or code.isdecimal():
            return code if ":" in code else f"EPSG:{code}"
    return None


def declared_grid(asset: Json, properties: Json) -> Grid | None:
    """Return the grid that projection fields declare, on the asset or on the item, or None."""
    code = crs(asset, properties)
    source = asset if "proj:transform" in asset else properties
    transform, shape = source.get("proj:transform"), source.get("proj:shape")
    try:
        return Grid.of(code, transform, shape) if code and transform and shape else None
    except (TypeError, ValueError, LookupError):
        return None


def declared_band(asset: Json) -> Json:
    """Return the first entry of ``raster:bands`` (STAC 1.0) or ``bands`` (1.1), or an empty one."""
    bands = asset.get("raster:bands") or asset.get("bands") or [{}]
    return bands[0] if isinstance(bands, list) and isinstance(bands[0], Mapping) else {}


def declared_offset(asset: Json) -> float | None:
    """Return the offset an asset declares, or None."""
    band = declared_band(asset)
    return number(band.get("offset", band.get("raster:offset", asset.get("raster:offset"))))
