"""Merging recorded items, as they are and with names changed the way archives change them."""

from __future__ import annotations

import copy

import pytest

from multisat.federate import merge

pytestmark = pytest.mark.fixtures

SPLIT_A, SPLIT_B = (f"sentinel-2/item-T01WCP-split-{half}.json" for half in "ab")
NAMELESS = "sentinel-2/item-T34LBP-baseline-0400.json"
PC_LANDSAT = "planetary-computer/search-landsat-c2-l2-1.json"
S1_GRD = "sentinel-1/item-grd-iw.json"
HLS = "hls/item-l30-T19LDD.json"
S2 = "sentinel-2-l2a"


def changed(one, *, id=None, **properties):  # noqa: A002 - a STAC field
    twin = copy.deepcopy(one)
    twin["id"] = id or one["id"]
    twin["properties"].update({name.replace("__", ":", 1): value for name, value in properties.items()})
    return twin


def groups(scenes):
    return [[copy.provider for copy in one.copies] for one in merge(scenes)]


def test_two_products_of_one_datastrip_are_one_scene_the_later_first(item, read):
    a, b = item(SPLIT_A), item(SPLIT_B)
    # Both were sensed from 23:46:24; ground processing made them one second apart.
    strips = {one["properties"]["s2:datastrip_id"].split("_")[-2] for one in (a, b)}
    assert strips == {"S20230625T234624"}
    # The package gives both the same id, so they stand for items of two archives.
    scenes = [read("earth-search", a, S2), read("planetary-computer", b, S2)]
    assert scenes[0].acquisition == scenes[1].acquisition
    for order in (scenes, scenes[::-1]):
        (found,) = merge(order)
        assert [one.generated.second for one in found.copies] == [58, 57]


def test_halves_of_a_tile_by_two_datastrips_are_both_kept(item, read):
    one = item(SPLIT_A)
    half = changed(
        one,
        s2__datastrip_id="S2A_OPER_MSI_L2A_DS_SGS__20230626T022157_S20230625T234936_N05.09",
    )
    scenes = [read("earth-search", one, S2), read("planetary-computer", half, S2)]
    assert scenes[0].acquisition.name == scenes[1].acquisition.name
    assert len(merge(scenes)) == 2


def test_without_datastrips_the_outlines_decide_across_the_antimeridian(item, read):
    one = item(SPLIT_A)
    del one["properties"]["s2:datastrip_id"]
    whole = read("earth-search", one, S2)
    assert len(merge([whole, read("planetary-computer", one, S2)])) == 1
    west_only = copy.deepcopy(one)
    west_only["geometry"] = {"type": "Polygon", "coordinates": one["geometry"]["coordinates"][0]}
    assert len(merge([whole, read("planetary-computer", west_only, S2)])) == 2


def test_a_nameless_item_is_matched_by_tile_platform_and_time(item, read):
    nameless = read("earth-search", item(NAMELESS), S2)
    for datatake, scenes in [("20220401T085601", 1), ("20220401T081000", 2), ("20220401T090401", 2)]:
        name = f"S2A_MSIL2A_{datatake}_N0400_R007_T34LBP_20220401T130000"
        other = changed(item(NAMELESS), id=name)
        other["geometry"] = item(NAMELESS)["geometry"]
        assert len(merge([nameless, read("planetary-computer", other, S2)])) == scenes, datatake


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("LC09_L2SP_084069_20250722_02_T2", "LC09_L2SR_084069_20250722_02_T2"),
        ("LC09_L2SP_084069_20250722_02_T2", "LC09_L2SP_084069_20250722_02_RT"),
        ("LC09_L2SR_084069_20250722_02_T1", "LC09_L2SP_084069_20250722_02_RT"),
    ],
)
def test_landsat_with_temperature_and_final_processing_comes_first(item, read, better, worse):
    recorded = item(PC_LANDSAT, "LC09_L2SP_084069_20250722_02_T2")
    scenes = [read("planetary-computer", changed(recorded, id=name)) for name in (worse, better)]
    (found,) = merge(scenes)
    assert [one.id for one in found.copies] == [better, worse]


def test_a_usgs_name_and_an_archives_name_are_one_acquisition(item, read):
    usgs = read("earth-search", item("usgs/item-LC08-028030-sr.json"), "landsat-c2-l2")
    other = changed(item("usgs/item-LC08-028030-sr.json"), id="LC08_L2SP_028030_20200114_02_T1")
    assert groups([usgs, read("planetary-computer", other, "landsat-c2-l2")]) == [
        ["planetary-computer", "earth-search"]
    ]


def test_a_reprocessed_sentinel1_image_is_one_acquisition(item, read):
    one = changed(item(S1_GRD), s1__processing_datetime="2021-08-09T20:19:58Z")
    newer = changed(
        one,
        id=f"{one['id']}_0001",
        s1__product_identifier=f"{one['id']}_0001",
        s1__processing_datetime="2022-01-01T00:00:00Z",
    )
    scenes = [
        read("earth-search", one, "sentinel-1-grd"),
        read("planetary-computer", newer, "sentinel-1-grd"),
    ]
    assert groups(scenes) == [["planetary-computer", "earth-search"]]


def test_a_granule_at_two_archives_is_one_and_not_the_scene_it_was_made_from(item, read):
    granule = item(HLS)
    bare = {name: granule["properties"][name] for name in ("datetime", "eo:cloud_cover")}
    at_nasa = read("nasa-cmr", {**granule, "properties": bare}, "HLSL30.v2.0")
    at_azure = read("planetary-computer", granule, "hls2-l30")
    landsat = changed(granule, id="LC09_L2SP_002070_20220614_02_T1")
    found = groups([at_nasa, at_azure, read("planetary-computer", landsat, "landsat-c2-l2")])
    assert sorted(found) == [["planetary-computer"], ["planetary-computer", "nasa-cmr"]]  # open files first


def test_all_recorded_items_at_once_in_any_order(every_item, read):
    scenes = [
        read(path.partition("/")[0], one)
        for path, one in every_item
        if path.startswith(("earth-search/", "planetary-computer/")) and "geometry" in one
    ]
    merged = merge(scenes, ["earth-search", "planetary-computer"])
    backwards = merge(scenes[::-1], ["earth-search", "planetary-computer"])
    assert [[one.uid for one in s.copies] for s in backwards] == [
        [one.uid for one in s.copies] for s in merged
    ]
    twins = {one.id: [other.id for other in one.alternates] for one in merged if one.alternates}
    assert twins == {
        "S2B_T20EPT_20250731T131905_L2A": ["S2B_20EPT_20250731_0_L2A"],
        "S2B_T24MWV_20250731T130245_L2A": ["S2B_24MWV_20250731_0_L2A"],
    }
