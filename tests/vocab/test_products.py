"""Product names of the agencies, taken apart; examples as the archives publish them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multisat.vocab import products


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "baseline"),
    [
        ("S2A_MSIL2A_20230701T103631_R008_T31UFU_20230701T200058", None),
        ("S2A_MSIL2A_20230701T103631_N0509_R008_T31UFU_20230701T200058", "05.09"),
        ("S2A_MSIL2A_20230701T103631_N0509_R008_T31UFU_20230701T200058.SAFE", "05.09"),
        ("https://a.example/S2A_MSIL2A_20230701T103631_N0400_R008_T31UFU_20230701T200058.SAFE/x", "04.00"),
    ],
)
def test_one_sentinel2_acquisition_by_all_its_names(text, baseline):
    name = products.sentinel2(text)
    assert name == products.Sentinel2Name(
        platform="sentinel-2a",
        level="L2A",
        datatake=utc(2023, 7, 1, 10, 36, 31),
        baseline=baseline,
        relative_orbit=8,
        tile="31UFU",
        generated=utc(2023, 7, 1, 20, 0, 58),
    )


@pytest.mark.parametrize(
    ("text", "platform", "level", "orbit", "tile"),
    [
        ("S2B_MSIL2A_20201229T101329_N0214_R022_T33TUK_20201229T124139", "sentinel-2b", "L2A", 22, "33TUK"),
        (
            "S2B_MSIL1C_20250731T131909_N0511_R095_T20EPT_20250731T143530.SAFE",
            "sentinel-2b",
            "L1C",
            95,
            "20EPT",
        ),
        ("S2C_MSIL2A_20250729T175521_N0511_R098_T13TDE_20250729T230000", "sentinel-2c", "L2A", 98, "13TDE"),
        ("S2A_MSIL2A_20230625T234621_N0509_R073_T1WCP_20230626T022157", "sentinel-2a", "L2A", 73, "01WCP"),
    ],
)
def test_sentinel2_names(text, platform, level, orbit, tile):
    name = products.sentinel2(text)
    assert (name.platform, name.level, name.relative_orbit, name.tile) == (platform, level, orbit, tile)


@pytest.mark.parametrize(
    ("text", "tile"),
    [
        ("MGRS-1WCP", "01WCP"),
        ("MGRS-01WCP", "01WCP"),
        ("1WCP", "01WCP"),
        ("MGRS-31UFU", "31UFU"),
        ("T31UFU", "31UFU"),
        ("31UFU", "31UFU"),
        ("S2A_31UFU_20230701_0_L2A", "31UFU"),
        ("S2A_1WCP_20230625_0_L2A", "01WCP"),
        ("S2A_T31UFU_20230701T104159_L2A", "31UFU"),
        ("S2A_OPER_MSI_L2A_TL_VGS1_20220401T110010_A035382_T34LBP", "34LBP"),
        ("WRS2-033032", None),
        ("CDEM-S90W180", None),
        ("31IFU", None),
        ("31UFW", None),
        ("", None),
        (None, None),
    ],
)
def test_mgrs_tile(text, tile):
    assert products.mgrs_tile(text) == tile


def test_datastrip_start():
    strip = "S2A_OPER_MSI_L2A_DS_2APS_20230626T022157_S20230625T234624_N05.09"
    assert products.datastrip_start(strip) == "20230625T234624"
    assert products.datastrip_start("S2A_OPER_MSI_L2A_DS_2APS_20230626T022157") is None
    assert products.datastrip_start(None) is None


@pytest.mark.parametrize(
    ("text", "processed"),
    [
        ("LC08_L2SP_047027_20201204_02_T1", None),
        ("LC08_L2SP_047027_20201204_20210313_02_T1", utc(2021, 3, 13)),
        ("LC08_L2SP_047027_20201204_20210313_02_T1_SR", utc(2021, 3, 13)),
        ("LC08_L2SP_047027_20201204_20210313_02_T1_ST", utc(2021, 3, 13)),
    ],
)
def test_one_landsat_acquisition_by_all_its_names(text, processed):
    assert products.landsat(text) == products.LandsatName(
        sensor="LC08",
        platform="landsat-8",
        level="L2SP",
        path="047",
        row="027",
        acquired=utc(2020, 12, 4),
        processed=processed,
        collection="02",
        tier="T1",
    )


@pytest.mark.parametrize(
    ("text", "sensor", "platform", "level", "tier"),
    [
        ("LE07_L2SP_021030_20100109_02_T1", "LE07", "landsat-7", "L2SP", "T1"),
        ("LT05_L2SP_010067_19860424_02_T2", "LT05", "landsat-5", "L2SP", "T2"),
        ("LT04_L2SP_010067_19830424_02_T2", "LT04", "landsat-4", "L2SP", "T2"),
        ("LC09_L2SR_084082_20250722_02_RT", "LC09", "landsat-9", "L2SR", "RT"),
    ],
)
def test_landsat_sensors(text, sensor, platform, level, tier):
    name = products.landsat(text)
    assert (name.sensor, name.platform, name.level, name.tier) == (sensor, platform, level, tier)


@pytest.mark.parametrize(
    ("text", "product", "tile", "acquired"),
    [
        ("HLS.S30.T13SDV.2022001T175739.v2.0", "S30", "13SDV", utc(2022, 1, 1, 17, 57, 39)),
        ("HLS.L30.T19LDD.2022165T144027.v2.0", "L30", "19LDD", utc(2022, 6, 14, 14, 40, 27)),
        ("HLS.S30.T01WCP.2020366T235959.v2.0", "S30", "01WCP", utc(2020, 12, 31, 23, 59, 59)),
    ],
)
def test_hls_granules(text, product, tile, acquired):
    name = products.hls(text)
    assert (name.product, name.tile, name.acquired, name.version) == (product, tile, acquired, "2.0")
    assert name.granule == text
    assert products.hls(f"s3://bucket/{text}.B04.tif").granule == text


S1_NAME = "S1A_IW_GRDH_1SDV_20210809T173953_20210809T174018_039156_049F13"


@pytest.mark.parametrize("suffix", ["", "_6FF8", "_rtc", "_6FF8_rtc", "_6FF8.SAFE"])
def test_sentinel1_name_has_no_checksum_and_no_suffix(suffix):
    name = products.sentinel1(S1_NAME + suffix)
    assert name.name == S1_NAME
    assert (name.platform, name.mode, name.absolute_orbit) == ("sentinel-1a", "IW", 39156)
    assert (name.start, name.stop) == (utc(2021, 8, 9, 17, 39, 53), utc(2021, 8, 9, 17, 40, 18))


@pytest.mark.parametrize(
    ("mission", "absolute", "relative"),
    [("S1A", 39156, 59), ("S1A", 49191, 119), ("S1A", 60328, 56), ("S1B", 27, 1), ("S1C", 39156, None)],
)
def test_sentinel1_relative_orbit(mission, absolute, relative):
    text = f"{mission}_IW_GRDH_1SDV_20210809T173953_20210809T174018_{absolute:06d}_049F13"
    assert products.sentinel1(text).relative_orbit == relative


PARSERS = [products.sentinel2, products.landsat, products.hls, products.sentinel1]
GARBAGE = [
    None,
    "",
    "no product at all",
    "AST_L1T_00312272006020322_20150518201805",
    "S2A_MSIL2A_20231301T103631_N0509_R008_T31UFU_20230701T200058",
    "S2A_MSIL2A_20230701T103631_N0509_R008_T31UFU_20230701T206058",
    "LC08_L2SP_047027_20201399_02_T1",
    "HLS.S30.T13SDV.2021366T175739.v2.0",
    "S1A_IW_GRDH_1SDV_20210809T173953_20210899T174018_039156_049F13",
]


@pytest.mark.parametrize("parse", PARSERS)
@pytest.mark.parametrize("text", GARBAGE)
def test_garbage_is_no_name(parse, text):
    assert parse(text) is None


NAME_SHAPES = st.one_of(
    st.text(max_size=80),
    st.from_regex(r"S2[A-D]_MSIL2A_\d{8}T\d{6}_N\d{4}_R\d{3}_T\d{1,2}[A-Z]{3}_\d{8}T\d{6}"),
    st.from_regex(r"L[CE]0[1-9]_L2SP_\d{6}_\d{8}_(\d{8}_)?02_(RT|T1|T2)"),
    st.from_regex(r"HLS\.[LS]30\.T\d{2}[A-Z]{3}\.\d{7}T\d{6}\.v2\.0"),
    st.from_regex(r"S1[A-D]_IW_GRDH_1SDV_\d{8}T\d{6}_\d{8}T\d{6}_\d{6}_[0-9A-F]{6}"),
)


@given(NAME_SHAPES)
def test_no_text_makes_a_parser_fail(text):
    for parse in [*PARSERS, products.mgrs_tile, products.datastrip_start]:
        parse(text)


@given(
    st.integers(1, 60), st.sampled_from("CDEFGHJKLMNPQRSTUVWX"), st.text("ABCDEFGH", min_size=2, max_size=2)
)
def test_a_tile_is_read_the_same_with_and_without_its_zero(zone, band, square):
    tile = f"{zone:02d}{band}{square}"
    for text in (f"MGRS-{zone}{band}{square}", f"T{tile}", f"S2A_{zone}{band}{square}_20230625_0_L2A"):
        assert products.mgrs_tile(text) == tile
