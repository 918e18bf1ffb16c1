"""The synthetic archives as an openEO service stores them: offset removed, scale not applied."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, lru_cache

import numpy as np

from multisat.sandbox.archive.catalogue import scenes
from multisat.sandbox.archive.sentinel2 import BANDS
from multisat.sandbox.raster import hole

S2, S1 = "SENTINEL2_L2A", "SENTINEL1_GRD"
NUMBERS = {band: number for band, (number, _) in BANDS.items()} | {"scl": "SCL", "cloud_probability": "CLD"}
"""Canonical band to the service's name."""
_SCALE = 0.0001


@dataclass(frozen=True, kw_only=True, eq=False)
class Raster:
    """One band of one scene, north up.

    Attributes:
        crs: Such as ``"EPSG:32632"``.
        x: Left edge.
        y: Upper edge.
        size: Pixel side in metres.
        shape: Rows and columns.
        numbers: Gives float64 of a window (first row, row after the last, and columns), NaN where there is no data.
    """

    crs: str
    x: float
    y: float
    size: float
    shape: tuple[int, int]
    numbers: Callable[[int, int, int, int], np.ndarray]


@dataclass(frozen=True, kw_only=True, eq=False)
class Scene:
    """One product: its bands by the service's names, and what load_collection filters by."""

    id: str
    collection: str
    time: datetime
    bands: Mapping[str, Raster]
    properties: Mapping[str, object] = field(default_factory=dict)


def archive(name):
    """Return the scenes of an archive, ``"sandbox"`` or ``"recipes"``, in the order they fill pixels."""
    return {"sandbox": _sandbox, "recipes": _recipes}[name]()


@cache
def _sandbox():
    """Sentinel-2 once a tile and day, as Planetary Computer stores it or else Earth Search; terrain-corrected radar."""
    wanted = [
        e for p in ("planetary-computer", "earth-search") for e in scenes() if e.provider == p and e.files
    ]
    optical = {}
    for entry in (e for e in wanted if e.collection == "sentinel-2-l2a"):
        key = (entry.place, entry.item["properties"]["datetime"][:10])
        if all(one.provider == entry.provider for one in optical.get(key, ())):
            optical.setdefault(key, []).append(entry)
    radar = [e for e in wanted if e.collection == "sentinel-1-rtc"]
    return [_of_entry(e, S2) for group in optical.values() for e in _newest(group)] + [
        _of_entry(e, S1) for e in radar
    ]


def _newest(group):
    """Return one of twins, which are whole; both of halves."""
    halves = [e for e in group if next(iter(e.files.values())).hole in {"left", "right"}]
    return halves or group[-1:]


def _of_entry(entry, collection):
    properties = entry.item["properties"]
    return Scene(
        id=entry.id,
        collection=collection,
        time=_time(properties["datetime"]),
        bands={_name(key): _of_file(file, collection) for key, file in entry.files.items()},
        properties=_told(properties.get("eo:cloud_cover"), properties.get("sat:relative_orbit")),
    )


def _of_file(file, collection):
    where, change = file.frame, _change(file.band, file) if collection == S2 else (1, 0)
    shape = (where.rows, where.columns)

    def numbers(top, bottom, left, right):
        x, y = where.x + left * where.size, where.y - top * where.size
        part = replace(where, x=x, y=y, rows=bottom - top, columns=right - left)
        found = _plain(replace(file, frame=part, hole="").stored(), file.nodata, *change)
        found[hole(file.hole, shape)[top:bottom, left:right]] = np.nan
        return found

    return Raster(
        crs=where.crs, x=where.x, y=where.y, size=where.size, shape=shape, numbers=lru_cache(4)(numbers)
    )


@cache
def _recipes():
    """The archive that the generated recipes run over."""
    from tests.recipes.archive import build

    found = []
    for service, collection in ((S2, "sentinel-2-l2a"), (S1, "sentinel-1-rtc")):
        stored = [s for one in build(collection).overpasses for s in one.scenes]
        found += [_of_stored(scene, service) for scene in stored]
    return found


def _of_stored(scene, collection):
    return Scene(
        id=scene.name,
        collection=collection,
        time=scene.time.replace(tzinfo=None),
        bands={_name(name): _of_band(name, band, collection) for name, band in scene.bands.items()},
        properties=_told(scene.cloud_cover, 22),
    )


def _of_band(name, band, collection):

    change = (
        _change("" if name in {"scl", "cloud_probability"} else name, band) if collection == S2 else (1, 0)
    )
    values, at = _plain(band.numbers, band.nodata, *change), band.pixels

    def numbers(top, bottom, left, right):
        return values[top:bottom, left:right]

    return Raster(crs="EPSG:32632", x=at.x, y=at.y, size=at.size, shape=values.shape, numbers=numbers)


def _change(band, stored):
    """Return factor and summand to the service's numbers; a quality layer has no band."""
    return (stored.scale / _SCALE, round(stored.offset / _SCALE)) if band else (1, 0)


def _plain(stored, nodata, factor, summand):
    values = stored.astype(np.float64) * round(factor) + summand
    values[stored == nodata] = np.nan
    return values


def _name(key):
    return NUMBERS.get(key, key.upper())


def _time(text):
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)


def _told(cloud, orbit):
    """Properties as the service lists them; a scene without cloud cover lacks it."""
    return {k: v for k, v in (("eo:cloud_cover", cloud), ("sat:relative_orbit", orbit)) if v is not None}
