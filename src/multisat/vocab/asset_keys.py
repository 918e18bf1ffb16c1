"""Asset keys of each product family to canonical bands. Never by ``common_name``.

Planetary Computer labels B8A of Sentinel-2 with the common name ``rededge`` and B05 of HLS L30
with ``nir``; Earth Search spells ``eo:bands[].name`` in two ways. Keys are what holds.
Checked 2026-08-01 against recorded items of both archives and the HLS v2.0 user guide.
"""

from __future__ import annotations

from collections.abc import Mapping


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


S2_BAND_NUMBERS: Mapping[str, str] = {
    "B01": "coastal",
    "B02": "blue",
    "B03": "green",
    "B04": "red",
    "B05": "rededge1",
    "B06": "rededge2",
    "B07": "rededge3",
    "B08": "nir",
    "B8A": "nir08",
    "B09": "nir09",
    "B11": "swir16",
    "B12": "swir22",
}

S2_CANONICAL: Mapping[str, str] = _same(*S2_BAND_NUMBERS.values(), "scl", "aot", "wvp")
"""Earth Search ``sentinel-2-l2a``; its ``*-jp2`` twins are left out."""

S2_C1: Mapping[str, str] = {**S2_CANONICAL, "cloud": "cloud_probability", "snow": "snow_probability"}
"""Earth Search Collection 1."""

S2_ESA: Mapping[str, str] = {**S2_BAND_NUMBERS, "SCL": "scl", "AOT": "aot", "WVP": "wvp"}
"""ESA's own band numbers, as at Planetary Computer."""

LANDSAT: Mapping[str, str] = {
    **_same("coastal", "blue", "green", "red", "nir08", "swir16", "swir22", "lwir11"),
    **_same("qa_pixel", "qa_radsat", "qa_aerosol", "cloud_qa"),
    "lwir": "lwir11",
    "qa": "st_qa",
    "emis": "emissivity",
}
"""Landsat Collection 2 Level 2; ``lwir`` is the surface temperature of TM and ETM+."""

_HLS_ANGLES = {"SZA": "sun_zenith", "SAA": "sun_azimuth", "VZA": "view_zenith", "VAA": "view_azimuth"}

HLS_L30: Mapping[str, str] = {
    "B01": "coastal",
    "B02": "blue",
    "B03": "green",
    "B04": "red",
    "B05": "nir08",
    "B06": "swir16",
    "B07": "swir22",
    "B09": "cirrus",
    "B10": "lwir11",
    "B11": "lwir12",
    "Fmask": "fmask",
    **_HLS_ANGLES,
}

HLS_S30: Mapping[str, str] = {**S2_BAND_NUMBERS, "B10": "cirrus", "Fmask": "fmask", **_HLS_ANGLES}

SAR: Mapping[str, str] = _same("vv", "vh", "hh", "hv")

DEM: Mapping[str, str] = {"data": "elevation"}
