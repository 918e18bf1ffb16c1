"""Canonical band names: one word per physical quantity, whatever a product calls it.

Names follow the STAC electro-optical names, with the three red-edge bands numbered.
Checked 2026-08-01 against the Sentinel-2 MSI, Landsat Collection 2 and HLS v2.0 product guides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from multisat.errors import UsageError

Kind = Literal["optical", "thermal", "sar", "elevation", "quality", "auxiliary"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """One physical quantity that products measure.

    Attributes:
        name: Canonical name.
        kind: What sort of quantity; it decides unit and no-data treatment.
        unit: Unit of the values after scaling: ``"1"`` (reflectance, linear power, fraction),
            ``"K"``, ``"m"``, ``"percent"``, ``"degree"``, ``"cm"`` or ``""`` for class codes.
        wavelength_um: Centre wavelength in micrometres, as on Sentinel-2 where it has the band.
        title: What a reader sees in tables.
    """

    name: str
    kind: Kind
    unit: str
    title: str
    wavelength_um: float | None = None


def _optical(name: str, wavelength_um: float, title: str) -> Band:
    return Band(name=name, kind="optical", unit="1", wavelength_um=wavelength_um, title=title)


_ALL = (
    _optical("coastal", 0.443, "coastal aerosol"),
    _optical("blue", 0.490, "blue"),
    _optical("green", 0.560, "green"),
    _optical("red", 0.665, "red"),
    _optical("rededge1", 0.704, "red edge 1"),
    _optical("rededge2", 0.740, "red edge 2"),
    _optical("rededge3", 0.783, "red edge 3"),
    _optical("nir", 0.842, "near infrared, broad"),
    _optical("nir08", 0.865, "near infrared, narrow"),
    _optical("nir09", 0.945, "water vapour"),
    _optical("cirrus", 1.374, "cirrus (top of atmosphere)"),
    _optical("swir16", 1.610, "short-wave infrared 1.6"),
    _optical("swir22", 2.190, "short-wave infrared 2.2"),
    Band(name="lwir11", kind="thermal", unit="K", wavelength_um=10.9, title="surface temperature"),
    Band(name="lwir12", kind="thermal", unit="K", wavelength_um=12.0, title="brightness temperature 12"),
    Band(name="vv", kind="sar", unit="1", title="backscatter VV"),
    Band(name="vh", kind="sar", unit="1", title="backscatter VH"),
    Band(name="hh", kind="sar", unit="1", title="backscatter HH"),
    Band(name="hv", kind="sar", unit="1", title="backscatter HV"),
    Band(name="elevation", kind="elevation", unit="m", title="height above the EGM2008 geoid"),
    Band(name="scl", kind="quality", unit="", title="Sentinel-2 scene classification"),
    Band(name="qa_pixel", kind="quality", unit="", title="Landsat pixel quality bits"),
    Band(name="fmask", kind="quality", unit="", title="HLS Fmask bits"),
    Band(name="qa_radsat", kind="quality", unit="", title="Landsat saturation bits"),
    Band(name="qa_aerosol", kind="quality", unit="", title="Landsat aerosol bits (OLI)"),
    Band(name="cloud_qa", kind="quality", unit="", title="Landsat cloud bits (TM, ETM+)"),
    Band(name="cloud_probability", kind="auxiliary", unit="percent", title="Sen2Cor cloud probability"),
    Band(name="snow_probability", kind="auxiliary", unit="percent", title="Sen2Cor snow probability"),
    Band(name="aot", kind="auxiliary", unit="1", title="aerosol optical thickness"),
    Band(name="wvp", kind="auxiliary", unit="cm", title="water vapour column"),
    Band(name="st_qa", kind="auxiliary", unit="K", title="surface temperature uncertainty"),
    Band(name="emissivity", kind="auxiliary", unit="1", title="surface emissivity"),
    Band(name="sun_zenith", kind="auxiliary", unit="degree", title="sun zenith angle"),
    Band(name="sun_azimuth", kind="auxiliary", unit="degree", title="sun azimuth angle"),
    Band(name="view_zenith", kind="auxiliary", unit="degree", title="view zenith angle"),
    Band(name="view_azimuth", kind="auxiliary", unit="degree", title="view azimuth angle"),
)

BANDS: Mapping[str, Band] = {band.name: band for band in _ALL}
"""Every canonical band by name."""

ALIASES: Mapping[str, tuple[str, ...]] = {"nir": ("nir08",), "nir08": ("nir",)}
"""Where a sensor lacks a band, the bands that stand in for it, best first.

``nir`` is B08 on Sentinel-2 and the narrow near infrared on Landsat and HLS.
"""


def band(name: str) -> Band:
    """Return the canonical band of that name.

    Raises:
        UsageError: The name is not in the vocabulary; the message lists what is.
    """
    try:
        return BANDS[name]
    except KeyError:
        raise UsageError(f"no band is called {name!r}", hint=f"bands are: {', '.join(BANDS)}") from None


PAIRINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {"hls-s30": {"nir": ("nir08", "nir")}}
"""Collections where a name means another band than its own, so that a pair of sensors agrees.

HLS S30 has both near infrared bands; B8A is the one comparable with HLS L30 B05 (LP DAAC).
"""


def resolve(name: str, available: Iterable[str], collection: str | None = None) -> str | None:
    """Return the band of a scene that answers to a canonical name, or None.

    Args:
        name: Canonical band, such as ``"nir"``.
        available: Canonical bands the scene has.
        collection: Canonical collection of the scene, for sensors that are read as a pair.
    """
    have = set(available)
    order = PAIRINGS.get(collection or "", {}).get(name) or (band(name).name, *ALIASES.get(name, ()))
    return next((b for b in order if b in have), None)
