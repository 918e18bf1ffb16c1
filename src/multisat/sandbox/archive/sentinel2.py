"""Sentinel-2 Level-2A as Earth Search (two collections) and Planetary Computer list it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from multisat.sandbox import truth
from multisat.sandbox.archive.entry import COG, FILES, Entry, epsg, feature
from multisat.sandbox.places import TILES
from multisat.sandbox.raster import RasterFile

BANDS: Mapping[str, tuple[str, int]] = {
    "coastal": ("B01", 60), "blue": ("B02", 10), "green": ("B03", 10), "red": ("B04", 10),
    "rededge1": ("B05", 20), "rededge2": ("B06", 20), "rededge3": ("B07", 20), "nir": ("B08", 10),
    "nir08": ("B8A", 20), "nir09": ("B09", 60), "swir16": ("B11", 20), "swir22": ("B12", 20),
}  # fmt: skip
"""Canonical band to ESA's number and native pixel size in metres."""

_SCL = {truth.CLEAR: 4, truth.CLOUD: 9, truth.SHADOW: 3, truth.CIRRUS: 10, truth.WATER: 6}


@dataclass(frozen=True, kw_only=True)
class Acquisition:
    """One tile of one datatake, from which each archive makes its entry.

    Attributes:
        place: Name of the tile.
        start: UTC start of the datatake.
        baseline: Processing baseline, such as ``"05.09"``.
        generated: Days from sensing to processing.
        strip: Seconds from the datatake's start to the datastrip's.
        hole: What is missing; see ``raster.hole``.
        sequence: Earth Search's sequence number.
    """

    place: str
    start: datetime
    baseline: str = "05.09"
    generated: float = 0.5
    strip: int = 3
    hole: str = ""
    sequence: int = 0

    @property
    def made(self) -> datetime:
        """UTC time of processing."""
        return self.start + timedelta(days=self.generated)

    @property
    def sensing(self) -> datetime:
        """UTC time at which the tile was seen."""
        return self.start + timedelta(minutes=6, seconds=12)

    def uri(self, *, with_baseline: bool = True) -> str:
        """Return ESA's product name, without ``.SAFE``."""
        number = f"N{self.baseline.replace('.', '')}_" if with_baseline else ""
        tile = TILES[self.place].name
        return f"S2A_MSIL2A_{self.start:%Y%m%dT%H%M%S}_{number}R022_T{tile}_{self.made:%Y%m%dT%H%M%S}"

    @property
    def datastrip(self) -> str:
        """ESA's datastrip id."""
        begin = self.start + timedelta(seconds=self.strip)
        made = f"{self.made:%Y%m%dT%H%M%S}"
        return f"S2A_OPER_MSI_L2A_DS_2APS_{made}_S{begin:%Y%m%dT%H%M%S}_N{self.baseline}"


def at(day: str, place: str, **options: Any) -> Acquisition:  # noqa: ANN401 - those of Acquisition
    """Return the acquisition of a day (``"2023-05-04"``) at about 10:10 UTC."""
    return Acquisition(
        place=place, start=datetime.fromisoformat(f"{day}T10:10:31").replace(tzinfo=UTC), **options
    )


def scl(sky: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Encode weather as Sen2Cor's scene classification."""
    return np.array([_SCL[code] for code in sorted(_SCL)], dtype=np.uint8)[sky]


def _files(take: Acquisition, offset: float) -> dict[str, RasterFile]:
    """Return the files of all bands by canonical name, reflectance stored as (value - offset) * 10000."""
    tile, day = TILES[take.place], take.start.date()
    found = {
        band: RasterFile(
            frame=tile.frame(size),
            day=day,
            band=band,
            scale=0.0001,
            offset=offset,
            dtype="uint16",
            hole=take.hole,
        )
        for band, (_, size) in BANDS.items()
    }
    found["scl"] = RasterFile(frame=tile.frame(20), day=day, codes=scl, dtype="uint8", hole=take.hole)
    return found


def _common(take: Acquisition, cloud: float | None) -> dict[str, Any]:
    return {
        "s2:processing_baseline": take.baseline,
        "s2:datastrip_id": take.datastrip,
        "s2:generation_time": f"{take.made:%Y-%m-%dT%H:%M:%S}.000000Z",
        "eo:cloud_cover": 100 * truth.amount(take.start.date()) if cloud is None else cloud,
    }


@dataclass(frozen=True, kw_only=True)
class EarthSearch:
    """How Earth Search lists an acquisition.

    Attributes:
        applied: The flag ``earthsearch:boa_offset_applied``; None for Collection 1.
        change: Properties to overwrite; a value of ``...`` removes the property.
        without: Assets the item lacks.
        special: What is particular about it.
        old_style: How a footprint across ±180 is written.
    """

    applied: bool | None
    change: Mapping[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    special: str = ""
    old_style: bool = False

    @property
    def collection(self) -> str:
        """Earth Search's collection id."""
        return "sentinel-2-c1-l2a" if self.applied is None else "sentinel-2-l2a"

    def entry(self, take: Acquisition) -> Entry:
        """Return the entry; files hold what the flags say, whatever ``raster:bands`` claims."""
        tile, old = TILES[take.place], float(take.baseline) < 4  # noqa: PLR2004 - the offset came with 04.00
        real_offset = 0.0 if self.applied or (old and self.applied is not None) else -0.1
        files = _files(take, real_offset)
        item_id = self._id(take)
        declared = 0.0 if old else -0.1
        assets = {
            key: self._asset(
                key, file, f"{FILES}/earth-search/{self.collection}/{item_id}/{key}.tif", declared
            )
            for key, file in files.items()
            if key not in self.without
        }
        for key in ("thumbnail", "granule_metadata", "tileinfo_metadata", "visual", "aot", "wvp"):
            assets[key] = {"href": f"{FILES}/none/{item_id}/{key}", "roles": ["metadata"]}
        frame = tile.frame(10)
        return Entry(
            provider="earth-search",
            collection=self.collection,
            id=item_id,
            place=take.place,
            special=self.special,
            item=feature(
                item_id=item_id,
                collection=self.collection,
                frame=frame,
                properties=self._properties(take, epsg(frame)),
                assets=assets,
                old_style=self.old_style,
            ),
            files={key: file for key, file in files.items() if key not in self.without},
        )

    def _id(self, take: Acquisition) -> str:
        name = TILES[take.place].name
        if self.applied is None:
            begin = take.start + timedelta(seconds=take.strip)
            return f"S2A_T{name}_{begin:%Y%m%dT%H%M%S}_L2A"
        return f"S2A_{name}_{take.start:%Y%m%d}_{take.sequence}_L2A"

    def _properties(self, take: Acquisition, code: int) -> dict[str, Any]:
        name = TILES[take.place].name
        found: dict[str, Any] = {
            "datetime": f"{take.sensing:%Y-%m-%dT%H:%M:%S}.024000Z",
            "platform": "sentinel-2a",
            "constellation": "sentinel-2",
            "instruments": ["msi"],
            "proj:epsg": code,
            "grid:code": f"MGRS-{name}",
            "mgrs:utm_zone": int(name[:2]),
            "mgrs:latitude_band": name[2],
            "mgrs:grid_square": name[3:],
            "s2:product_uri": f"{take.uri()}.SAFE",
            "s2:sequence": str(take.sequence),
            **_common(take, None),
        }
        if self.applied is not None:
            found["earthsearch:boa_offset_applied"] = self.applied
        return {k: v for k, v in {**found, **self.change}.items() if v is not ...}

    @staticmethod
    def _asset(key: str, file: RasterFile, href: str, offset: float) -> dict[str, Any]:
        frame = file.frame
        band: dict[str, Any] = {"nodata": 0, "data_type": file.dtype, "spatial_resolution": frame.size}
        if key != "scl":
            band |= {"bits_per_sample": 15, "scale": 0.0001, "offset": offset}
        shape = [frame.rows, frame.columns]
        where = {"proj:shape": shape, "proj:transform": [int(v) for v in frame.transform]}
        return {"href": href, "type": COG, "roles": ["data"], **where, "raster:bands": [band]}


def planetary_computer(take: Acquisition, *, special: str = "") -> Entry:
    """Return the entry of Planetary Computer: raw files, nothing declared, ESA's band numbers."""
    tile, offset = TILES[take.place], -0.1 if float(take.baseline) >= 4 else 0.0  # noqa: PLR2004
    files = _files(take, offset)
    names = {band: number for band, (number, _) in BANDS.items()} | {"scl": "SCL"}
    item_id, frame = take.uri(with_baseline=False), tile.frame(10)
    where = f"{FILES}/planetary-computer/sentinel-2-l2a/{item_id}"
    assets = {names[band]: _pc_asset(f"{where}/{names[band]}.tif", file) for band, file in files.items()}
    assets["safe-manifest"] = {"href": f"{FILES}/none/{item_id}/manifest.safe", "roles": ["metadata"]}
    properties = {
        "datetime": f"{take.start:%Y-%m-%dT%H:%M:%S}.024000Z",
        "platform": "Sentinel-2A",
        "constellation": "Sentinel 2",
        "instruments": ["msi"],
        "proj:epsg": epsg(frame),
        "s2:mgrs_tile": tile.name,
        "s2:product_uri": f"{take.uri()}.SAFE",
        "sat:relative_orbit": 22,
        "sat:orbit_state": "descending",
        **_common(take, None),
    }
    return Entry(
        provider="planetary-computer",
        collection="sentinel-2-l2a",
        id=item_id,
        place=take.place,
        special=special,
        item=feature(
            item_id=item_id, collection="sentinel-2-l2a", frame=frame, properties=properties, assets=assets
        ),
        files={names[band]: file for band, file in files.items()},
    )


def _pc_asset(href: str, file: RasterFile) -> dict[str, Any]:
    frame = file.frame
    bounds = [frame.x, frame.y - frame.rows * frame.size, frame.x + frame.columns * frame.size, frame.y]
    where = {
        "proj:bbox": bounds,
        "proj:shape": [frame.rows, frame.columns],
        "proj:transform": frame.transform,
    }
    return {"href": href, "type": COG, "roles": ["data"], "gsd": frame.size, **where}


def entries() -> Iterator[Entry]:
    """Give all Sentinel-2 entries."""
    c1, right, raw = EarthSearch(applied=None), EarthSearch(applied=True), EarthSearch(applied=False)
    for day in ("2023-05-04", "2023-05-14"):
        for place in ("munich", "cape"):
            take = at(day, place)
            yield from (right.entry(take), c1.entry(take), planetary_computer(take))
    yield from _oddities(c1, right, raw)
    for place in ("overlap-west", "overlap-east", "taveuni-west", "taveuni-east"):
        take = at("2023-05-04" if "taveuni" in place else "2023-05-09", place)
        old = EarthSearch(applied=True, old_style=place == "taveuni-west", special="across ±180")
        yield (old if "taveuni" in place else right).entry(take)
        yield planetary_computer(take)


def _oddities(c1: EarthSearch, right: EarthSearch, raw: EarthSearch) -> Iterator[Entry]:
    """Give what archives really contain besides the regular."""
    old = at("2021-06-08", "munich", baseline="03.00")
    yield EarthSearch(applied=False, special="old baseline, no offset").entry(old)
    yield planetary_computer(old, special="old baseline, no offset")
    yield c1.entry(at("2021-06-08", "munich", baseline="05.00", generated=700))
    take = at("2023-06-03", "munich")
    yield EarthSearch(applied=False, special="offset not applied").entry(take)
    yield planetary_computer(take)
    cloudy = at("2023-06-13", "munich")
    yield from (right.entry(cloudy), planetary_computer(cloudy, special="all cloud"))
    yield right.entry(at("2023-06-23", "munich"))
    again = at("2023-06-23", "munich", baseline="05.10", generated=90, sequence=1)
    yield EarthSearch(applied=True, special="reprocessed twin").entry(again)
    yield planetary_computer(at("2023-06-23", "munich"))
    for number, side in enumerate(("left", "right")):
        half = at(
            "2023-07-03",
            "munich",
            hole=side,
            strip=3 + 40 * number,
            sequence=number,
            generated=0.5 + number / 100,
        )
        yield EarthSearch(applied=True, special=f"half of a split datatake, {side} missing").entry(half)
        yield planetary_computer(half, special=f"half of a split datatake, {side} missing")
    wedge = at("2023-07-13", "munich", hole="wedge")
    yield from (right.entry(wedge), planetary_computer(wedge, special="nodata wedge"))
    yield EarthSearch(applied=True, change={"eo:cloud_cover": None}, special="cloud cover is null").entry(
        at("2023-07-23", "munich")
    )
    yield EarthSearch(applied=True, change={"eo:cloud_cover": ...}, special="cloud cover is absent").entry(
        at("2023-08-02", "munich")
    )
    lacking = at("2023-08-12", "munich")
    yield EarthSearch(applied=True, without=("red",), special="lacks the red asset").entry(lacking)
    yield raw.entry(at("2023-08-22", "munich"))
