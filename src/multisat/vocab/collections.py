"""Canonical collections: one name per product family, whichever archive serves it.

Checked 2026-08-01 against the recorded collection lists of the archives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from multisat.errors import UsageError


@dataclass(frozen=True, kw_only=True, slots=True)
class Collection:
    """A product family.

    Attributes:
        name: Canonical name.
        title: What a reader sees in tables.
        bands: Canonical bands it can have (a given platform may lack some).
        quality: The quality layer masks are made from, or None.
        gsd: Finest ground sampling distance in metres.
        static: True for a product without acquisition dates (an elevation model):
            time ranges and cloud limits do not apply to it.
        since: First year of data.
    """

    name: str
    title: str
    bands: tuple[str, ...]
    quality: str | None = None
    gsd: float
    static: bool = False
    since: int


_VISIBLE = ("coastal", "blue", "green", "red")
_SWIR = ("swir16", "swir22")
_REDEDGE = ("rededge1", "rededge2", "rededge3")
_ANGLES = ("sun_zenith", "sun_azimuth", "view_zenith", "view_azimuth")

_ALL = (
    Collection(
        name="sentinel-2-l2a",
        title="Sentinel-2 surface reflectance",
        bands=(
            *_VISIBLE,
            *_REDEDGE,
            "nir",
            "nir08",
            "nir09",
            *_SWIR,
            "scl",
            "aot",
            "wvp",
            "cloud_probability",
            "snow_probability",
        ),
        quality="scl",
        gsd=10,
        since=2015,
    ),
    Collection(
        name="landsat-c2-l2",
        title="Landsat 4 to 9 Collection 2 Level 2",
        bands=(
            *_VISIBLE,
            "nir08",
            *_SWIR,
            "lwir11",
            "qa_pixel",
            "qa_radsat",
            "qa_aerosol",
            "cloud_qa",
            "st_qa",
            "emissivity",
        ),
        quality="qa_pixel",
        gsd=30,
        since=1982,
    ),
    Collection(
        name="hls-l30",
        title="HLS v2.0 from Landsat 8 and 9",
        bands=(*_VISIBLE, "nir08", "cirrus", *_SWIR, "lwir11", "lwir12", "fmask", *_ANGLES),
        quality="fmask",
        gsd=30,
        since=2013,
    ),
    Collection(
        name="hls-s30",
        title="HLS v2.0 from Sentinel-2",
        bands=(*_VISIBLE, *_REDEDGE, "nir", "nir08", "nir09", "cirrus", *_SWIR, "fmask", *_ANGLES),
        quality="fmask",
        gsd=30,
        since=2015,
    ),
    Collection(
        name="sentinel-1-grd",
        title="Sentinel-1 ground range detected (uncalibrated)",
        bands=("vv", "vh", "hh", "hv"),
        gsd=10,
        since=2014,
    ),
    Collection(
        name="sentinel-1-rtc",
        title="Sentinel-1 terrain-corrected gamma0",
        bands=("vv", "vh", "hh", "hv"),
        gsd=10,
        since=2014,
    ),
    Collection(
        name="cop-dem-30",
        title="Copernicus digital elevation model, 30 m",
        bands=("elevation",),
        gsd=30,
        static=True,
        since=2021,
    ),
)

COLLECTIONS: Mapping[str, Collection] = {c.name: c for c in _ALL}
"""Every canonical collection by name."""

FAMILIES: Mapping[str, tuple[str, ...]] = {"hls": ("hls-l30", "hls-s30")}
"""Names that stand for several collections."""


def expand(names: Iterable[str] | None) -> tuple[str, ...]:
    """Return the collections a request names, families opened, in order and once each.

    Args:
        names: Canonical or native collection names, families included. None means every
            canonical collection that has acquisition dates; static ones are asked for by name.

    Raises:
        UsageError: The list is empty or a single string was given.
    """
    if names is None:
        return tuple(c.name for c in COLLECTIONS.values() if not c.static)
    if isinstance(names, str):
        names = (names,)
    opened = [member for name in names for member in FAMILIES.get(name, (name,))]
    if not opened:
        raise UsageError("the list of collections is empty", hint=f"name some of: {', '.join(COLLECTIONS)}")
    return tuple(dict.fromkeys(opened))
