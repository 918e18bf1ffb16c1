"""Spyndex's letters to canonical bands.

Checked 2026-11-21 against ``bands.json`` of spyndex 0.12.0: each canonical band's centre wavelength lies
in the letter's range. Its ``G1`` (green 510 to 550 nm) and ``Y`` (yellow) have no canonical band.

``N`` is the broad near infrared (Sentinel-2 B8), ``N2`` the narrow one (B8A); where a sensor has but one
of them, ``vocab.bands.resolve`` takes that for both. ``T`` is the one thermal band of TM and ETM+, ``T1``
and ``T2`` the two of TIRS.
"""

from __future__ import annotations

from collections.abc import Mapping

BANDS_OF_LETTERS: Mapping[str, str] = {
    "A": "coastal",
    "B": "blue",
    "G": "green",
    "R": "red",
    "RE1": "rededge1",
    "RE2": "rededge2",
    "RE3": "rededge3",
    "N": "nir",
    "N2": "nir08",
    "WV": "nir09",
    "S1": "swir16",
    "S2": "swir22",
    "T": "lwir11",
    "T1": "lwir11",
    "T2": "lwir12",
    "VV": "vv",
    "VH": "vh",
    "HH": "hh",
    "HV": "hv",
}

KERNELS: Mapping[str, tuple[str, str]] = {
    "kNN": ("N", "N"),
    "kNR": ("N", "R"),
    "kNB": ("N", "B"),
    "kNL": ("N", "L"),
    "kGG": ("G", "G"),
    "kGR": ("G", "R"),
    "kGB": ("G", "B"),
}
"""Kernel parameters ``k(a, b)`` of the kernel indices, and what a and b are (L is the constant)."""

DEFAULTS_OF_INDICES: Mapping[str, Mapping[str, float]] = {
    "WCI1": {"epsilon": 1e-10},
    "WCI2": {"epsilon": 1e-10},
}
"""Defaults that hold for one index only: spyndex says so in the description of ``epsilon``."""
