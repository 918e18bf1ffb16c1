"""Bands, collections and masks by the words a user writes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multisat.errors import UsageError
from multisat.vocab.bands import BANDS, band, resolve
from multisat.vocab.collections import COLLECTIONS, expand
from multisat.vocab.masks import PRESETS, QUALITY_LAYERS, WORDS, mask_words

S2 = COLLECTIONS["sentinel-2-l2a"].bands
LANDSAT = COLLECTIONS["landsat-c2-l2"].bands
L30, S30 = COLLECTIONS["hls-l30"].bands, COLLECTIONS["hls-s30"].bands


@pytest.mark.parametrize(
    ("name", "available", "collection", "found"),
    [
        ("nir", S2, "sentinel-2-l2a", "nir"),
        ("nir", S2, None, "nir"),
        ("nir08", S2, "sentinel-2-l2a", "nir08"),
        ("nir", LANDSAT, "landsat-c2-l2", "nir08"),
        ("nir", L30, "hls-l30", "nir08"),
        ("nir", S30, "hls-s30", "nir08"),
        ("nir", ["nir"], "hls-s30", "nir"),
        ("nir08", ["nir"], "sentinel-2-l2a", "nir"),
        ("red", S2, "sentinel-2-l2a", "red"),
        ("rededge1", LANDSAT, "landsat-c2-l2", None),
        ("lwir11", ["red", "qa_pixel"], "landsat-c2-l2", None),
        ("scl", LANDSAT, "landsat-c2-l2", None),
        ("nir", [], "sentinel-2-l2a", None),
    ],
)
def test_a_band_name_means_what_the_sensor_has(name, available, collection, found):
    assert resolve(name, available, collection) == found


@pytest.mark.parametrize("name", ["B04", "NIR", "rededge", "lwir", ""])
def test_an_unknown_band_is_an_error_that_lists_the_bands(name):
    with pytest.raises(UsageError, match="bands are"):
        band(name)
    with pytest.raises(UsageError, match="bands are"):
        resolve(name, S2, "sentinel-2-l2a")


def test_kinds_have_the_units_of_the_field():
    units = {"optical": "1", "thermal": "K", "sar": "1", "elevation": "m", "quality": ""}
    for one in BANDS.values():
        assert one.unit == units.get(one.kind, one.unit), one.name
        assert one.title
        assert (one.wavelength_um is not None) == (one.kind in {"optical", "thermal"})


def test_no_collection_is_every_dated_one():
    assert expand(None) == (
        "sentinel-2-l2a",
        "landsat-c2-l2",
        "hls-l30",
        "hls-s30",
        "sentinel-1-grd",
        "sentinel-1-rtc",
    )


@pytest.mark.parametrize(
    ("names", "opened"),
    [
        ("hls", ("hls-l30", "hls-s30")),
        (["hls", "hls-l30"], ("hls-l30", "hls-s30")),
        (["hls-s30", "hls"], ("hls-s30", "hls-l30")),
        (["landsat-c2-l2", "landsat-c2-l2"], ("landsat-c2-l2",)),
        (["cop-dem-30"], ("cop-dem-30",)),
        (["HLSL30_2.0", "naip"], ("HLSL30_2.0", "naip")),
    ],
)
def test_collections_named(names, opened):
    assert expand(names) == opened


def test_an_empty_list_of_collections_is_an_error():
    with pytest.raises(UsageError, match="empty"):
        expand([])


@pytest.mark.parametrize("collection", COLLECTIONS.values(), ids=lambda c: c.name)
def test_collections_are_made_of_known_bands_and_layers(collection):
    assert set(collection.bands) <= set(BANDS)
    assert len(set(collection.bands)) == len(collection.bands)
    if collection.quality is not None:
        assert collection.quality in QUALITY_LAYERS
        assert collection.quality in collection.bands


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        ("clear", {"nodata", "saturated", "shadow", "uncertain", "cloud", "cirrus", "adjacent"}),
        ("loose", {"nodata", "saturated", "shadow", "cloud"}),
        ("snow", {"nodata", "snow"}),
        ("loose,snow", {"nodata", "saturated", "shadow", "cloud", "snow"}),
        (" cloud , water ", {"nodata", "cloud", "water"}),
        (["clear", "snow", "water"], set(WORDS)),
        ([], {"nodata"}),
    ],
)
def test_mask_words(mask, words):
    found = mask_words(mask)
    assert set(found) == words
    assert len(found) == len(words)
    assert found[0] == "nodata"


@pytest.mark.parametrize("mask", ["clouds", "", "clear,", ["cloud", "smoke"]])
def test_an_unknown_mask_is_an_error_that_lists_the_words(mask):
    with pytest.raises(UsageError, match="cirrus"):
        mask_words(mask)


@given(st.lists(st.sampled_from([*PRESETS, *WORDS])))
def test_a_list_and_its_text_are_the_same_mask(names):
    if names:
        assert mask_words(names) == mask_words(",".join(names))
    assert set(mask_words(names)) <= set(WORDS)


# Sen2Cor classes, USGS QA_PIXEL bits, HLS v2.0 Fmask bits.
SCL = {
    1: "saturated",
    3: "shadow",
    6: "water",
    7: "uncertain",
    8: "cloud",
    9: "cloud",
    10: "cirrus",
    11: "snow",
}
QA_PIXEL = {1: "adjacent", 2: "cirrus", 3: "cloud", 4: "shadow", 5: "snow", 7: "water"}
FMASK = {1: "cloud", 2: "adjacent", 3: "shadow", 4: "snow", 5: "water"}


def test_quality_layers_say_what_the_product_guides_say():
    scl = QUALITY_LAYERS["scl"]
    assert (scl.fill, scl.bits) == (0, {})
    assert {code: word for word, codes in scl.values.items() for code in codes} == SCL
    for name, fill, bits in [("qa_pixel", 1, QA_PIXEL), ("fmask", 255, FMASK)]:
        layer = QUALITY_LAYERS[name]
        assert (layer.band, layer.fill, layer.values) == (name, fill, {})
        assert {bit: word for word, bit in layer.bits.items()} == bits


@pytest.mark.parametrize(
    ("preset", "layer", "masked"),
    [
        ("clear", "scl", {1, 3, 7, 8, 9, 10}),
        ("loose", "scl", {1, 3, 8, 9}),
        ("clear", "qa_pixel", {1, 2, 3, 4}),
        ("loose", "qa_pixel", {3, 4}),
        ("clear", "fmask", {1, 2, 3}),
        ("loose", "fmask", {1, 3}),
    ],
)
def test_presets_in_codes_and_bits(preset, layer, masked):
    words, quality = mask_words(preset), QUALITY_LAYERS[layer]
    codes = {code for word in words for code in quality.values.get(word, ())}
    bits = {quality.bits[word] for word in words if word in quality.bits}
    assert codes | bits == masked
