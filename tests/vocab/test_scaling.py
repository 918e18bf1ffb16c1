"""From stored to physical values, against a table written from the providers' own documents."""

from __future__ import annotations

import pytest

from multisat.errors import AssetError, BaselineMissing
from multisat.vocab.archives import EARTH_SEARCH, NASA_CMR, PLANETARY_COMPUTER
from multisat.vocab.scaling import scaling

S2_BANDS = (
    *("coastal", "blue", "green", "red", "rededge1", "rededge2", "rededge3"),
    *("nir", "nir08", "nir09", "swir16", "swir22"),
)
APPLIED, NOT_APPLIED = ({"earthsearch:boa_offset_applied": flag} for flag in (True, False))

ESA, EARTH, DECLARED = "sentinel-2-esa", "sentinel-2-earth-search", "sentinel-2-declared"

# rules, baseline, item properties, offset the item declares -> offset that holds, a word of the reason
REFLECTANCE = [
    (ESA, 2.12, {}, None, 0.0, "before 04.00"),
    (ESA, 3.01, {}, None, 0.0, "before 04.00"),
    (ESA, 3.99, {}, None, 0.0, "before 04.00"),
    (ESA, 4.0, {}, None, -0.1, "04.00 or later"),
    (ESA, 5.0, {}, None, -0.1, "04.00 or later"),
    (ESA, 5.11, {}, None, -0.1, "does not declare"),
    (EARTH, 2.12, {}, 0.0, 0.0, "before 04.00"),
    (EARTH, 3.01, NOT_APPLIED, 0.0, 0.0, "before 04.00"),
    (EARTH, 3.01, APPLIED, 0.0, 0.0, "before 04.00"),
    (EARTH, 4.0, APPLIED, -0.1, 0.0, "already"),
    (EARTH, 5.09, APPLIED, -0.1, 0.0, "already"),
    (EARTH, 5.09, APPLIED, 0.0, 0.0, "already"),
    (EARTH, 4.0, NOT_APPLIED, -0.1, -0.1, "not true"),
    (EARTH, 5.11, NOT_APPLIED, 0.0, -0.1, "not true"),
    (EARTH, 4.0, {}, -0.1, -0.1, "not true"),
    (EARTH, 5.09, {}, None, -0.1, "not true"),
    (EARTH, None, APPLIED, -0.1, 0.0, "already"),
    (DECLARED, 5.11, {}, -0.1, -0.1, "declares"),
    (DECLARED, 2.14, {}, -0.1, -0.1, "declares"),
    (DECLARED, 5.11, {}, 0.0, 0.0, "declares"),
    (DECLARED, None, {}, -0.1, -0.1, "declares"),
    (DECLARED, 5.11, APPLIED, -0.1, -0.1, "declares"),
]


@pytest.mark.parametrize(("rules", "baseline", "properties", "declared", "offset", "word"), REFLECTANCE)
def test_sentinel2_offset_decision_table(*, rules, baseline, properties, declared, offset, word):
    for band in S2_BANDS:
        found = scaling(rules, band, baseline=baseline, properties=properties, declared_offset=declared)
        assert (found.scale, found.offset, found.nodata, found.dtype) == (0.0001, offset, 0, "uint16"), band
        assert word in found.why


@pytest.mark.parametrize("flag", ["true", 1.5, None])
def test_only_true_itself_counts_as_an_applied_offset(flag):
    properties = {"earthsearch:boa_offset_applied": flag}
    assert scaling(EARTH, "red", baseline=5.09, properties=properties).offset == -0.1


@pytest.mark.parametrize(("rules", "properties"), [(ESA, {}), (EARTH, {}), (EARTH, NOT_APPLIED)])
def test_a_missing_baseline_is_an_error_that_says_how_to_give_one(rules, properties):
    for band in S2_BANDS:
        with pytest.raises(BaselineMissing) as caught:
            scaling(rules, band, properties=properties, declared_offset=-0.1)
        assert caught.value.asset == band
        assert "with_baseline" in caught.value.hint
        assert "--assume-baseline" in caught.value.hint


def test_a_missing_declared_offset_is_an_error():
    with pytest.raises(AssetError, match="declare"):
        scaling(DECLARED, "red", baseline=5.11)


@pytest.mark.parametrize("rules", [ESA, EARTH, DECLARED])
def test_sentinel2_other_layers_need_no_baseline(rules):
    scl = scaling(rules, "scl")
    assert (scl.scale, scl.offset, scl.nodata, scl.dtype) == (1, 0, 0, "uint8")
    for band in ("aot", "wvp"):
        found = scaling(rules, band)
        assert (found.scale, found.offset, found.nodata, found.dtype) == (0.001, 0, 0, "uint16")
    for band in ("cloud_probability", "snow_probability"):
        found = scaling(rules, band)
        assert (found.scale, found.offset, found.nodata, found.dtype) == (1, 0, None, "uint8")
        assert "0 percent" in found.why


OTHERS = [
    ("landsat-c2-l2", "coastal blue green red nir08 swir16 swir22", 2.75e-5, -0.2, 0, "uint16"),
    ("landsat-c2-l2", "lwir11", 0.00341802, 149.0, 0, "uint16"),
    ("landsat-c2-l2", "qa_pixel", 1, 0, 1, "uint16"),
    ("landsat-c2-l2", "qa_radsat", 1, 0, None, "uint16"),
    ("landsat-c2-l2", "qa_aerosol", 1, 0, 1, "uint8"),
    ("landsat-c2-l2", "cloud_qa", 1, 0, None, "uint8"),
    ("landsat-c2-l2", "st_qa", 0.01, 0, -9999, "int16"),
    ("landsat-c2-l2", "emissivity", 0.0001, 0, -9999, "int16"),
    ("hls", "coastal blue green red rededge1 nir nir08 nir09 cirrus swir16 swir22", 1e-4, 0, -9999, "int16"),
    ("hls", "lwir11 lwir12", 0.01, 273.15, -9999, "int16"),
    ("hls", "fmask", 1, 0, 255, "uint8"),
    ("hls", "sun_zenith sun_azimuth view_zenith view_azimuth", 0.01, 0, 40000, "uint16"),
    ("sentinel-1-grd", "vv vh hh hv", 1, 0, 0, "uint16"),
    ("sentinel-1-rtc", "vv vh hh hv", 1, 0, -32768, "float32"),
    ("cop-dem", "elevation", 1, 0, None, "float32"),
]


@pytest.mark.parametrize(("rules", "bands", "scale", "offset", "nodata", "dtype"), OTHERS)
def test_other_products(*, rules, bands, scale, offset, nodata, dtype):
    for band in bands.split():
        found = scaling(rules, band)
        assert (found.scale, found.offset, found.nodata, found.dtype) == (scale, offset, nodata, dtype), band
        assert found.why


@pytest.mark.parametrize(
    ("rules", "band", "stored", "value"),
    [
        (ESA, "red", 1500, 0.05),
        ("landsat-c2-l2", "red", 7273, 0.0000075),
        ("landsat-c2-l2", "lwir11", 44177, 299.99786954),
        ("hls", "lwir11", 2000, 293.15),
        ("hls", "nir08", 4321, 0.4321),
    ],
)
def test_worked_examples(rules, band, stored, value):
    found = scaling(rules, band, baseline=5.09)
    assert stored * found.scale + found.offset == pytest.approx(value, abs=1e-9)


HOLDINGS = [
    pytest.param(holding, band, id=f"{archive}-{holding.native_id}-{band}")
    for archive, held in [("es", EARTH_SEARCH), ("pc", PLANETARY_COMPUTER), ("cmr", NASA_CMR)]
    for holding in held
    for band in dict.fromkeys(holding.assets.values())
]


@pytest.mark.parametrize(("holding", "band"), HOLDINGS)
def test_every_band_of_every_archive_has_a_rule_with_a_reason(holding, band):
    for baseline in (2.12, 5.09):
        found = scaling(holding.scaling, band, baseline=baseline, declared_offset=-0.1)
        assert found.why
        assert "no rule" not in found.why
        assert found.dtype
