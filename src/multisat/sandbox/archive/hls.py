"""HLS as Planetary Computer and NASA CMR list it: whole MGRS tiles, mostly without data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from multisat.sandbox import truth
from multisat.sandbox.archive.entry import COG, FILES, Entry, epsg, feature
from multisat.sandbox.places import TILES
from multisat.sandbox.raster import RasterFile

L30: Mapping[str, str] = {
    "B01": "coastal", "B02": "blue", "B03": "green", "B04": "red", "B05": "nir08", "B06": "swir16",
    "B07": "swir22", "B09": "cirrus", "B10": "lwir11", "B11": "lwir12",
}  # fmt: skip
S30: Mapping[str, str] = {
    "B01": "coastal", "B02": "blue", "B03": "green", "B04": "red", "B05": "rededge1", "B06": "rededge2",
    "B07": "rededge3", "B08": "nir", "B8A": "nir08", "B09": "nir09", "B10": "cirrus", "B11": "swir16",
    "B12": "swir22",
}  # fmt: skip
_SIDE = 3660
_BITS: Mapping[int, int] = {
    truth.CLEAR: 0,
    truth.CLOUD: 1 << 1,
    truth.SHADOW: 1 << 3,
    truth.CIRRUS: 1 << 2,
    truth.WATER: 1 << 5,
}
"""Fmask has no cirrus bit in use; haze is adjacent to cloud here."""


def fmask(sky: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Encode weather as Fmask bits, with a moderate aerosol level (bit 7) everywhere."""
    return np.array([_BITS[code] | 1 << 7 for code in sorted(_BITS)], dtype=np.uint8)[sky]


@dataclass(frozen=True, kw_only=True)
class Granule:
    """One HLS granule.

    Attributes:
        product: ``"L30"`` or ``"S30"``.
        place: Name of the tile.
        start: UTC time.
    """

    product: str
    place: str
    start: datetime

    @property
    def id(self) -> str:
        """Granule name, the same at both archives."""
        return f"HLS.{self.product}.T{TILES[self.place].name}.{self.start:%Y%jT%H%M%S}.v2.0"

    def files(self) -> dict[str, RasterFile]:
        """Return the files by asset key."""
        tile = TILES[self.place]
        blank = RasterFile(
            frame=tile.frame(30, northern=True),
            whole=tile.whole(30, _SIDE),
            day=self.start.date(),
            dtype="int16",
        )
        found = {}
        for key, band in (L30 if self.product == "L30" else S30).items():
            scale, offset = (0.01, 273.15) if band.startswith("lwir") else (0.0001, 0.0)
            found[key] = replace(blank, band=band, scale=scale, offset=offset, nodata=-9999)
        found["Fmask"] = replace(blank, codes=fmask, nodata=255, dtype="uint8")
        return found

    def planetary_computer(self, special: str = "", wrong_code: int | None = None) -> Entry:
        """Return the entry of Planetary Computer; its ``proj:code`` is a number, and may be wrong."""
        collection = f"hls2-{self.product.lower()}"
        whole = TILES[self.place].whole(30, _SIDE)
        properties = {
            **self._properties(),
            "platform": "landsat-8" if self.product == "L30" else "sentinel-2a",
            "proj:code": wrong_code or epsg(whole),
            "proj:shape": [_SIDE, _SIDE],
            "proj:transform": whole.transform,
        }
        return self._entry("planetary-computer", collection, properties, special, twins=False)

    def nasa_cmr(self) -> Entry:
        """Return the entry of CMR-STAC: no platform, no projection, an S3 twin of every file."""
        return self._entry("nasa-cmr", f"HLS{self.product}_2.0", self._properties(), "", twins=True)

    def _properties(self) -> dict[str, Any]:
        when = f"{self.start:%Y-%m-%dT%H:%M:%S}.710Z"
        cloud = round(100 * truth.amount(self.start.date()))
        return {"datetime": when, "start_datetime": when, "end_datetime": when, "eo:cloud_cover": cloud}

    def _entry(
        self, provider: str, collection: str, properties: Mapping[str, Any], special: str, *, twins: bool
    ) -> Entry:
        files, where = self.files(), f"{FILES}/{provider}/{collection}/{self.id}"
        assets: dict[str, Any] = {k: {"href": f"{where}/{self.id}.{k}.tif", "type": COG} for k in files}
        if twins:
            assets |= {f"s3_{k}": {"href": f"s3://lp-prod-protected/{self.id}.{k}.tif"} for k in files}
            assets["browse"] = {"href": f"{FILES}/none/{self.id}.jpg", "type": "image/jpeg"}
        item = feature(
            item_id=self.id,
            collection=collection,
            frame=TILES[self.place].frame(30, northern=True),
            properties=properties,
            assets=assets,
            version="1.1.0" if twins else "1.0.0",
        )
        return Entry(
            provider=provider,
            collection=collection,
            id=self.id,
            place=self.place,
            special=special,
            item=item,
            files=files,
        )


def at(product: str, day: str, place: str) -> Granule:
    """Return the granule of a day."""
    clock = "100526" if product == "L30" else "101031"
    start = datetime.strptime(f"{day}T{clock}", "%Y-%m-%dT%H%M%S").replace(tzinfo=UTC)
    return Granule(product=product, place=place, start=start)


def entries() -> Iterator[Entry]:
    """Give all HLS entries."""
    for place in ("munich", "cape"):
        for product, day in (
            ("L30", "2023-05-10"),
            ("L30", "2023-06-19"),
            ("S30", "2023-05-04"),
            ("S30", "2023-05-14"),
        ):
            yield at(product, day, place).planetary_computer()
            yield at(product, day, place).nasa_cmr()
    yield at("S30", "2023-06-03", "munich").planetary_computer("wrong proj:code", wrong_code=32732)
    yield at("S30", "2023-06-03", "munich").nasa_cmr()
    for place in ("taveuni-west", "taveuni-east"):
        yield at("S30", "2023-05-04", place).nasa_cmr()
