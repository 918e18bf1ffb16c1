"""The tables of what archives hold, against each other."""

from __future__ import annotations

import datetime as dt

import pytest

from multisat.vocab.archives import EARTH_SEARCH, NASA_CMR, PLANETARY_COMPUTER
from multisat.vocab.bands import BANDS
from multisat.vocab.collections import COLLECTIONS
from multisat.vocab.masks import QUALITY_LAYERS
from multisat.vocab.scaling_rules import SCALINGS

ARCHIVES = {"earth-search": EARTH_SEARCH, "planetary-computer": PLANETARY_COMPUTER, "nasa-cmr": NASA_CMR}
ROWS = [pytest.param(h, id=f"{name}-{h.native_id}") for name, held in ARCHIVES.items() for h in held]


@pytest.mark.parametrize("holding", ROWS)
def test_bands_are_those_of_the_collection(holding):
    assert holding.collection in COLLECTIONS
    assert set(holding.assets.values()) <= set(BANDS)
    assert set(holding.assets.values()) <= set(COLLECTIONS[holding.collection].bands)


@pytest.mark.parametrize("holding", ROWS)
def test_the_layer_masks_are_made_from_is_there(holding):
    quality = COLLECTIONS[holding.collection].quality
    assert quality is None or (quality in holding.assets.values() and quality in QUALITY_LAYERS)


@pytest.mark.parametrize("holding", ROWS)
def test_every_row_has_a_date_and_a_source(holding):
    assert dt.date.fromisoformat(holding.checked) >= dt.date(2026, 1, 1)
    assert holding.source
    assert holding.scaling in SCALINGS


@pytest.mark.parametrize("held", ARCHIVES.values(), ids=ARCHIVES)
def test_a_native_name_means_one_row(held):
    names = [name for h in held for name in (h.native_id, *h.also)]
    assert len(names) == len(set(names))
    ranks = [(h.collection, h.rank) for h in held]
    assert len(ranks) == len(set(ranks))


def test_the_ids_of_the_services():
    native = {name: {h.native_id: h.collection for h in held} for name, held in ARCHIVES.items()}
    assert native == {
        "earth-search": {
            "sentinel-2-c1-l2a": "sentinel-2-l2a",
            "sentinel-2-l2a": "sentinel-2-l2a",
            "sentinel-2-pre-c1-l2a": "sentinel-2-l2a",
            "landsat-c2-l2": "landsat-c2-l2",
            "sentinel-1-grd": "sentinel-1-grd",
            "cop-dem-glo-30": "cop-dem-30",
        },
        "planetary-computer": {
            "sentinel-2-l2a": "sentinel-2-l2a",
            "landsat-c2-l2": "landsat-c2-l2",
            "hls2-l30": "hls-l30",
            "hls2-s30": "hls-s30",
            "sentinel-1-grd": "sentinel-1-grd",
            "sentinel-1-rtc": "sentinel-1-rtc",
            "cop-dem-glo-30": "cop-dem-30",
        },
        "nasa-cmr": {"HLSL30_2.0": "hls-l30", "HLSS30_2.0": "hls-s30"},
    }
    assert {h.native_id: h.also for h in NASA_CMR} == {
        "HLSL30_2.0": ("HLSL30.v2.0",),
        "HLSS30_2.0": ("HLSS30.v2.0",),
    }


# Sensor band to canonical band, from the product guides.
SENTINEL_2 = {
    **dict(zip(("B01", "B02", "B03", "B04"), ("coastal", "blue", "green", "red"), strict=True)),
    **dict(zip(("B05", "B06", "B07"), ("rededge1", "rededge2", "rededge3"), strict=True)),
    **dict(
        zip(("B08", "B8A", "B09", "B11", "B12"), ("nir", "nir08", "nir09", "swir16", "swir22"), strict=True)
    ),
}
ANGLES = {"SZA": "sun_zenith", "SAA": "sun_azimuth", "VZA": "view_zenith", "VAA": "view_azimuth"}
HLS_L30 = {
    **dict(
        zip(("B01", "B02", "B03", "B04", "B05"), ("coastal", "blue", "green", "red", "nir08"), strict=True)
    ),
    **dict(zip(("B06", "B07", "B09"), ("swir16", "swir22", "cirrus"), strict=True)),
    **dict(zip(("B10", "B11", "Fmask"), ("lwir11", "lwir12", "fmask"), strict=True)),
    **ANGLES,
}
HLS_S30 = {**SENTINEL_2, "B10": "cirrus", "Fmask": "fmask", **ANGLES}
KEYS = {
    ("planetary-computer", "sentinel-2-l2a"): {**SENTINEL_2, "SCL": "scl", "AOT": "aot", "WVP": "wvp"},
    ("planetary-computer", "hls2-l30"): HLS_L30,
    ("planetary-computer", "hls2-s30"): HLS_S30,
    ("nasa-cmr", "HLSL30_2.0"): HLS_L30,
    ("nasa-cmr", "HLSS30_2.0"): HLS_S30,
}


@pytest.mark.parametrize(("archive", "native"), KEYS)
def test_numbered_keys(archive, native):
    (holding,) = (h for h in ARCHIVES[archive] if h.native_id == native)
    assert dict(holding.assets) == KEYS[archive, native]


@pytest.mark.parametrize(
    "holding", [h for h in EARTH_SEARCH if h.collection == "sentinel-2-l2a"], ids=lambda h: h.native_id
)
def test_earth_search_keys_are_the_canonical_names(holding):
    renamed = {key: band for key, band in holding.assets.items() if key != band}
    collection_1 = {"cloud": "cloud_probability", "snow": "snow_probability"}
    assert renamed == ({} if holding.native_id == "sentinel-2-l2a" else collection_1)
    assert not any(key.endswith("-jp2") for key in holding.assets)


@pytest.mark.parametrize(
    "holding", [h for h in (*EARTH_SEARCH, *PLANETARY_COMPUTER) if h.naming == "landsat"]
)
def test_landsat_keys_that_are_not_the_canonical_names(holding):
    renamed = {key: band for key, band in holding.assets.items() if key != band}
    assert renamed == {"lwir": "lwir11", "qa": "st_qa", "emis": "emissivity"}


def test_grids_come_from_where_they_can_be_trusted():
    sources = {(name, h.native_id): h.grid for name, held in ARCHIVES.items() for h in held}
    file_only = {key for key, source in sources.items() if source == "file"}
    from_tile = {key for key, source in sources.items() if source == "mgrs"}
    pc = "planetary-computer"
    assert file_only == {("earth-search", "sentinel-1-grd"), (pc, "sentinel-1-grd"), (pc, "sentinel-1-rtc")}
    assert from_tile == {
        (pc, "hls2-l30"),
        (pc, "hls2-s30"),
        ("nasa-cmr", "HLSL30_2.0"),
        ("nasa-cmr", "HLSS30_2.0"),
    }
