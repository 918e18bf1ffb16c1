"""Landsat Collection 2 Level 2 as Earth Search and Planetary Computer list it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from multisat.sandbox import truth
from multisat.sandbox.archive.entry import COG, FILES, Entry, epsg, feature
from multisat.sandbox.places import TILES
from multisat.sandbox.raster import RasterFile

OPTICAL = ("coastal", "blue", "green", "red", "nir08", "swir16", "swir22")
_HALF_PIXEL = 15
"""Landsat grids lie on odd multiples of 15 m."""

_BITS: Mapping[int, tuple[int, ...]] = {
    truth.CLEAR: (6,),
    truth.CLOUD: (3, 9, 8),
    truth.SHADOW: (4, 11, 10),
    truth.CIRRUS: (2, 15, 14),
    truth.WATER: (6, 7),
}


def qa_pixel(sky: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Encode weather as QA_PIXEL bits."""
    table = np.array([sum(1 << bit for bit in _BITS[code]) for code in sorted(_BITS)], dtype=np.uint16)
    return table[sky]


@dataclass(frozen=True, kw_only=True)
class Acquisition:
    """One scene of one satellite.

    Attributes:
        place: Name of the tile it lies over.
        start: UTC time.
        satellite: 7, 8 or 9.
        level: ``"L2SP"``, or ``"L2SR"`` without surface temperature.
    """

    place: str
    start: datetime
    satellite: int
    level: str = "L2SP"

    @property
    def id(self) -> str:
        """Item id at Earth Search and Planetary Computer."""
        sensor = "LE07" if self.satellite == 7 else f"LC0{self.satellite}"  # noqa: PLR2004
        return f"{sensor}_{self.level}_{TILES[self.place].path_row}_{self.start:%Y%m%d}_02_T1"

    def files(self) -> dict[str, RasterFile]:
        """Return the files by asset key."""
        frame, day = TILES[self.place].frame(30, shift=_HALF_PIXEL, northern=True), self.start.date()
        etm = self.satellite == 7  # noqa: PLR2004
        blank = RasterFile(frame=frame, day=day, dtype="uint16", hole="stripes" if etm else "")
        bands = OPTICAL[1:] if etm else OPTICAL
        found = {b: replace(blank, band=b, scale=0.0000275, offset=-0.2) for b in bands}
        if self.level == "L2SP":
            found["lwir" if etm else "lwir11"] = replace(blank, band="lwir11", scale=0.00341802, offset=149.0)
        found["qa_pixel"] = replace(blank, codes=qa_pixel, nodata=1)
        return found

    def entry(self, provider: str, special: str = "") -> Entry:
        """Return the scene as an archive lists it; both use the same keys."""
        frame, files = TILES[self.place].frame(30, shift=_HALF_PIXEL, northern=True), self.files()
        where = f"{FILES}/{provider}/landsat-c2-l2/{self.id}"
        assets: dict[str, Any] = {
            k: {"href": f"{where}/{k}.tif", "type": COG, "roles": ["data"], "raster:bands": [_declared(file)]}
            for k, file in files.items()
        }
        assets["mtl.json"] = {"href": f"{FILES}/none/{self.id}/MTL.json", "roles": ["metadata"]}
        grid = {"proj:shape": [frame.rows, frame.columns], "proj:transform": frame.transform}
        properties = {**self._properties(), "proj:epsg": epsg(frame), **grid}
        item = feature(
            item_id=self.id, collection="landsat-c2-l2", frame=frame, properties=properties, assets=assets
        )
        return Entry(
            provider=provider,
            collection="landsat-c2-l2",
            id=self.id,
            place=self.place,
            special=special,
            item=item,
            files=files,
        )

    def _properties(self) -> dict[str, Any]:
        path_row = TILES[self.place].path_row
        return {
            "datetime": f"{self.start:%Y-%m-%dT%H:%M:%S}.656958Z",
            "platform": f"landsat-{self.satellite}",
            "gsd": 30,
            "eo:cloud_cover": 100 * truth.amount(self.start.date()),
            "landsat:wrs_path": path_row[:3],
            "landsat:wrs_row": path_row[3:],
            "landsat:correction": self.level,
            "landsat:collection_category": "T1",
            "landsat:collection_number": "02",
            "landsat:scene_id": f"LC{self.satellite}{path_row}{self.start:%Y%j}LGN00",
        }


def _declared(file: RasterFile) -> dict[str, Any]:
    """Return what both archives declare of a band in ``raster:bands``."""
    found = {"nodata": file.nodata, "data_type": file.dtype, "spatial_resolution": 30}
    if file.codes is not None:
        return {**found, "unit": "bit index"}
    unit = {"unit": "kelvin"} if file.band == "lwir11" else {}
    return {**found, **unit, "scale": file.scale, "offset": file.offset}


def at(day: str, place: str, satellite: int, **options: Any) -> Acquisition:  # noqa: ANN401 - those of Acquisition
    """Return the acquisition of a day at about 10:05 UTC."""
    start = datetime.fromisoformat(f"{day}T10:05:26").replace(tzinfo=UTC)
    return Acquisition(
        place=place, start=start + timedelta(seconds=satellite), satellite=satellite, **options
    )


def entries() -> Iterator[Entry]:
    """Give all Landsat entries."""
    for place in ("munich", "cape"):
        for day, satellite in (("2023-05-10", 8), ("2023-06-19", 9)):
            for provider in ("earth-search", "planetary-computer"):
                yield at(day, place, satellite).entry(provider)
    for provider in ("earth-search", "planetary-computer"):
        yield at("2023-07-05", "munich", 7).entry(provider, "stripes of missing data")
    yield at("2023-07-21", "munich", 8, level="L2SR").entry("planetary-computer", "no surface temperature")
