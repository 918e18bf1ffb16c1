"""Sentinel-1, the elevation model, and thousands of entries without files for paging."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from multisat.sandbox.archive.entry import COG, FILES, Entry, epsg, feature
from multisat.sandbox.places import TILES
from multisat.sandbox.raster import Frame, RasterFile

_OFF_GRID = 3.7
_ARCSECOND = 1 / 3600
_BULK = 2500
_BULK_CMR = 450


def entries() -> Iterator[Entry]:
    """Give all entries of this module but the bulk."""
    for day in ("2023-06-10", "2023-06-22"):
        yield _rtc(day)
        for provider in ("earth-search", "planetary-computer"):
            yield _grd(day, provider)
    for provider in ("earth-search", "planetary-computer"):
        yield _dem(provider)


def _name(day: str, product: str = "GRDH_1SDV") -> str:
    stamp = day.replace("-", "")
    return f"S1A_IW_{product}_{stamp}T052512_{stamp}T052537_049191_05EA40"


def _radar(day: str) -> dict[str, Any]:
    return {
        "datetime": f"{day}T05:25:24.811000Z",
        "start_datetime": f"{day}T05:25:12.000000Z",
        "end_datetime": f"{day}T05:25:37.000000Z",
        "sar:instrument_mode": "IW",
        "sar:polarizations": ["VV", "VH"],
        "sat:orbit_state": "descending",
        "sat:relative_orbit": 119,
    }


def _rtc(day: str) -> Entry:
    """Return a terrain-corrected scene: linear power, on a grid of its own."""
    item_id, frame = f"{_name(day)}_rtc", TILES["munich"].frame(10, shift=_OFF_GRID)
    files = {
        band: RasterFile(frame=frame, day=date.fromisoformat(day), band=band, nodata=-32768, dtype="float32")
        for band in ("vv", "vh")
    }
    where = f"{FILES}/planetary-computer/sentinel-1-rtc/{item_id}"
    place = {
        "proj:epsg": epsg(frame),
        "proj:shape": [frame.rows, frame.columns],
        "proj:transform": frame.transform,
    }
    item = feature(
        item_id=item_id,
        collection="sentinel-1-rtc",
        frame=frame,
        properties={**_radar(day), "platform": "SENTINEL-1A", **place},
        assets={k: {"href": f"{where}/{k}.tif", "type": COG} for k in files},
    )
    return Entry(
        provider="planetary-computer",
        collection="sentinel-1-rtc",
        id=item_id,
        place="munich",
        item=item,
        files=files,
    )


def _grd(day: str, provider: str) -> Entry:
    """Return a ground-range scene: listed only, with the projection Earth Search invents for it."""
    item_id, frame = _name(day), TILES["munich"].frame(10)
    invented = {
        "proj:epsg": 4326,
        "proj:shape": [600, 600],
        "proj:transform": [0.0001, 0, 11.4, 0, -0.0001, 48.4],
    }
    own = (
        {"platform": "sentinel-1a", **invented} if provider == "earth-search" else {"platform": "SENTINEL-1A"}
    )
    item = feature(
        item_id=item_id,
        collection="sentinel-1-grd",
        frame=frame,
        properties={**_radar(day), **own},
        assets={k: {"href": f"{FILES}/none/{item_id}/{k}.tiff", "type": COG} for k in ("vv", "vh")},
    )
    return Entry(
        provider=provider,
        collection="sentinel-1-grd",
        id=item_id,
        place="munich",
        special="listed only",
        item=item,
        files={},
    )


def _dem(provider: str) -> Entry:
    """Return a piece of the elevation model, in degrees; its no-data value is not declared."""
    item_id = "Copernicus_DSM_COG_10_N48_00_E011_00_DEM"
    frame = Frame(crs="EPSG:4326", x=11.4, y=48.4, size=_ARCSECOND, rows=600, columns=900)
    file = RasterFile(
        frame=frame, day=date(2021, 4, 22), band="elevation", dtype="float32", declares_nodata=False
    )
    place = {"proj:epsg": 4326, "proj:shape": [frame.rows, frame.columns], "proj:transform": frame.transform}
    item = feature(
        item_id=item_id,
        collection="cop-dem-glo-30",
        frame=frame,
        properties={"datetime": "2021-04-22T00:00:00Z", "platform": "tandem-x", "gsd": 30, **place},
        assets={"data": {"href": f"{FILES}/{provider}/cop-dem-glo-30/{item_id}/data.tif", "type": COG}},
    )
    return Entry(
        provider=provider,
        collection="cop-dem-glo-30",
        id=item_id,
        place="munich",
        item=item,
        files={"data": file},
    )


def bulk() -> Iterator[Entry]:
    """Give entries over the empty Atlantic (30 to 29 degrees west, 0 to 1 north), hourly in 2022."""
    for provider, collection, count in (
        ("earth-search", "sentinel-2-l2a", _BULK),
        ("planetary-computer", "sentinel-2-l2a", _BULK),
        ("nasa-cmr", "HLSS30_2.0", _BULK_CMR),
    ):
        keys = ("B02", "Fmask") if provider == "nasa-cmr" else tuple(f"asset{n}" for n in range(17))
        assets = {key: {"href": f"{FILES}/none/{key}.tif", "type": COG} for key in keys}
        for number in range(count):
            yield _bulk_entry(provider, collection, number, assets)


def _bulk_entry(provider: str, collection: str, number: int, assets: dict[str, Any]) -> Entry:
    when = datetime(2022, 1, 1, tzinfo=UTC) + timedelta(hours=3 * number)
    item_id = {
        "earth-search": f"S2A_25NGA_{when:%Y%m%d}_{when.hour}_L2A",
        "planetary-computer": f"S2A_MSIL2A_{when:%Y%m%dT%H%M%S}_R022_T25NGA_{when:%Y%m%dT%H%M%S}",
        "nasa-cmr": f"HLS.S30.T25NGA.{when:%Y%jT%H%M%S}.v2.0",
    }[provider]
    properties: dict[str, Any] = {"datetime": f"{when:%Y-%m-%dT%H:%M:%S}Z", "eo:cloud_cover": number % 101}
    if provider != "nasa-cmr":
        uri = f"S2A_MSIL2A_{when:%Y%m%dT%H%M%S}_N0400_R022_T25NGA_{when:%Y%m%dT%H%M%S}"
        properties |= {"platform": "sentinel-2a", "s2:product_uri": uri, "s2:processing_baseline": "04.00"}
    frame = Frame(crs="EPSG:4326", x=-30, y=1, size=0.1, rows=10, columns=10)
    item = feature(item_id=item_id, collection=collection, frame=frame, properties=properties, assets=assets)
    return Entry(provider=provider, collection=collection, id=item_id, place="atlantic", item=item, files={})
