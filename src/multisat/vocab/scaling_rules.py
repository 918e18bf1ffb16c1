"""The scaling table: one row per case, every row with its reason.

``value = stored * scale + offset``; the stored ``nodata`` is tested first. Optical bands come
out as reflectance (1), thermal as kelvin, SAR as linear power.

Checked 2026-08-01. Sources: ESA S2 Processing Baseline 04.00 notice; Earth Search README and
its issues 23, 41, 56, 66, 71; recorded Earth Search and Planetary Computer items; USGS Landsat
Collection 2 Level 2 product guide; HLS v2.0 user guide and LP DAAC tutorial; Planetary Computer
Sentinel-1 RTC collection; Copernicus DEM handbook.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from multisat.vocab.bands import BANDS

Offset = float | Literal["declared"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One row of the scaling table: which bands of which scenes, and what holds for them.

    Attributes:
        bands: Canonical bands the row covers; empty means all.
        baseline_from: Lowest Sentinel-2 processing baseline covered, inclusive.
        baseline_below: Upper end of the baselines covered, exclusive.
        when: Item properties that must have exactly these values.
        scale: Factor.
        offset: Number, or ``"declared"``: the offset the item's ``raster:bands`` gives.
        nodata: Stored value that means no data.
        dtype: Stored type.
        why: The reason.
    """

    bands: frozenset[str] = frozenset()
    baseline_from: float | None = None
    baseline_below: float | None = None
    when: Mapping[str, Any] = field(default_factory=dict)
    scale: float = 1.0
    offset: Offset = 0.0
    nodata: float | None = None
    dtype: str | None = None
    why: str

    @property
    def asks_baseline(self) -> bool:
        """Whether the row can only be judged with a processing baseline."""
        return self.baseline_from is not None or self.baseline_below is not None

    def covers(self, band: str, baseline: float | None, properties: Mapping[str, Any]) -> bool:
        """Whether this row holds for a band of an item."""
        if self.bands and band not in self.bands:
            return False
        if any(properties.get(key) != value for key, value in self.when.items()):
            return False
        return not self.asks_baseline or (baseline is not None and self._spans(baseline))

    def _spans(self, baseline: float) -> bool:
        low = self.baseline_from is None or baseline >= self.baseline_from
        return low and (self.baseline_below is None or baseline < self.baseline_below)


def _bands(*names: str) -> frozenset[str]:
    return frozenset(names)


_OPTICAL = frozenset(name for name, b in BANDS.items() if b.kind == "optical")
_SAR = frozenset(name for name, b in BANDS.items() if b.kind == "sar")
_S2_CODES = (
    Rule(bands=_bands("scl"), nodata=0, dtype="uint8", why="class codes of Sen2Cor; 0 is no data"),
    Rule(bands=_bands("aot", "wvp"), scale=0.001, nodata=0, dtype="uint16", why="Sen2Cor stores thousandths"),
    Rule(
        bands=_bands("cloud_probability", "snow_probability"),
        dtype="uint8",
        why="percent; the declared nodata 0 is also 0 percent, so it is not used",
    ),
)
_S2_RAW = Rule(bands=_OPTICAL, scale=0.0001, nodata=0, dtype="uint16", why="Sentinel-2 Level-2A")

SCALINGS: Mapping[str, tuple[Rule, ...]] = {
    # Files as ESA made them: the offset follows the processing baseline, never the sensing date.
    "sentinel-2-esa": (
        replace(_S2_RAW, baseline_below=4.0, why="processing baseline before 04.00: DN / 10000"),
        replace(
            _S2_RAW,
            baseline_from=4.0,
            offset=-0.1,
            why="processing baseline 04.00 or later: (DN - 1000) / 10000; the archive does not declare it",
        ),
        *_S2_CODES,
    ),
    "sentinel-2-earth-search": (
        replace(_S2_RAW, baseline_below=4.0, why="processing baseline before 04.00: DN / 10000"),
        replace(
            _S2_RAW,
            when={"earthsearch:boa_offset_applied": True},
            why="earthsearch:boa_offset_applied is true: the offset is already in the pixels, "
            "although raster:bands may declare -0.1",
        ),
        replace(
            _S2_RAW,
            baseline_from=4.0,
            offset=-0.1,
            why="processing baseline 04.00 or later and earthsearch:boa_offset_applied is not true: "
            "(DN - 1000) / 10000",
        ),
        *_S2_CODES,
    ),
    "sentinel-2-declared": (
        replace(
            _S2_RAW,
            offset="declared",
            why="Collection 1 files: the offset the item declares always applies",
        ),
        *_S2_CODES,
    ),
    "landsat-c2-l2": (
        Rule(
            bands=_OPTICAL,
            scale=0.0000275,
            offset=-0.2,
            nodata=0,
            dtype="uint16",
            why="Landsat Collection 2 surface reflectance: DN * 0.0000275 - 0.2",
        ),
        Rule(
            bands=_bands("lwir11"),
            scale=0.00341802,
            offset=149.0,
            nodata=0,
            dtype="uint16",
            why="Landsat Collection 2 surface temperature: DN * 0.00341802 + 149 kelvin",
        ),
        Rule(bands=_bands("qa_pixel"), nodata=1, dtype="uint16", why="bits; bit 0 alone is fill"),
        Rule(bands=_bands("qa_radsat"), dtype="uint16", why="bits; 0 is a valid answer"),
        Rule(bands=_bands("qa_aerosol"), nodata=1, dtype="uint8", why="bits; bit 0 alone is fill"),
        Rule(bands=_bands("cloud_qa"), dtype="uint8", why="bits; 0 is a valid answer"),
        Rule(bands=_bands("st_qa"), scale=0.01, nodata=-9999, dtype="int16", why="hundredths of a kelvin"),
        Rule(bands=_bands("emissivity"), scale=0.0001, nodata=-9999, dtype="int16", why="ten-thousandths"),
    ),
    "hls": (
        Rule(
            bands=_OPTICAL,
            scale=0.0001,
            nodata=-9999,
            dtype="int16",
            why="HLS v2.0: ten-thousandths, fixed here because some files carry no scale",
        ),
        Rule(
            bands=_bands("lwir11", "lwir12"),
            scale=0.01,
            offset=273.15,
            nodata=-9999,
            dtype="int16",
            why="HLS v2.0 brightness temperature: hundredths of a degree Celsius, given in kelvin",
        ),
        Rule(bands=_bands("fmask"), nodata=255, dtype="uint8", why="bits; 255 is fill and has every bit set"),
        Rule(scale=0.01, nodata=40000, dtype="uint16", why="HLS v2.0 angles: hundredths of a degree"),
    ),
    "sentinel-1-rtc": (
        Rule(bands=_SAR, nodata=-32768, dtype="float32", why="gamma0 in linear power, as stored"),
    ),
    "sentinel-1-grd": (
        Rule(
            bands=_SAR,
            nodata=0,
            dtype="uint16",
            why="detected amplitude, uncalibrated: sigma0 needs the product's look-up table",
        ),
    ),
    "cop-dem": (
        Rule(bands=_bands("elevation"), dtype="float32", why="metres, as stored; no value is reserved"),
    ),
}
"""Scaling rules by name; for each scene the first row that covers the band holds."""
