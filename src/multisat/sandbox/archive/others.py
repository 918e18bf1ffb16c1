"""Sentinel-1, the elevation model, and thousands of entries without files for paging."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from multisat.sandbox import truth
from multisat.sandbox.archive.entry import COG, FILES, Entry, epsg, feature
from multisat.sandbox.places import TILES
from multisat.sandbox.raster import Frame, RasterFile

_OFF_GRID = 3.7
_ARCSECOND = 1 / 3600
_BULK = 2500
_BULK_CMR = 450


@dataclass(frozen=True, kw_only=True)
class Pass:
    """One pass of Sentinel-1 over Munich.

    Attributes:
        day: UTC day.
        track: Relative orbit, 119 (morning, descending) or 44 (evening, ascending).
        platform: ``"A"`` or ``"C"``.
    """

    day: date
    track: int = 119
    platform: str = "A"

    @property
    def start(self) -> datetime:
        """UTC start of the scene."""
        hour, minute, second = (5, 25, 12) if self.track == 119 else (17, 7, 12)  # noqa: PLR2004 - the morning
        return datetime(self.day.year, self.day.month, self.day.day, hour, minute, second, tzinfo=UTC)

    @property
    def orbit(self) -> int:
        """The absolute orbit; after 12 days and 175 orbits the ground track repeats."""
        repeats = (self.day - _FIRST).days // 12
        return _ORBITS[self.platform] + self.track - 119 + 175 * repeats

    @property
    def name(self) -> str:
        """The product's name."""
        stop = self.start + timedelta(seconds=25)
        times = f"{self.start:%Y%m%dT%H%M%S}_{stop:%Y%m%dT%H%M%S}"
        return f"S1{self.platform}_IW_GRDH_1SDV_{times}_{self.orbit:06}_{_DATATAKE + self.orbit:06X}"

    @property
    def properties(self) -> dict[str, Any]:
        """Properties of an item, without the platform, which archives write in their own ways."""
        state = "descending" if self.track == 119 else "ascending"  # noqa: PLR2004
        return {
            "datetime": f"{self.start + timedelta(seconds=12):%Y-%m-%dT%H:%M:%S}.811000Z",
            "start_datetime": f"{self.start:%Y-%m-%dT%H:%M:%S}.000000Z",
            "end_datetime": f"{self.start + timedelta(seconds=25):%Y-%m-%dT%H:%M:%S}.000000Z",
            "sar:instrument_mode": "IW",
            "sar:polarizations": ["VV", "VH"],
            "sat:orbit_state": state,
            "sat:relative_orbit": self.track,
        }


_FIRST = date(2023, 5, 29)
_ORBITS: Mapping[str, int] = {"A": 49016, "C": 2040}
"""Absolute orbit of relative orbit 119 at or after the first day: (absolute - 73) % 175 + 1 for
Sentinel-1A, (absolute - 172) % 175 + 1 for 1C."""
_DATATAKE = 0x52A19
_CALM = tuple(Pass(day=date(2023, 6, day)) for day in (10, 22))
_STORM = (
    Pass(day=date(2023, 6, 4), platform="C"),
    Pass(day=date(2023, 6, 28), platform="C"),
    Pass(day=date(2023, 7, 4)),
    Pass(day=date(2023, 7, 10), platform="C"),
    Pass(day=date(2023, 7, 16)),
    *(Pass(day=date(2023, month, day), track=44) for month, day in ((6, 8), (6, 20), (7, 2), (7, 14))),
)
"""Passes before and after the storm and on its day, from two tracks. Sentinel-1C did not fly in 2023:
it stands for the second satellite of the pair."""


def entries() -> Iterator[Entry]:
    """Give all entries of this module but the bulk."""
    for one in _CALM:
        yield _rtc(one)
        for provider in ("earth-search", "planetary-computer"):
            yield _grd(one, provider)
    for one in _STORM:
        yield _rtc(one, special="before and after a synthetic storm")
    for provider in ("earth-search", "planetary-computer"):
        yield _dem(provider)


def _rtc(take: Pass, *, special: str = "") -> Entry:
    """Return a terrain-corrected scene: linear power, on a grid of its own."""
    item_id, frame = f"{take.name}_rtc", TILES["munich"].frame(10, shift=_OFF_GRID)
    seen = 1 / truth.ORBIT_GAIN.get(take.track, 1.0)  # what is stored is the power as it is seen
    files = {
        band: RasterFile(frame=frame, day=take.day, band=band, scale=seen, nodata=-32768, dtype="float32")
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
        properties={**take.properties, "platform": f"SENTINEL-1{take.platform}", **place},
        assets={k: {"href": f"{where}/{k}.tif", "type": COG} for k in files},
    )
    return Entry(
        provider="planetary-computer",
        collection="sentinel-1-rtc",
        id=item_id,
        place="munich",
        special=special,
        item=item,
        files=files,
    )


def _grd(take: Pass, provider: str) -> Entry:
    """Return a ground-range scene: listed only, with the projection Earth Search invents for it."""
    item_id, frame = take.name, TILES["munich"].frame(10)
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
        properties={**take.properties, **own},
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
