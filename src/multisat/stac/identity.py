"""Who, where and when: read from product names first, because services agree on those."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from multisat.model import Acquisition
from multisat.stac.fields import Json, instant, nominal_time, number
from multisat.vocab import products
from multisat.vocab.holdings import Holding


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """What a product name and the item's properties tell; the attributes are those of ``Scene``."""

    platform: str
    tile: str | None = None
    relative_orbit: int | None = None
    processing_baseline: str | None = None
    generated: datetime | None = None
    rank: int = 0
    acquisition: Acquisition


def identify(item: Json, holding: Holding) -> Identity:
    """Return the identity of an item by the naming rules of its collection."""
    return _READERS[holding.naming](item, holding.collection)


def _platform(properties: Json) -> str:
    return str(properties.get("platform") or "").lower().replace("_", "-")


def _orbit(properties: Json) -> int | None:
    orbit = properties.get("sat:relative_orbit")
    return orbit if isinstance(orbit, int) else None


def _by_id(item: Json, collection: str) -> Identity:
    properties = item["properties"]
    platform, name = _platform(properties), str(item["id"])
    return Identity(
        platform=platform,
        tile=products.mgrs_tile(properties.get("grid:code")),
        relative_orbit=_orbit(properties),
        generated=instant(properties.get("processing:datetime")),
        acquisition=Acquisition(collection=collection, platform=platform, tile="", name=name),
    )


def _sentinel2(item: Json, collection: str) -> Identity:
    properties = item["properties"]
    name = products.sentinel2(properties.get("s2:product_uri")) or products.sentinel2(item["id"])
    tile = _sentinel2_tile(item) or (name.tile if name else "")
    platform = name.platform if name else _platform(properties)
    part = products.datastrip_start(properties.get("s2:datastrip_id"))
    key = f"{platform}/{name.level}/{name.datatake:%Y%m%dT%H%M%S}/{tile}" if name else ""
    return Identity(
        platform=platform,
        tile=tile or None,
        relative_orbit=name.relative_orbit if name else _orbit(properties),
        processing_baseline=_baseline(properties) or (name.baseline if name else None),
        generated=name.generated if name else instant(properties.get("s2:generation_time")),
        acquisition=Acquisition(
            collection=collection,
            platform=platform,
            tile=tile,
            name=key,
            part=part,
            sensing=None if name else nominal_time(item),
            datatake=name.datatake if name else None,
        ),
    )


def _baseline(properties: Json) -> str | None:
    """Return the processing baseline as ``"05.09"``; some items give it as a number."""
    found = properties.get("s2:processing_baseline")
    value = number(found)
    return found if value is None else f"{value:05.2f}"


def _sentinel2_tile(item: Json) -> str | None:
    properties = item["properties"]
    grid_code, own = properties.get("grid:code"), properties.get("s2:mgrs_tile")
    return products.mgrs_tile(grid_code) or products.mgrs_tile(own) or products.mgrs_tile(item["id"])


_LANDSAT_RANK = {"L2SR": 1, "RT": 2}
"""What is superseded by other copies: products without temperature, and preliminary ones."""


def _landsat(item: Json, collection: str) -> Identity:
    properties = item["properties"]
    name = products.landsat(item["id"])
    if name is None:
        return _by_id(item, collection)
    tile = name.path + name.row
    key = f"{name.sensor}/{tile}/{name.acquired:%Y%m%d}/{name.collection}"
    return Identity(
        platform=name.platform,
        tile=tile,
        relative_orbit=int(name.path),
        generated=instant(properties.get("landsat:product_generated")) or name.processed,
        rank=_LANDSAT_RANK.get(name.level, 0) + _LANDSAT_RANK.get(name.tier, 0),
        acquisition=Acquisition(collection=collection, platform=name.platform, tile=tile, name=key),
    )


_HLS_PLATFORM = {"L30": "landsat", "S30": "sentinel-2"}


def _hls(item: Json, collection: str) -> Identity:
    properties = item["properties"]
    name = products.hls(item["id"])
    if name is None:
        return _by_id(item, collection)
    platform = _platform(properties) or _HLS_PLATFORM[name.product]
    return Identity(
        platform=platform,
        tile=name.tile,
        acquisition=Acquisition(collection=collection, platform=platform, tile=name.tile, name=name.granule),
    )


def _sentinel1(item: Json, collection: str) -> Identity:
    properties = item["properties"]
    name = products.sentinel1(properties.get("s1:product_identifier")) or products.sentinel1(item["id"])
    if name is None:
        return _by_id(item, collection)
    orbit = _orbit(properties)
    return Identity(
        platform=name.platform,
        relative_orbit=name.relative_orbit if orbit is None else orbit,
        generated=instant(properties.get("s1:processing_datetime")),
        acquisition=Acquisition(collection=collection, platform=name.platform, tile="", name=name.name),
    )


_READERS: Mapping[str, Callable[[Any, str], Identity]] = {
    "sentinel-2": _sentinel2,
    "landsat": _landsat,
    "hls": _hls,
    "sentinel-1": _sentinel1,
    "id": _by_id,
}
