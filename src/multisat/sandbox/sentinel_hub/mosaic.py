"""Scenes laid over each other: the samples a script gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from multisat.sandbox.matching import instant
from multisat.sandbox.raster import RasterFile
from multisat.sandbox.sentinel_hub.grids import PixelGrid
from multisat.sandbox.sentinel_hub.holdings import BACKSCATTER, DN, KELVIN, MASK, REFLECTANCE, Holding
from multisat.sandbox.sentinel_hub.refusing import Refused
from multisat.sandbox.sentinel_hub.scenes import SourceScene


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which scenes count, in which order, and what is made of their numbers.

    Attributes:
        start: UTC time of the first, inclusive, or None.
        end: UTC time of the last, inclusive, or None.
        order: ``mosaickingOrder``.
        cloud: Highest cloud cover in percent.
        orbit_state: ``"ASCENDING"`` or ``"DESCENDING"`` for radar, or None for both.
        harmonise: ``harmonizeValues``.
        factor: What radar power is multiplied by.
    """

    start: datetime | None = None
    end: datetime | None = None
    order: str = "mostRecent"
    cloud: float = 100.0
    orbit_state: str | None = None
    harmonise: bool = True
    factor: float = 1.0

    def takes(self, scene: SourceScene) -> bool:
        """Whether a scene counts."""
        if not scene.holding.timeless:
            late = self.end is not None and scene.when > self.end
            if late or (self.start is not None and scene.when < self.start):
                return False
        state = str(scene.properties.get("sat:orbit_state", "")).upper()
        return (scene.cloud or 0) <= self.cloud and self.orbit_state in {None, state}


def wanted_of(data: Mapping[str, Any], holding: Holding) -> Wanted:
    """Return what one element of ``input.data`` wants.

    Raises:
        Refused: It has what the collection does not, or ends before it begins.
    """
    chosen, processing = data.get("dataFilter", {}), data.get("processing", {})
    times = chosen.get("timeRange", {})
    start, end = (instant(times[k]) if k in times else None for k in ("from", "to"))
    if start and end and start > end:
        raise Refused("Invalid request: timeRange.from must not be after timeRange.to.")
    order = chosen.get("mosaickingOrder", "mostRecent")
    if holding.orders and order not in holding.orders:
        raise Refused(f"Invalid request: mosaickingOrder {order} is not one of {', '.join(holding.orders)}.")
    for name in ("upsampling", "downsampling"):
        if processing.get(name, "NEAREST") != "NEAREST":
            raise Refused(f"The stand-in resamples by NEAREST only, not by {name} {processing[name]}.")
    return Wanted(
        start=start,
        end=end,
        order=order,
        cloud=chosen.get("maxCloudCoverage", 100.0),
        orbit_state=chosen.get("orbitDirection"),
        harmonise=processing.get("harmonizeValues", True),
        factor=_factor(processing) if holding.id == "sentinel-1-grd" else 1.0,
    )


def _factor(processing: Mapping[str, Any]) -> float:
    coefficient = processing.get("backCoeff", "GAMMA0_ELLIPSOID")
    if coefficient == "GAMMA0_TERRAIN" and not processing.get("orthorectify", False):
        raise Refused("Invalid request: GAMMA0_TERRAIN needs orthorectify.")
    return BACKSCATTER[coefficient]


def chosen(scenes: Sequence[SourceScene], wanted: Wanted, grid: PixelGrid) -> list[SourceScene]:
    """Return the scenes that count and touch a grid, the one on top first."""
    place = grid.footprint
    found = [one for one in scenes if wanted.takes(one) and one.footprint.intersects(place)]
    found.sort(key=lambda one: (one.when, one.number), reverse=wanted.order != "leastRecent")
    if wanted.order == "leastCC":
        found.sort(key=lambda one: 100.0 if one.cloud is None else one.cloud)
    return found


def by_day(scenes: Sequence[SourceScene], *, newest_first: bool = True) -> dict[str, list[SourceScene]]:
    """Return scenes by UTC day; the service's ORBIT mosaicking knows days, not orbits (2025-03)."""
    days: dict[str, list[SourceScene]] = {}
    for one in scenes:
        days.setdefault(f"{one.when:%Y-%m-%d}", []).append(one)
    return dict(sorted(days.items(), reverse=newest_first))


def sample(
    scenes: Sequence[SourceScene], units: Mapping[str, str], grid: PixelGrid, wanted: Wanted
) -> NDArray[np.float32]:
    """Return one sample: of each pixel the first scene that has data there.

    Args:
        scenes: Scenes, the one on top first.
        units: Band to unit.
        grid: The pixels.
        wanted: What is made of the numbers.

    Returns:
        Shape (bands, rows, columns); where there is no data ``dataMask`` is 0 and all else is what the
        collection has for it.
    """
    absent = scenes[0].holding.absent if scenes else 0.0
    found = np.full((len(units), grid.height, grid.width), absent, dtype=np.float32)
    left = grid.inside.copy()
    for one in scenes:
        here = left & one.stored(one.holding.reference, grid)[1]
        if here.any():
            left &= ~here
            for k, (band, unit) in enumerate(units.items()):
                if band != MASK:
                    found[k, here] = _values(one, band, unit, grid, wanted)[here]
        if not left.any():
            break
    if MASK in units:
        found[list(units).index(MASK)] = grid.inside & ~left
    return found


def _values(scene: SourceScene, band: str, unit: str, grid: PixelGrid, wanted: Wanted) -> NDArray[np.float64]:
    stored, there = scene.stored(band, grid)
    if not there.any():
        return np.full(stored.shape, scene.holding.absent)
    harmonise = scene.holding.harmonises and wanted.harmonise
    made = _in_unit(stored, scene.files[band], unit, harmonise=harmonise) * wanted.factor
    return np.where(there, made, scene.holding.absent)


def _in_unit(
    stored: NDArray[np.float64], file: RasterFile, unit: str, *, harmonise: bool
) -> NDArray[np.float64]:
    if unit in {REFLECTANCE, KELVIN}:
        made = np.round(stored * file.scale + file.offset, 9)
    elif unit == DN and harmonise and file.band:
        made = stored + round(file.offset / file.scale)
    else:
        return stored
    return np.maximum(made, 0) if harmonise else made


def described(scene: SourceScene) -> dict[str, Any]:
    """Return a scene as ``scenes.tiles`` has it."""
    cloud = {} if scene.cloud is None else {"cloudCoverage": scene.cloud}
    return {"date": _text(scene.when), "shId": scene.number, "dataPath": scene.path, **cloud}


def orbit(day: str) -> dict[str, Any]:
    """Return a day as ``scenes.orbits`` has it, without its tiles."""
    start = datetime.fromisoformat(f"{day}T00:00:00+00:00")
    return {"dateFrom": _text(start), "dateTo": _text(start + timedelta(days=1, seconds=-1))}


def _text(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%SZ}"
