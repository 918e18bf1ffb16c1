"""The invented world the sandbox shows: what the ground reflects and what the weather hides.

Everything is a pure function of longitude and latitude (EPSG:4326, degrees) and the UTC day, so
every sensor and archive sees the same world, and any pixel can be checked at its centre.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]

CLEAR, CLOUD, SHADOW, CIRRUS, WATER = range(5)
"""What ``weather`` gives."""

AMOUNTS: Mapping[str, float] = {
    "2021-06-08": 0.0,
    "2023-05-04": 0.0,
    "2023-05-14": 0.35,
    "2023-06-03": 0.1,
    "2023-06-13": 1.0,
    "2023-06-23": 0.2,
    "2023-07-13": 0.05,
    "2023-08-12": 0.1,
}
"""Share of sky that is covered on some days; 0.15 on all others."""

_PARCEL = 0.004
_SHADOW_SHIFT = 0.003
_BRIGHT = 0.62


def vigour(lon: Floats, lat: Floats) -> Floats:
    """Return how green each field can get, 0 to 1; constant inside a field of about 300 m."""
    column, row = np.floor(lon / _PARCEL), np.floor(lat / _PARCEL)
    mixed = np.sin(column * 12.9898 + row * 78.233) * 43758.5453
    return np.asarray(mixed - np.floor(mixed))


def season(lat: Floats, day: date) -> Floats:
    """Return how far the growing season is, 0 in midwinter to 1 in midsummer."""
    turn = 2 * np.pi * (day.timetuple().tm_yday - 15) / 365
    north = float(0.5 - 0.5 * np.cos(turn))
    return np.asarray(np.where(lat >= 0, north, 1 - north))


def is_water(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    """Return where there are lakes."""
    return np.asarray(np.sin(lon * 311) * np.sin(lat * 277) > 0.93)  # noqa: PLR2004 - small lakes


def ground(band: str, lon: Floats, lat: Floats, day: date) -> Floats:
    """Return what a band measures under a clear sky.

    Args:
        band: Canonical band.
        lon: Longitude of pixel centres in degrees, any shape.
        lat: Latitude, same shape.
        day: UTC day.

    Returns:
        Reflectance (1), kelvin for ``lwir11`` and ``lwir12``, linear power for ``vv vh hh hv`` as from
        the orbits without a gain in ``ORBIT_GAIN``, metres for ``elevation``; same shape.
    """
    green = vigour(lon, lat) * season(lat, day)
    if band == "elevation":
        return np.asarray(500 + 40 * np.sin(lon * 60) + 25 * np.cos(lat * 75))
    if band in {"lwir11", "lwir12"}:
        return 305 - 12 * green
    if band in _RADAR:
        low, high = _RADAR[band]
        return (low + (high - low) * green) * np.where(is_felled(lon, lat, day), STORM_FACTOR[band], 1.0)
    bare, lush, water = _OPTICAL[band]
    return np.where(is_water(lon, lat), water, bare + (lush - bare) * green)


_OPTICAL: Mapping[str, tuple[float, float, float]] = {
    "coastal": (0.09, 0.03, 0.03),
    "blue": (0.10, 0.035, 0.025),
    "green": (0.13, 0.075, 0.02),
    "red": (0.17, 0.035, 0.012),
    "rededge1": (0.20, 0.11, 0.008),
    "rededge2": (0.22, 0.30, 0.004),
    "rededge3": (0.24, 0.40, 0.003),
    "nir": (0.25, 0.46, 0.004),
    "nir08": (0.25, 0.46, 0.004),
    "nir09": (0.26, 0.47, 0.003),
    "cirrus": (0.002, 0.002, 0.002),
    "swir16": (0.30, 0.21, -0.003),
    "swir22": (0.24, 0.11, -0.002),
}
"""Reflectance of bare soil, of the lushest field, and of water. Water is slightly negative in
the short-wave infrared, as atmospheric correction makes it."""

_RADAR: Mapping[str, tuple[float, float]] = {
    "vv": (0.06, 0.14),
    "vh": (0.012, 0.035),
    "hh": (0.06, 0.14),
    "hv": (0.012, 0.035),
}

STORM_DAY = date(2023, 6, 28)
"""The day of a storm that fells a wood: on it the ground is as before, from the next day on it is not."""
STORM_BOX = (11.504, 48.316, 11.512, 48.324)
"""West, south, east, north of what is felled, in degrees."""
STORM_FACTOR: Mapping[str, float] = {"vv": 0.5, "vh": 0.4, "hh": 0.5, "hv": 0.4}
"""What is left of the radar power where trees are felled."""
ORBIT_GAIN: Mapping[int, float] = {44: 10**0.15}
"""Relative orbits from which the same ground shows another power: 1.5 dB more from the west."""


def is_felled(lon: Floats, lat: Floats, day: date) -> NDArray[np.bool_]:
    """Return where the storm has felled trees by a day."""
    west, south, east, north = STORM_BOX
    inside = (lon >= west) & (lon < east) & (lat >= south) & (lat < north)
    return np.asarray(inside & (day > STORM_DAY))


def amount(day: date) -> float:
    """Return the share of sky that is covered on a day."""
    return AMOUNTS.get(day.isoformat(), 0.15)


def weather(lon: Floats, lat: Floats, day: date) -> Codes:
    """Return what hides the ground: ``CLEAR``, ``CLOUD``, ``SHADOW``, ``CIRRUS`` or ``WATER``."""
    share = amount(day)
    level = _noise(lon, lat, day)
    codes = np.where(is_water(lon, lat), WATER, CLEAR).astype(np.uint8)
    codes[_noise(lon - _SHADOW_SHIFT, lat + _SHADOW_SHIFT, day) > 1 - share] = SHADOW
    codes[level > 1 - 1.3 * share] = CIRRUS
    codes[level > 1 - share] = CLOUD
    return codes


def _noise(lon: Floats, lat: Floats, day: date) -> Floats:
    """Return smooth hills between 0 and 1 that differ from day to day."""
    draw = np.random.default_rng(day.toordinal())
    total = np.zeros_like(lon, dtype=float)
    for _ in range(6):
        kx, ky = draw.uniform(120, 700, 2)
        total += np.sin(lon * kx + draw.uniform(0, 6.28)) * np.sin(lat * ky + draw.uniform(0, 6.28))
    return np.asarray(0.5 + 0.5 * np.tanh(total))


def measured(band: str, lon: Floats, lat: Floats, day: date) -> Floats:
    """Return what a sensor measures, weather included; radar and elevation see through it."""
    clear = ground(band, lon, lat, day)
    if band == "elevation" or band in _RADAR:
        return clear
    sky = weather(lon, lat, day)
    bright = 260.0 if band.startswith("lwir") else _BRIGHT
    dimmed = clear - 3 if band.startswith("lwir") else clear * 0.4
    hazy = clear if band.startswith("lwir") else clear + 0.06
    return np.select(
        [sky == CLOUD, sky == SHADOW, sky == CIRRUS], [np.full_like(clear, bright), dimmed, hazy], clear
    )
