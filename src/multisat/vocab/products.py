"""Product names, taken apart: platform, tile, orbit, baseline, times.

The patterns follow ESA's Sentinel-2 and Sentinel-1 naming conventions, the Landsat Collection 2
product identifier and the HLS v2.0 granule name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import TypeVar

_Name = TypeVar("_Name")

_S2 = re.compile(
    r"(S2[A-D])_MSI(L1C|L2A)_(\d{8}T\d{6})_(?:N(\d{4})_)?R(\d{3})_T(\d{1,2}[A-Z]{3})_(\d{8}T\d{6})"
)
_S2_STRIP = re.compile(r"_S(\d{8}T\d{6})_")
_S2_TILE = re.compile(r"(?:^|[-_T])(\d{1,2}[C-HJ-NP-X][A-HJ-NP-Z][A-HJ-NP-V])(?=_|$)")
_LANDSAT = re.compile(r"(L[COTEM]0[1-9])_(L\w{3})_(\d{3})(\d{3})_(\d{8})_(?:(\d{8})_)?(\d{2})_(RT|T1|T2)")
_HLS = re.compile(r"HLS\.(L30|S30)\.T(\d{2}[A-Z]{3})\.(\d{7}T\d{6})\.v(\d+\.\d+)")
_S1 = re.compile(
    r"(S1[A-D])_(\w\w)_(\w{4})_(\w{4})_(\d{8}T\d{6})_(\d{8}T\d{6})_(\d{6})_([0-9A-F]{6})(?:_([0-9A-F]{4}))?"
)
_S1_ORBIT_SHIFT = {"S1A": 73, "S1B": 27}
_S1_CYCLE = 175


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentinel2Name:
    """A Sentinel-2 product name. Times are UTC; ``tile`` has five characters."""

    platform: str
    level: str
    datatake: datetime
    baseline: str | None
    relative_orbit: int
    tile: str
    generated: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class LandsatName:
    """A Landsat Collection 2 product id. ``processed`` is None in ids that leave it out."""

    sensor: str
    platform: str
    level: str
    path: str
    row: str
    acquired: datetime
    processed: datetime | None
    collection: str
    tier: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HlsName:
    """An HLS granule name. ``acquired`` is UTC."""

    product: str
    tile: str
    acquired: datetime
    version: str
    granule: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentinel1Name:
    """A Sentinel-1 product name; ``name`` is without the checksum and any suffix."""

    platform: str
    mode: str
    start: datetime
    stop: datetime
    absolute_orbit: int
    relative_orbit: int | None
    name: str


def _dated(parse: Callable[[str | None], _Name | None]) -> Callable[[str | None], _Name | None]:
    """Make a parser give None for a name whose dates are not in the calendar."""

    @wraps(parse)
    def parse_or_none(text: str | None) -> _Name | None:
        try:
            return parse(text)
        except (ValueError, OverflowError):
            return None

    return parse_or_none


def mgrs_tile(text: str | None) -> str | None:
    """Return an MGRS tile as five characters with a leading zero, or None.

    Args:
        text: Such as ``"MGRS-1WCP"``, ``"T31UFU"``, ``"31UFU"`` or a product id that has one.
    """
    found = _S2_TILE.search(text or "")
    return found.group(1).zfill(5) if found else None


@_dated
def sentinel2(text: str | None) -> Sentinel2Name | None:
    """Take apart the first Sentinel-2 product name in a text, or return None."""
    found = _S2.search(text or "")
    if not found:
        return None
    mission, level, datatake, baseline, orbit, tile, generated = found.groups()
    return Sentinel2Name(
        platform=f"sentinel-{mission[1:].lower()}",
        level=level,
        datatake=_utc(datatake),
        baseline=f"{baseline[:2]}.{baseline[2:]}" if baseline else None,
        relative_orbit=int(orbit),
        tile=tile.zfill(5),
        generated=_utc(generated),
    )


def datastrip_start(datastrip_id: str | None) -> str | None:
    """Return the sensing start inside a Sentinel-2 datastrip id, as written, or None."""
    found = _S2_STRIP.search(datastrip_id or "")
    return found.group(1) if found else None


@_dated
def landsat(text: str | None) -> LandsatName | None:
    """Take apart the first Landsat Collection 2 product id in a text, or return None."""
    found = _LANDSAT.search(text or "")
    if not found:
        return None
    sensor, level, path, row, acquired, processed, collection, tier = found.groups()
    return LandsatName(
        sensor=sensor,
        platform=f"landsat-{int(sensor[2:])}",
        level=level,
        path=path,
        row=row,
        acquired=_utc(acquired),
        processed=_utc(processed) if processed else None,
        collection=collection,
        tier=tier,
    )


@_dated
def hls(text: str | None) -> HlsName | None:
    """Take apart the first HLS granule name in a text, or return None."""
    found = _HLS.search(text or "")
    if not found:
        return None
    product, tile, acquired, version = found.groups()
    return HlsName(
        product=product,
        tile=tile,
        acquired=_day_of_year(acquired),
        version=version,
        granule=found.group(0),
    )


@_dated
def sentinel1(text: str | None) -> Sentinel1Name | None:
    """Take apart the first Sentinel-1 product name in a text, or return None."""
    found = _S1.search(text or "")
    if not found:
        return None
    mission, mode, _, _, start, stop, orbit, _, _ = found.groups()
    shift = _S1_ORBIT_SHIFT.get(mission)
    return Sentinel1Name(
        platform=f"sentinel-{mission[1:].lower()}",
        mode=mode,
        start=_utc(start),
        stop=_utc(stop),
        absolute_orbit=int(orbit),
        relative_orbit=None if shift is None else (int(orbit) - shift) % _S1_CYCLE + 1,
        name=found.group(0)[: found.end(8) - found.start()],
    )


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _day_of_year(text: str) -> datetime:
    year_start = datetime.fromisoformat(f"{text[:4]}0101T{text[8:]}").replace(tzinfo=UTC)
    day = year_start + timedelta(days=int(text[4:7]) - 1)
    if day.year != year_start.year:
        raise ValueError(f"no day {text[4:7]} in {text[:4]}")
    return day
