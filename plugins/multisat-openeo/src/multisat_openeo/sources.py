"""What openEO back-ends call collections and bands, and what their numbers mean.

Checked 2026-08-01. Sources: the collection list of Copernicus Data Space as public notebooks print it;
``openeogeotrellis/load_stac.py`` of openeo-geopyspark-driver (2026-08) for the offset that
``load_collection`` removes; Open-EO/openeo-gfmap for band names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceBand:
    """A band as a service gives it.

    Attributes:
        native: The service's name of it.
        size: Native pixels in metres.
        scale: Factor from the service's numbers to physical ones.
        offset: Added after the factor.
        why: The reason.
    """

    native: str
    size: int
    scale: float = 1.0
    offset: float = 0.0
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A canonical collection at openEO back-ends.

    Attributes:
        collection: Canonical name.
        ids: What back-ends call it; the first that is listed counts.
        bands: Canonical band to the service's.
        cloud: Property that a cloud limit filters.
    """

    collection: str
    ids: tuple[str, ...]
    bands: Mapping[str, ServiceBand]
    cloud: str = "eo:cloud_cover"


_REFLECTANCE = "load_collection has removed the offset of baseline 04.00 and left the factor: 0.0001"
_CODES = "class codes of Sen2Cor; 0 is no data"


def _s2(native: str, size: int) -> ServiceBand:
    return ServiceBand(native=native, size=size, scale=0.0001, why=_REFLECTANCE)


SENTINEL_2 = Source(
    collection="sentinel-2-l2a",
    ids=("SENTINEL2_L2A", "sentinel-2-l2a", "SENTINEL2_L2A_SENTINELHUB"),
    bands={
        "coastal": _s2("B01", 60),
        "blue": _s2("B02", 10),
        "green": _s2("B03", 10),
        "red": _s2("B04", 10),
        "rededge1": _s2("B05", 20),
        "rededge2": _s2("B06", 20),
        "rededge3": _s2("B07", 20),
        "nir": _s2("B08", 10),
        "nir08": _s2("B8A", 20),
        "nir09": _s2("B09", 60),
        "swir16": _s2("B11", 20),
        "swir22": _s2("B12", 20),
        "scl": ServiceBand(native="SCL", size=20, why=_CODES),
        "cloud_probability": ServiceBand(native="CLD", size=20, why="percent"),
    },
)
SOURCES: Mapping[str, Source] = {SENTINEL_2.collection: SENTINEL_2}

CATALOGUE_KEYS: Mapping[str, str] = {
    f"{band.native}_{band.size}m": name for name, band in SENTINEL_2.bands.items()
} | {"B8A_20m": "nir08"}
"""Asset keys of the catalogue of Copernicus Data Space to canonical bands."""
