"""What is computed here of Sentinel Hub's collections, and why the others are not.

Checked 2026-11-21 against the band tables of sentinelhub-py 3.12 and the Sentinel Hub pages of the Copernicus
Data Space documentation.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from multisat.vocab.asset_keys import S2_BAND_NUMBERS
from multisat.vocab.holdings import Holding

SENTINEL_2 = Holding(
    native_id="sentinel-2-l2a",
    collection="sentinel-2-l2a",
    assets={
        **S2_BAND_NUMBERS,
        "SCL": "scl",
        "AOT": "aot",
        "CLD": "cloud_probability",
        "SNW": "snow_probability",
    },
    scaling="sentinel-2-esa",
    naming="sentinel-2",
    rank=8,
    checked="2026-11-21",
    source="band table of sentinelhub-py 3.12; numbers are those of ESA's files if not harmonised",
)
HOLDINGS: tuple[Holding, ...] = (SENTINEL_2,)
"""The rank is behind every archive whose files can be read."""

UNITS: Mapping[str, str] = MappingProxyType({"CLD": "PERCENT", "SNW": "PERCENT"})
"""Bands that the service does not give as stored numbers (``DN``), with the unit asked for."""

PIXELS: Mapping[str, int] = MappingProxyType(
    {"B01": 60, "B09": 60}
    | dict.fromkeys(("B02", "B03", "B04", "B08"), 10)
    | dict.fromkeys(("B05", "B06", "B07", "B8A", "B11", "B12", "SCL", "AOT", "CLD", "SNW"), 20)
)
"""Metres along a pixel of each band of Sentinel-2 (product specification of ESA, 2025)."""
TILE_METRES = 109_800
"""Metres along a Sentinel-2 tile (the same)."""

REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "landsat-c2-l2": "services-uswest2 has it, but gives scaled reflectance only, not stored numbers",
        "hls-l30": "services-uswest2 has it, but mixes the granules of both sensors in one collection",
        "hls-s30": "services-uswest2 has it, but mixes the granules of both sensors in one collection",
        "sentinel-1-grd": "it gives calibrated backscatter, not the detected amplitude of the files",
        "sentinel-1-rtc": "it corrects terrain in its own way, which differs from the RTC product",
        "cop-dem-30": "it serves its own mosaic of the model",
    }
)
"""Why canonical collections are not computed there: the numbers would not be those of other archives."""
