"""Sentinel-2 items of the archives in harmonised terms; the values are read off the raw JSON."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

pytestmark = pytest.mark.fixtures

OPTICAL = {
    *("coastal", "blue", "green", "red", "rededge1", "rededge2", "rededge3"),
    *("nir", "nir08", "nir09", "swir16", "swir22"),
}
COLOUR_PAGE = "earth-search/search-landsat-c2-l2+sentinel-2-l2a-1.json"
PAGE_1 = "earth-search/search-sentinel-1-grd+sentinel-2-c1-l2a+sentinel-2-l1c+sentinel-2-l-1.json"
PAGE_2 = "earth-search/search-sentinel-2-c1-l2a+sentinel-2-l1c+sentinel-2-l2a-1.json"
PC_PAGE = "planetary-computer/search-sentinel-2-l2a-1.json"
PC_2019 = "planetary-computer/item-S2B-T06VVN-reprocessed.json"
COGS = "https://sentinel-cogs.s3.us-west-2.amazonaws.com/sentinel-s2-l2a-cogs"
C1 = "https://e84-earth-search-sentinel-data.s3.us-west-2.amazonaws.com/sentinel-2-c1-l2a"
AZURE = "https://sentinel2l2a01.blob.core.windows.net/sentinel2-l2"


def azure(tile_path, day, product, granule, file):
    """The address of a file of a SAFE product on Planetary Computer."""
    folder = f"{AZURE}/{tile_path}/{day}/{product}.SAFE/GRANULE/{granule}/IMG_DATA"
    return f"{folder}/R{file[-7:-4]}/{file}"


SAFE_UK = ("60/V/UK", "2019/01/01", "S2A_MSIL2A_20190101T000001_N0212_R116_T60VUK_20201007T214652")
SAFE_VN = ("06/V/VN", "2019/06/29", "S2B_MSIL2A_20190629T212529_N0212_R043_T06VVN_20201006T080531")
GRANULE_UK, GRANULE_VN = "L2A_T60VUK_A018417_20181231T235957", "L2A_T06VVN_A012081_20190629T212530"


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def bands(crs, x, y, *, offset, why, **hrefs):
    """Expected files on one tile: 10 m red, 20 m red edge and classes."""
    expected = {}
    for band, (key, href) in hrefs.items():
        step, size = (10, 10980) if band == "red" else (20, 5490)
        reflectance = {"dtype": "uint16", "scale": 0.0001, "offset": offset, "unit": "1", "why": why}
        classes = {"dtype": "uint8", "scale": 1, "offset": 0, "unit": "", "why": "class"}
        percent = {"dtype": "uint8", "scale": 1, "offset": 0, "unit": "percent", "why": "percent"}
        expected[band] = {
            **{"scl": classes, "cloud_probability": percent}.get(band, reflectance),
            "key": key,
            "href": href,
            "nodata": None if band == "cloud_probability" else 0,
            "grid.crs": crs,
            "grid.transform": (step, 0, x, 0, -step, y),
            "grid.shape": (size, size),
        }
    return expected


def same_pass(platform, tile, datatake, strip, orbit):
    """The identity all archives give to one acquisition."""
    return {
        "collection": "sentinel-2-l2a",
        "platform": platform,
        "tile": tile,
        "relative_orbit": orbit,
        "acquisition.collection": "sentinel-2-l2a",
        "acquisition.platform": platform,
        "acquisition.tile": tile,
        "acquisition.name": f"{platform}/L2A/{datatake:%Y%m%dT%H%M%S}/{tile}",
        "acquisition.part": strip,
        "acquisition.datatake": datatake,
        "acquisition.sensing": None,
    }


ITEMS = [
    pytest.param(
        "earth-search",
        COLOUR_PAGE,
        "S2A_13TDE_20231008_0_L2A",
        {
            **same_pass("sentinel-2a", "13TDE", utc(2023, 10, 8, 17, 52, 31), "20231008T175927", 141),
            "native_id": "sentinel-2-l2a",
            "orbit_state": None,
            "cloud_cover": 0.000299,
            "processing_baseline": "05.09",
            "baseline": 5.09,
            "datetime": utc(2023, 10, 8, 18, 2, 55, 276000),
            "generated": utc(2023, 10, 8, 23, 31, 54),
            "assets": bands(
                "EPSG:32613",
                399960,
                4500000,
                offset=0.0,
                why="already in the pixels",
                red=("red", f"{COGS}/13/T/DE/2023/10/S2A_13TDE_20231008_0_L2A/B04.tif"),
                rededge1=("rededge1", f"{COGS}/13/T/DE/2023/10/S2A_13TDE_20231008_0_L2A/B05.tif"),
                scl=("scl", f"{COGS}/13/T/DE/2023/10/S2A_13TDE_20231008_0_L2A/SCL.tif"),
            ),
        },
        OPTICAL | {"scl", "aot", "wvp"},
        id="es-l2a-2023",
    ),
    pytest.param(
        "earth-search",
        PAGE_1,
        "S2B_20EPT_20250731_0_L2A",
        {
            **same_pass("sentinel-2b", "20EPT", utc(2025, 7, 31, 13, 19, 9), "20250731T131905", 95),
            "native_id": "sentinel-2-l2a",
            "cloud_cover": 26.02542,
            "processing_baseline": "05.11",
            "datetime": utc(2025, 7, 31, 13, 19, 22, 930000),
            "generated": utc(2025, 7, 31, 14, 39, 19),
            "assets": bands(
                "EPSG:32720",
                600000,
                3300040,
                offset=0.0,
                why="already in the pixels",
                red=("red", f"{COGS}/20/E/PT/2025/7/S2B_20EPT_20250731_0_L2A/B04.tif"),
                rededge1=("rededge1", f"{COGS}/20/E/PT/2025/7/S2B_20EPT_20250731_0_L2A/B05.tif"),
            ),
        },
        # Its cloud and snow layers are JP2 files in a bucket whose reader pays; they are no bands.
        OPTICAL | {"scl", "aot", "wvp"},
        id="es-l2a-2025-south",
    ),
    pytest.param(
        "earth-search",
        PAGE_1,
        "S2B_T20EPT_20250731T131905_L2A",
        {
            **same_pass("sentinel-2b", "20EPT", utc(2025, 7, 31, 13, 19, 9), "20250731T131905", 95),
            "native_id": "sentinel-2-c1-l2a",
            "cloud_cover": 26.02542,
            "processing_baseline": "05.11",
            "datetime": utc(2025, 7, 31, 13, 19, 22, 930000),
            "generated": utc(2025, 7, 31, 14, 39, 19),
            "assets": bands(
                "EPSG:32720",
                600000,
                3300040,
                offset=-0.1,
                why="the item declares",
                red=("red", f"{C1}/20/E/PT/2025/7/S2B_T20EPT_20250731T131905_L2A/B04.tif"),
                cloud_probability=(
                    "cloud",
                    f"{C1}/20/E/PT/2025/7/S2B_T20EPT_20250731T131905_L2A/CLD_20m.tif",
                ),
            ),
        },
        OPTICAL | {"scl", "aot", "wvp", "cloud_probability", "snow_probability"},
        id="es-c1-south",
    ),
    pytest.param(
        "earth-search",
        PAGE_2,
        "S2B_T24MXV_20250731T130245_L2A",
        {
            **same_pass("sentinel-2b", "24MXV", utc(2025, 7, 31, 13, 2, 49), "20250731T130245", 95),
            "native_id": "sentinel-2-c1-l2a",
            "cloud_cover": 24.684544,
            "datetime": utc(2025, 7, 31, 13, 3, 22, 435000),
            "generated": utc(2025, 7, 31, 13, 27, 45),
            "assets": bands(
                "EPSG:32724",
                600000,
                9500020,
                offset=-0.1,
                why="the item declares",
                red=("red", f"{C1}/24/M/XV/2025/7/S2B_T24MXV_20250731T130245_L2A/B04.tif"),
                scl=("scl", f"{C1}/24/M/XV/2025/7/S2B_T24MXV_20250731T130245_L2A/SCL.tif"),
            ),
        },
        OPTICAL | {"scl", "aot", "wvp", "cloud_probability", "snow_probability"},
        id="es-c1-equator",
    ),
    pytest.param(
        "planetary-computer",
        PC_PAGE,
        "S2A_MSIL2A_20190101T000001_R116_T60VUK_20201007T214652",
        {
            # The datastrip began before midnight, the datatake after it.
            **same_pass("sentinel-2a", "60VUK", utc(2019, 1, 1, 0, 0, 1), "20181231T235957", 116),
            "native_id": "sentinel-2-l2a",
            "orbit_state": "descending",
            "cloud_cover": 56.297088,
            "processing_baseline": "02.12",
            "datetime": utc(2019, 1, 1, 0, 0, 1, 24000),
            "generated": utc(2020, 10, 7, 21, 46, 52),
            "assets": bands(
                "EPSG:32660",
                300000,
                6500040,
                offset=0.0,
                why="before 04.00",
                red=(
                    "B04",
                    azure(*SAFE_UK, GRANULE_UK, "T60VUK_20190101T000001_B04_10m.tif"),
                ),
            ),
        },
        OPTICAL | {"scl", "aot", "wvp"},
        id="pc-midnight-0212",
    ),
    pytest.param(
        "planetary-computer",
        PC_2019,
        "S2B_MSIL2A_20190629T212529_R043_T06VVN_20201006T080531",
        {
            **same_pass("sentinel-2b", "06VVN", utc(2019, 6, 29, 21, 25, 29), "20190629T212530", 43),
            "orbit_state": "descending",
            "cloud_cover": 0.314306,
            "processing_baseline": "02.12",
            "datetime": utc(2019, 6, 29, 21, 25, 29, 24000),
            "generated": utc(2020, 10, 6, 8, 5, 31),
            "assets": bands(
                "EPSG:32606",
                399960,
                6800040,
                offset=0.0,
                why="before 04.00",
                nir08=(
                    "B8A",
                    azure(*SAFE_VN, GRANULE_VN, "T06VVN_20190629T212529_B8A_20m.tif"),
                ),
                scl=(
                    "SCL",
                    azure(*SAFE_VN, GRANULE_VN, "T06VVN_20190629T212529_SCL_20m.tif"),
                ),
            ),
        },
        OPTICAL | {"scl", "aot", "wvp"},
        id="pc-reprocessed-0212",
    ),
]


@pytest.mark.parametrize(("provider", "path", "name", "expected", "has"), ITEMS)
def test_item(item, read, agrees, *, provider, path, name, expected, has):
    scene = read(provider, item(path, name))
    agrees(scene, {"provider": provider, "id": name, **expected})
    assert set(scene.bands) == has


PC_TILES = {  # tile: (zone, left, top) of the other recorded items of the same datatake
    "60VUJ": ("EPSG:32660", 300000, 6400020),
    "59VPE": ("EPSG:32659", 600000, 6500040),
    "59VPD": ("EPSG:32659", 600000, 6400020),
    "59VPC": ("EPSG:32659", 600000, 6300000),
    "59VNF": ("EPSG:32659", 499980, 6600000),
}


def test_all_tiles_of_a_datatake_share_all_but_the_tile(recorded, read):
    scenes = {s.tile: s for s in (read("planetary-computer", i) for i in recorded(PC_PAGE)["features"])}
    assert set(scenes) == {"60VUK", *PC_TILES}
    assert {s.acquisition.datatake for s in scenes.values()} == {utc(2019, 1, 1, 0, 0, 1)}
    assert len({s.acquisition.name for s in scenes.values()}) == len(scenes)
    for tile, (crs, left, top) in PC_TILES.items():
        grid = scenes[tile].assets["aot"].grid
        assert (grid.crs, grid.transform, grid.shape) == (crs, (10, 0, left, 0, -10, top), (10980, 10980))
