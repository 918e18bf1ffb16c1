"""Landsat items in harmonised terms; the values are read off the raw JSON."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

pytestmark = pytest.mark.fixtures

REFLECTANCE = {"coastal", "blue", "green", "red", "nir08", "swir16", "swir22"}
OLI = REFLECTANCE | {"qa_pixel", "qa_radsat", "qa_aerosol"}
THERMAL = {"lwir11", "st_qa", "emissivity"}
TM = REFLECTANCE - {"coastal"} | {"qa_pixel", "qa_radsat", "cloud_qa"}
ES_PAGE = "earth-search/search-landsat-c2-l2+sentinel-2-l2a-1.json"
PC_PAGE = "planetary-computer/search-landsat-c2-l2-1.json"
USGS = "usgs/item-LC08-028030-sr.json"
S3 = "s3://usgs-landsat/collection02/level-2/standard/oli-tirs"
AZURE = "https://landsateuwest.blob.core.windows.net/landsat-c2/level-2/standard/oli-tirs"


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def seen(sensor, tile, day, platform):
    return {
        "collection": "landsat-c2-l2",
        "platform": platform,
        "tile": tile,
        "relative_orbit": int(tile[:3]),
        "orbit_state": None,
        "processing_baseline": None,
        "acquisition.collection": "landsat-c2-l2",
        "acquisition.name": f"{sensor}/{tile}/{day}/02",
        "acquisition.tile": tile,
        "acquisition.part": None,
    }


def grid(crs, x, y, shape):
    return {"grid.crs": crs, "grid.transform": (30, 0, x, 0, -30, y), "grid.shape": shape}


def red(key, href, on):
    physics = {"dtype": "uint16", "nodata": 0, "scale": 2.75e-5, "offset": -0.2, "unit": "1"}
    return {"key": key, "href": href, **physics, **on, "why": "surface reflectance"}


def heat(key, href, on):
    physics = {"dtype": "uint16", "nodata": 0, "scale": 0.00341802, "offset": 149.0, "unit": "K"}
    return {"key": key, "href": href, **physics, **on, "why": "kelvin"}


def quality(key, href, on):
    physics = {"dtype": "uint16", "nodata": 1, "scale": 1, "offset": 0, "unit": ""}
    return {"key": key, "href": href, **physics, **on, "why": "fill"}


ES_NAME = "LC08_L2SP_033032_20231008_20231017_02_T1"
ES_STEM = f"{S3}/2023/033/032/{ES_NAME}/{ES_NAME}"
ES_GRID = grid("EPSG:32613", 449085, 4581915, (7831, 7711))
SR_NAME = "LC09_L2SR_084082_20250722_20250725_02_T1"
SR_STEM = f"{AZURE}/2025/084/082/{SR_NAME}/{SR_NAME}"
SR_GRID = grid("EPSG:32657", 466185, -3395085, (7831, 7781))
SP_NAME = "LC09_L2SP_084069_20250722_20250725_02_T2"
SP_STEM = f"{AZURE}/2025/084/069/{SP_NAME}/{SP_NAME}"
SP_GRID = grid("EPSG:32658", 317685, -1322985, (7731, 7611))
TESTS = "../../../tests/data-files"
LC08_STEM = f"{TESTS}/oli-tirs/LC08_L2SP_047027_20201204_20210313_02_T1"
LC08_GRID = grid("EPSG:32610", 353685, 5374215, (7971, 7861))
LE07_STEM = f"{TESTS}/etm/LE07_L2SP_021030_20100109_20200911_02_T1"
LE07_GRID = grid("EPSG:32616", 559485, 4890015, (7091, 8031))
LT05_STEM = f"{TESTS}/tm/LT05_L2SP_010067_19860424_20200918_02_T2"
LT05_GRID = grid("EPSG:32617", 416685, -1014285, (6911, 7761))

ITEMS = [
    pytest.param(
        "earth-search",
        ES_PAGE,
        "LC08_L2SP_033032_20231008_02_T1",
        {
            **seen("LC08", "033032", "20231008", "landsat-8"),
            "cloud_cover": 0.06,
            "datetime": utc(2023, 10, 8, 17, 37, 26, 656958),
            "generated": utc(2023, 10, 17, 16, 22, 27),
            "assets": {
                "red": red("red", f"{ES_STEM}_SR_B4.TIF", ES_GRID),
                "lwir11": heat("lwir11", f"{ES_STEM}_ST_B10.TIF", ES_GRID),
                "qa_pixel": quality("qa_pixel", f"{ES_STEM}_QA_PIXEL.TIF", ES_GRID),
            },
        },
        OLI | THERMAL,
        id="es-oli",
    ),
    pytest.param(
        "planetary-computer",
        PC_PAGE,
        "LC09_L2SR_084082_20250722_02_T1",
        {
            **seen("LC09", "084082", "20250722", "landsat-9"),
            "cloud_cover": 41.51,
            "datetime": utc(2025, 7, 22, 23, 12, 16, 530560),
            "assets": {
                "red": red("red", f"{SR_STEM}_SR_B4.TIF", SR_GRID),
                "qa_pixel": quality("qa_pixel", f"{SR_STEM}_QA_PIXEL.TIF", SR_GRID),
            },
        },
        OLI,
        id="pc-oli-l2sr-south",
    ),
    pytest.param(
        "planetary-computer",
        PC_PAGE,
        "LC09_L2SP_084069_20250722_02_T2",
        {
            **seen("LC09", "084069", "20250722", "landsat-9"),
            "cloud_cover": 15.45,
            "datetime": utc(2025, 7, 22, 23, 7, 5, 269598),
            "assets": {"lwir11": heat("lwir11", f"{SP_STEM}_ST_B10.TIF", SP_GRID)},
        },
        OLI | THERMAL,
        id="pc-oli-l2sp-south",
    ),
    pytest.param(
        "planetary-computer",
        "landsat/item-LC08-047027.json",
        "LC08_L2SP_047027_20201204_02_T1",
        {
            **seen("LC08", "047027", "20201204", "landsat-8"),
            "cloud_cover": 1.55,
            "datetime": utc(2020, 12, 4, 19, 2, 11, 194486),
            "assets": {"red": red("red", f"{LC08_STEM}_SR_B4.TIF", LC08_GRID)},
        },
        OLI | THERMAL,
        id="stactools-oli",
    ),
    pytest.param(
        "planetary-computer",
        "landsat/item-LE07-021030.json",
        "LE07_L2SP_021030_20100109_02_T1",
        {
            **seen("LE07", "021030", "20100109", "landsat-7"),
            "cloud_cover": 8,
            "datetime": utc(2010, 1, 9, 16, 13, 46, 40058),
            "assets": {
                "red": red("red", f"{LE07_STEM}_SR_B3.TIF", LE07_GRID),
                "lwir11": heat("lwir", f"{LE07_STEM}_ST_B6.TIF", LE07_GRID),
            },
        },
        TM | THERMAL,
        id="stactools-etm",
    ),
    pytest.param(
        "planetary-computer",
        "landsat/item-LT05-010067.json",
        "LT05_L2SP_010067_19860424_02_T2",
        {
            **seen("LT05", "010067", "19860424", "landsat-5"),
            "cloud_cover": 23,
            "datetime": utc(1986, 4, 24, 14, 54, 18, 179094),
            "assets": {
                "lwir11": heat("lwir", f"{LT05_STEM}_ST_B6.TIF", LT05_GRID),
                "qa_pixel": quality("qa_pixel", f"{LT05_STEM}_QA_PIXEL.TIF", LT05_GRID),
            },
        },
        TM | THERMAL,
        id="stactools-tm-south",
    ),
]


@pytest.mark.parametrize(("provider", "path", "name", "expected", "has"), ITEMS)
def test_item(item, read, agrees, *, provider, path, name, expected, has):
    scene = read(provider, item(path, name))
    agrees(scene, {"provider": provider, "native_id": "landsat-c2-l2", "id": name, **expected})
    assert set(scene.bands) == has


PATHS_AND_ROWS = {  # item: grid left and top, EPSG code
    "LC09_L2SR_084074_20250722_02_T1": (149985, -2123385, 32658),
    "LC09_L2SR_084073_20250722_02_T1": (182985, -1963185, 32658),
    "LC09_L2SR_084072_20250722_02_T2": (216285, -1802985, 32658),
    "LC09_L2SP_084068_20250722_02_T2": (351885, -1163085, 32658),
}


@pytest.mark.parametrize("name", PATHS_AND_ROWS)
def test_southern_scenes_keep_their_northern_zone(item, read, name):
    grid = read("planetary-computer", item(PC_PAGE, name)).assets["green"].grid
    left, top, code = PATHS_AND_ROWS[name]
    assert (grid.crs, grid.transform) == (f"EPSG:{code}", (30, 0, left, 0, -30, top))


def test_scenes_of_one_pass_are_different_acquisitions(recorded, read):
    scenes = [read("planetary-computer", one) for one in recorded(PC_PAGE)["features"]]
    assert len({s.acquisition.name for s in scenes}) == len(scenes) == 6


@pytest.mark.parametrize("provider", ["planetary-computer", "earth-search"])
def test_a_usgs_item_is_the_same_acquisition_as_the_archives_item(item, read, provider):
    usgs = item(USGS)
    archives = {**usgs, "id": "LC08_L2SP_028030_20200114_02_T1"}
    one = read(provider, usgs, collection="landsat-c2-l2")
    other = read(provider, archives, collection="landsat-c2-l2")
    assert one.acquisition == other.acquisition
    assert one.acquisition.name == "LC08/028030/20200114/02"
    assert (one.platform, one.tile, one.relative_orbit) == ("landsat-8", "028030", 28)
    assert one.generated == utc(2020, 8, 24)
    assert one.cloud_cover == 8.18
    assert set(one.bands) == OLI
    grid = one.assets["red"].grid
    assert grid.transform == (30, 0, 173085, 0, -30, 4904715)
    assert (grid.crs, grid.shape) == ("EPSG:32615", (8041, 7931))


def test_a_usgs_item_read_as_the_archives_own_collection_is_listed_without_bands(item, read):
    scene = read("planetary-computer", item(USGS))
    assert (scene.collection, scene.platform, scene.bands) == ("landsat-c2l2-sr", "landsat-8", ())
