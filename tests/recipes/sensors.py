"""How the synthetic archive stores each collection: bands, pixels, scale, offset, no data."""

from dataclasses import dataclass

from tests.oracle import Pixels

FINE = Pixels(x=600000, y=5340000, size=10, rows=36, columns=36)
"""Of Sentinel; every other pixel size covers the same ground."""
WIDE = Pixels(x=599820, y=5340180, size=30, rows=24, columns=24)
"""Of Landsat and HLS."""


@dataclass(frozen=True, kw_only=True)
class Stored:
    """How a band is stored: pixel size in metres, type, the number for no data, scale, offset, lowest, highest."""

    size: int
    dtype: str
    nodata: float | None
    scale: float
    offset: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Sensor:
    """A collection: platform, where its files lie, bands by canonical name, quality layer and its pixel size."""

    collection: str
    platform: str
    pixels: Pixels
    bands: dict
    quality: str | None = None
    quality_size: int = 30


def _sentinel2(size):
    return Stored(size=size, dtype="uint16", nodata=0, scale=0.0001, offset=-0.1, low=900, high=6000)


_LANDSAT = Stored(size=30, dtype="uint16", nodata=0, scale=0.0000275, offset=-0.2, low=7000, high=25000)
_HLS = Stored(size=30, dtype="int16", nodata=-9999, scale=0.0001, offset=0.0, low=-50, high=5500)
_KELVIN = Stored(size=30, dtype="uint16", nodata=0, scale=0.00341802, offset=149.0, low=35000, high=50000)
_POWER = Stored(size=10, dtype="float32", nodata=-32768, scale=1.0, offset=0.0, low=0.001, high=0.6)
_PERCENT = Stored(size=20, dtype="uint8", nodata=255, scale=1.0, offset=0.0, low=0, high=9)
_WIDE_BANDS = ("blue", "green", "red", "nir08", "swir16", "swir22")

SENSORS = {
    one.collection: one
    for one in (
        Sensor(
            collection="sentinel-2-l2a",
            platform="sentinel-2a",
            pixels=FINE,
            bands={name: _sentinel2(10) for name in ("blue", "green", "red", "nir")}
            | {name: _sentinel2(20) for name in ("rededge1", "nir08", "swir16", "swir22")}
            | {"cloud_probability": _PERCENT},
            quality="scl",
            quality_size=20,
        ),
        Sensor(
            collection="landsat-c2-l2",
            platform="landsat-8",
            pixels=WIDE,
            bands=dict.fromkeys(_WIDE_BANDS, _LANDSAT) | {"lwir11": _KELVIN},
            quality="qa_pixel",
        ),
        Sensor(
            collection="hls-l30",
            platform="landsat-8",
            pixels=WIDE,
            bands=dict.fromkeys(_WIDE_BANDS, _HLS),
            quality="fmask",
        ),
        Sensor(
            collection="hls-s30",
            platform="sentinel-2a",
            pixels=WIDE,
            bands=dict.fromkeys((*_WIDE_BANDS, "nir", "rededge1"), _HLS),
            quality="fmask",
        ),
        Sensor(
            collection="sentinel-1-rtc",
            platform="sentinel-1a",
            pixels=FINE,
            bands={"vv": _POWER, "vh": _POWER},
        ),
    )
}
