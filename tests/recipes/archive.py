"""The synthetic archive: overpasses with all that makes composites hard, the same for each sensor."""

import zlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
from tests.oracle import Archive, Overpass, StoredBand, StoredScene
from tests.recipes.sensors import SENSORS
from tests.recipes.weather import LAYERS, sky, written


@dataclass(frozen=True, kw_only=True)
class Look:
    """One overpass of every sensor.

    Attributes:
        when: Day, or an instant at the edge of a period.
        cloud: Cloud cover of the scene in percent, or None.
        sky: Kind of weather.
        special: ``levels`` (few different numbers; red and near infrared are the same in all such looks,
            and so is their NDVI), ``holes`` (each band lacks pixels of its own), ``dark`` (sums of bands are
            0), ``pair`` (two scenes that overlap), ``twin`` (a copy elsewhere, with other numbers).
    """

    when: str
    cloud: float | None
    sky: str
    special: str = ""


LOOKS = (
    Look(when="2018-05-06", cloud=10, sky="specks"),
    Look(when="2018-06-11", cloud=10, sky="clear", special="holes"),
    Look(when="2018-08-12", cloud=10, sky="clear"),
    Look(when="2019-04-20", cloud=10, sky="patches"),
    Look(when="2019-05-05", cloud=40, sky="clear", special="levels"),
    Look(when="2019-05-25", cloud=10, sky="specks"),
    Look(when="2019-06-15", cloud=10, sky="specks"),
    Look(when="2020-03-10", cloud=10, sky="clear"),
    Look(when="2020-05-15", cloud=10, sky="patches", special="pair"),
    Look(when="2020-08-19", cloud=10, sky="clear"),
    Look(when="2020-09-09", cloud=10, sky="specks", special="holes"),
    Look(when="2021-03-01T00:00:00", cloud=5, sky="clear"),
    Look(when="2021-03-27", cloud=60, sky="patches"),
    Look(when="2021-04-30T21:30:00", cloud=20, sky="specks"),
    Look(when="2021-05-01T00:00:00", cloud=20, sky="clear", special="levels"),
    Look(when="2021-05-04", cloud=None, sky="patches", special="twin"),
    Look(when="2021-05-07", cloud=100, sky="cloudy"),
    Look(when="2021-05-11", cloud=20, sky="specks", special="levels"),
    Look(when="2021-05-14", cloud=30, sky="half", special="pair"),
    Look(when="2021-05-18", cloud=3, sky="clear", special="dark"),
    Look(when="2021-05-21T00:00:00", cloud=10, sky="patches", special="holes"),
    Look(when="2021-05-31T23:59:59", cloud=None, sky="clear", special="holes"),
    Look(when="2021-06-05", cloud=80, sky="patches", special="pair"),
    Look(when="2021-06-19", cloud=15, sky="specks", special="levels"),
    Look(when="2021-08-11", cloud=50, sky="patches"),
    Look(when="2021-08-28", cloud=100, sky="gone"),
    Look(when="2021-09-01T00:00:00", cloud=40, sky="specks"),
)
"""No look in July 2021, one that shows something in August."""

_HALVES = (("b", slice(0, 15), timedelta()), ("a", slice(10, 24), timedelta(seconds=25)))
"""Scenes of a pair: name, columns of 24, time after the overpass begins; "a" fills pixels first."""


@cache
def build(*collections):
    """Return the archive of these collections, oldest first."""
    passes = [_overpass(SENSORS[name], look) for name in collections for look in _seen(name)]
    return Archive(overpasses=tuple(sorted(passes, key=lambda one: one.time)))


def _seen(collection):
    """The two sensors of HLS share the looks."""
    if not collection.startswith("hls"):
        return LOOKS
    return LOOKS[collection == "hls-s30" :: 2]


def _overpass(sensor, look):
    number = list(SENSORS).index(sensor.collection)
    if "T" in look.when:
        time = datetime.fromisoformat(look.when).replace(tzinfo=UTC) + timedelta(milliseconds=100 * number)
    else:
        time = datetime.fromisoformat(f"{look.when}T10:10:31").replace(tzinfo=UTC) + timedelta(
            hours=30 * number
        )
    whole = _scene(sensor, look, time, "a")
    if look.special == "twin":
        return Overpass(scenes=(replace(whole, alternates=(_scene(sensor, look, time, "twin"),)),))
    if look.special != "pair":
        return Overpass(scenes=(whole,))
    halves = [_cut(_scene(sensor, look, time + after, name), part) for name, part, after in _HALVES]
    return Overpass(scenes=tuple(sorted(halves, key=lambda one: one.name[-1])))


def _scene(sensor, look, time, part):
    name = f"{sensor.collection}_{time:%Y%m%dT%H%M%S}_{part}"
    bands = {band: _band(sensor, band, look, name) for band in sensor.bands}
    if sensor.quality:
        bands[sensor.quality] = _quality(sensor, look, name)
    return StoredScene(
        name=name, collection=sensor.collection, time=time, bands=bands, cloud_cover=look.cloud
    )


def _band(sensor, band, look, name):
    stored, rng = sensor.bands[band], _random(name, band)
    side = _side(sensor.pixels, stored.size)
    numbers = rng.uniform(stored.low, stored.high, (side, side))
    if look.special == "levels":
        levels = np.linspace(stored.low, stored.high, 4)
        same = band in ("red", "nir", "nir08", "vv")
        numbers = (_random(sensor.collection, band, "levels") if same else rng).choice(levels, (side, side))
    if look.special == "dark":
        nothing, little = -stored.offset / stored.scale, (stored.high - stored.low) / 100
        numbers[::2] = nothing + (little if band.startswith("nir") else -little)
        numbers[::4] = nothing
    numbers = numbers.astype(stored.dtype)
    if look.special == "holes":
        numbers[rng.random(numbers.shape) < 0.2] = stored.nodata
    return StoredBand(
        numbers=numbers,
        pixels=_pixels(sensor.pixels, stored.size),
        nodata=stored.nodata,
        scale=stored.scale,
        offset=stored.offset,
    )


def _quality(sensor, look, name):
    rng, size = _random(name, "quality"), sensor.quality_size
    weather = sky(look.sky, rng, _side(sensor.pixels, size))
    _, _, nodata = LAYERS[sensor.quality]
    numbers = written(sensor.quality, weather, rng)
    return StoredBand(numbers=numbers, pixels=_pixels(sensor.pixels, size), nodata=nodata)


def _cut(scene, part):
    """Return a scene with some of its columns only, counted as if there were 24."""

    def cut(band):
        first, last = (edge * band.pixels.columns // 24 for edge in (part.start, part.stop))
        first, last = first // 2 * 2, last // 2 * 2
        pixels = replace(band.pixels, x=band.pixels.x + first * band.pixels.size, columns=last - first)
        return replace(band, numbers=band.numbers[:, first:last].copy(), pixels=pixels)

    return replace(scene, bands={name: cut(band) for name, band in scene.bands.items()})


def _pixels(pixels, size):
    side = _side(pixels, size)
    return replace(pixels, size=size, rows=side, columns=side)


def _side(pixels, size):
    return round(pixels.rows * pixels.size / size)


def _random(*names):
    return np.random.default_rng(zlib.crc32("/".join(names).encode()))
