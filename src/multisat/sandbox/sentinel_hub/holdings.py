"""Which collections the service has on which deployment: ids, bands and units as data.

Source: documentation.dataspace.copernicus.eu/APIs/SentinelHub/Data (2025-03); for the commercial deployment
docs.sentinel-hub.com/api/latest/data (2025-03). Bands of which the synthetic archive has no pixels are left
out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from multisat.sandbox.archive.sentinel2 import BANDS

REFLECTANCE, DN, POWER, KELVIN, METRES = "REFLECTANCE", "DN", "LINEAR_POWER", "KELVIN", "METERS"
OPTICAL = (REFLECTANCE, DN)
"""Units of a band of reflectance; the first is the default."""
MASK = "dataMask"
"""The band that says where there is data: 1, else 0."""
SIMPLE, ORBIT, TILE = "SIMPLE", "ORBIT", "TILE"


@dataclass(frozen=True, kw_only=True)
class Holding:
    """One collection.

    Attributes:
        id: Such as ``"sentinel-2-l2a"``.
        title: As evalscript errors name it.
        names: Older ids that the service still takes.
        bands: Band name to the units it can be had in, the default first.
        measures: Band name to the canonical band of a file, or to the asset key of a quality layer.
        reference: Band whose missing pixels are those of the whole scene.
        sources: Collections of Planetary Computer whose pixels these are.
        platforms: Only scenes of these; empty for all.
        timeless: Whether times of acquisition do not count.
        mosaicking: Ways of mosaicking.
        orders: Values of ``mosaickingOrder``.
        filters: Properties the catalogue filters by.
        distinct: What the catalogue gives distinct values of.
        coarsest: Metres per pixel that may not be exceeded.
        absent: Value of every band where there is no data.
        harmonises: Whether ``harmonizeValues`` counts.
        deployments: Where it exists.
    """

    id: str
    title: str
    names: tuple[str, ...] = ()
    bands: Mapping[str, tuple[str, ...]]
    measures: Mapping[str, str]
    reference: str
    sources: tuple[str, ...]
    platforms: tuple[str, ...] = ()
    timeless: bool = False
    mosaicking: tuple[str, ...] = (SIMPLE, ORBIT, TILE)
    orders: tuple[str, ...] = ("mostRecent", "leastRecent", "leastCC")
    filters: tuple[str, ...] = ("eo:cloud_cover",)
    distinct: tuple[str, ...] = ("date",)
    coarsest: float = 1500.0
    absent: float = 0.0
    harmonises: bool = False
    deployments: tuple[str, ...] = ("cdse", "commercial")


_S2 = {number: band for band, (number, _) in BANDS.items()}
_LANDSAT = {
    "B01": "coastal", "B02": "blue", "B03": "green", "B04": "red", "B05": "nir08", "B06": "swir16",
    "B07": "swir22",
}  # fmt: skip
_HLS = {
    "CoastalAerosol": "coastal", "Blue": "blue", "Green": "green", "Red": "red", "RedEdge1": "rededge1",
    "RedEdge2": "rededge2", "RedEdge3": "rededge3", "NIR_Broad": "nir", "NIR_Narrow": "nir08",
    "WaterVapor": "nir09", "Cirrus": "cirrus", "SWIR1": "swir16", "SWIR2": "swir22",
}  # fmt: skip

HOLDINGS: tuple[Holding, ...] = (
    Holding(
        id="sentinel-2-l2a",
        title="S2L2A",
        names=("S2L2A",),
        bands={**dict.fromkeys(_S2, OPTICAL), "SCL": (DN,)},
        measures={**_S2, "SCL": "SCL"},
        reference="B02",
        sources=("sentinel-2-l2a",),
        harmonises=True,
    ),
    Holding(
        id="sentinel-1-grd",
        title="S1GRD",
        names=("S1GRD",),
        bands={"VV": (POWER,), "VH": (POWER,)},
        measures={"VV": "vv", "VH": "vh"},
        reference="VV",
        sources=("sentinel-1-rtc",),
        mosaicking=(SIMPLE, ORBIT),
        orders=("mostRecent", "leastRecent"),
        filters=(
            "sar:instrument_mode",
            "sat:orbit_state",
            "s1:polarization",
            "s1:resolution",
            "s1:timeliness",
        ),
        distinct=("date", "sar:instrument_mode", "sat:orbit_state", "s1:polarization"),
    ),
    Holding(
        id="dem",
        title="DEM",
        names=("DEM",),
        bands={"DEM": (METRES,)},
        measures={"DEM": "elevation"},
        reference="DEM",
        sources=("cop-dem-glo-30",),
        timeless=True,
        mosaicking=(SIMPLE,),
        orders=(),
        filters=(),
        distinct=(),
    ),
    Holding(
        id="byoc-00000000-0000-4000-8000-000000000001",
        title="BYOC",
        bands={"YIELD": (DN,)},
        measures={"YIELD": "elevation"},
        reference="YIELD",
        sources=("cop-dem-glo-30",),
        timeless=True,
        mosaicking=(SIMPLE,),
        orders=(),
        filters=(),
        distinct=(),
        coarsest=500.0,
    ),
    Holding(
        id="landsat-ot-l2",
        title="LOTL2",
        names=("LOTL2",),
        bands={**dict.fromkeys(_LANDSAT, OPTICAL), "B10": (KELVIN, DN), "BQA": (DN,)},
        measures={**_LANDSAT, "B10": "lwir11", "BQA": "qa_pixel"},
        reference="B02",
        sources=("landsat-c2-l2",),
        platforms=("landsat-8", "landsat-9"),
        absent=float("nan"),
        deployments=("commercial",),
    ),
    Holding(
        id="hls",
        title="HLS",
        names=("HLS",),
        bands={**dict.fromkeys(_HLS, OPTICAL), "QA": (DN,)},
        measures={**_HLS, "QA": "Fmask"},
        reference="Blue",
        sources=("hls2-s30", "hls2-l30"),
        deployments=("commercial",),
    ),
)
"""Every collection of the stand-in, also that of a user, whose numbers are the archive's heights."""


def holdings(deployment: str) -> Mapping[str, Holding]:
    """Return the collections of a deployment by every id it takes.

    Args:
        deployment: ``"cdse"`` or ``"commercial"``.
    """
    here = [one for one in HOLDINGS if deployment in one.deployments]
    return {name: one for one in here for name in (one.id, *one.names)}


BACKSCATTER: Mapping[str, float] = {
    "GAMMA0_TERRAIN": 1.0,
    "GAMMA0_ELLIPSOID": 1.13,
    "SIGMA0_ELLIPSOID": 0.89,
    "BETA0": 1.46,
}
"""Coefficient of Sentinel-1 to what the archive's terrain-corrected power is multiplied by. Invented: who
asks for another coefficient than the archive's must see other numbers."""
