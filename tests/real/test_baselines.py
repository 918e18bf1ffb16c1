"""Sentinel-2 items of the stactools package, and recorded items with their baseline changed."""

from __future__ import annotations

import copy
from datetime import UTC, datetime

import pytest

from multisat.errors import BaselineMissing

pytestmark = pytest.mark.fixtures

SPLIT_A, SPLIT_B = (f"sentinel-2/item-T01WCP-split-{half}.json" for half in "ab")
OLD = "sentinel-2/item-l2a-T07HFE-baseline-0212.json"
NAMELESS = "sentinel-2/item-T34LBP-baseline-0400.json"
PC_2019 = "planetary-computer/item-S2B-T06VVN-reprocessed.json"
ES_PAGE = "earth-search/search-landsat-c2-l2+sentinel-2-l2a-1.json"
ES_NAME = "S2A_13TDE_20231008_0_L2A"


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


ITEMS = [
    pytest.param(
        SPLIT_A,
        {
            "platform": "sentinel-2a",
            "tile": "01WCP",
            "relative_orbit": 73,
            "orbit_state": "descending",
            "cloud_cover": 15.047897,
            "processing_baseline": "05.09",
            "datetime": utc(2023, 6, 25, 23, 46, 21, 24000),
            "generated": utc(2023, 6, 26, 2, 21, 57),
            "acquisition.name": "sentinel-2a/L2A/20230625T234621/01WCP",
            "acquisition.part": "20230625T234624",
        },
        (-0.1, "EPSG:32601", 300000, 7400040),
        id="antimeridian-a",
    ),
    pytest.param(
        SPLIT_B,
        {
            "processing_baseline": "05.09",
            "generated": utc(2023, 6, 26, 2, 21, 58),
            "acquisition.name": "sentinel-2a/L2A/20230625T234621/01WCP",
            "acquisition.part": "20230625T234624",
        },
        (-0.1, "EPSG:32601", 300000, 7400040),
        id="antimeridian-b",
    ),
    pytest.param(
        OLD,
        {
            "platform": "sentinel-2a",
            "tile": "07HFE",
            "relative_orbit": 13,
            "cloud_cover": 51.580326,
            "processing_baseline": "02.12",
            "datetime": utc(2019, 2, 12, 19, 26, 51, 24000),
            "generated": utc(2020, 10, 7, 16, 8, 57),
            "acquisition.name": "sentinel-2a/L2A/20190212T192651/07HFE",
            "acquisition.part": "20190212T192646",
        },
        (0.0, "EPSG:32707", 600000, 6500020),
        id="0212-south",
    ),
    pytest.param(
        NAMELESS,
        {
            "platform": "sentinel-2a",
            "tile": "34LBP",
            "relative_orbit": None,
            "cloud_cover": 92.696983,
            "processing_baseline": "04.00",
            "datetime": utc(2022, 4, 1, 9, 3, 19, 283000),
            "generated": None,
            "acquisition.name": "",
            "acquisition.part": None,
            "acquisition.datatake": None,
            "acquisition.sensing": utc(2022, 4, 1, 9, 3, 19, 283000),
        },
        (-0.1, "EPSG:32734", 199980, 8900020),
        id="0400-nameless-south",
    ),
]


@pytest.mark.parametrize(("path", "expected", "ground"), ITEMS)
def test_item_of_the_package(item, read, agrees, *, path, expected, ground):
    offset, crs, left, top = ground
    red = {
        "key": "red",
        "scale": 0.0001,
        "offset": offset,
        "nodata": 0,
        "grid.crs": crs,
        "grid.transform": (10, 0, left, 0, -10, top),
        "grid.shape": (10980, 10980),
    }
    scene = read("earth-search", item(path), collection="sentinel-2-l2a")
    agrees(scene, {**expected, "assets": {"red": red, "nir": {"key": "nir"}, "scl": {"dtype": "uint8"}}})


BASELINES = [("02.14", 0.0), ("03.01", 0.0), ("04.00", -0.1), ("05.11", -0.1), ("10.00", -0.1)]


@pytest.mark.parametrize(("baseline", "offset"), BASELINES)
def test_the_offset_follows_the_stated_baseline_not_the_date(item, read, baseline, offset):
    one = item(PC_2019)
    one["properties"]["s2:processing_baseline"] = baseline
    assert read("planetary-computer", one).assets["red"].offset == offset


@pytest.mark.parametrize(("baseline", "offset"), BASELINES)
def test_a_baseline_given_as_a_number_is_the_same_baseline(item, read, baseline, offset):
    one = item(PC_2019)
    one["properties"]["s2:processing_baseline"] = float(baseline)
    scene = read("planetary-computer", one)
    assert scene.processing_baseline == baseline
    assert scene.assets["red"].offset == offset


def without_baseline(one):
    """An item whose product names do not tell a baseline, as ids at Planetary Computer do not."""
    bare = copy.deepcopy(one)
    for name in ("s2:processing_baseline", "s2:product_uri", "s2:datatake_id", "s2:granule_id"):
        bare["properties"].pop(name, None)
    return bare


def test_the_product_name_tells_a_baseline_that_the_item_does_not_state(item, read):
    one = item(PC_2019)
    del one["properties"]["s2:processing_baseline"]
    assert read("planetary-computer", one).processing_baseline == "02.12"


def test_without_a_baseline_reflectance_is_refused_and_the_rest_is_read(item, read):
    scene = read("planetary-computer", without_baseline(item(PC_2019)))
    assert scene.processing_baseline is None
    with pytest.raises(BaselineMissing, match="with_baseline") as caught:
        scene.assets["red"]
    assert caught.value.item == scene.id
    assert scene.assets["scl"].nodata == 0
    assert scene.acquisition.name == "sentinel-2b/L2A/20190629T212529/06VVN"


def test_a_baseline_given_by_the_user_is_used(item, read):
    scene = read("planetary-computer", without_baseline(item(PC_2019)))
    assert scene.with_baseline("05.00").assets["red"].offset == -0.1
    assert scene.with_baseline("02.12").assets["red"].offset == 0.0


@pytest.mark.parametrize(("flag", "offset"), [(True, 0.0), (False, -0.1), (None, -0.1)])
def test_earth_search_flag_decides_whatever_the_item_declares(item, read, flag, offset):
    one = item(ES_PAGE, ES_NAME)
    assert one["assets"]["red"]["raster:bands"][0]["offset"] == -0.1
    del one["properties"]["earthsearch:boa_offset_applied"]
    if flag is not None:
        one["properties"]["earthsearch:boa_offset_applied"] = flag
    assert read("earth-search", one).assets["red"].offset == offset


def test_collection_1_files_without_a_declared_offset_are_refused(item, read):
    one = item(ES_PAGE, ES_NAME)
    del one["assets"]["red"]["raster:bands"]
    with pytest.raises(BaselineMissing, match="declare"):
        read("earth-search", one, collection="sentinel-2-c1-l2a").assets["red"]


def test_pre_collection_1_items_are_read_as_declared(item, read):
    scene = read("earth-search", item(ES_PAGE, ES_NAME), collection="sentinel-2-pre-c1-l2a")
    assert scene.collection == "sentinel-2-l2a"
    assert scene.assets["red"].offset == -0.1


def test_misleading_common_names_change_nothing(item, read):
    one = item(PC_2019)
    assert one["assets"]["B8A"]["eo:bands"][0]["common_name"] == "rededge"
    plain = read("planetary-computer", one)
    for asset in one["assets"].values():
        for band in asset.get("eo:bands", []):
            band["common_name"], band["name"] = "red", "B04"
    misled = read("planetary-computer", one)
    assert {b: a.key for b, a in misled.assets.items()} == {b: a.key for b, a in plain.assets.items()}
    assert (misled.assets["nir08"].key, misled.assets["red"].key) == ("B8A", "B04")
