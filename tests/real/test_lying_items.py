"""Recorded items with one field replaced by nonsense: a scene, or an error of ours; nothing else."""

from __future__ import annotations

import copy

import pytest

from multisat.errors import InvalidAnswer, MultisatError

pytestmark = pytest.mark.fixtures

NONSENSE = [None, "", "nonsense", 5, -1.5, True, [], {}, [None], {"a": 1}, "2023-99-99T99:99:99Z", "9" * 40]
ITEMS = [
    ("earth-search", "earth-search/search-landsat-c2-l2+sentinel-2-l2a-1.json", "sentinel-2-c1-l2a"),
    ("earth-search", "sentinel-2/item-T01WCP-split-a.json", "sentinel-2-l2a"),
    ("planetary-computer", "planetary-computer/item-S2B-T06VVN-reprocessed.json", None),
    ("planetary-computer", "planetary-computer/search-landsat-c2-l2-1.json", None),
    ("planetary-computer", "sentinel-1/item-grd-iw.json", "sentinel-1-grd"),
    ("earth-search", "earth-search/search-cop-dem-glo-30-2.json", None),
    ("nasa-cmr", "hls/item-l30-T19LDD.json", "HLSL30_2.0"),
]
FIELDS = {
    *("datetime", "start_datetime", "platform", "eo:cloud_cover", "grid:code", "s2:mgrs_tile"),
    *("proj:epsg", "proj:code", "proj:transform", "proj:shape", "sat:relative_orbit", "sat:orbit_state"),
    *("s2:processing_baseline", "s2:product_uri", "s2:generation_time", "s2:datastrip_id"),
    *("s1:product_identifier", "s1:processing_datetime", "landsat:product_generated"),
    *("processing:datetime", "earthsearch:boa_offset_applied"),
}


def use(read, provider, one, collection):
    """Read an item and everything of its scene; errors of ours are answers, others escape."""
    try:
        scene = read(provider, one, collection)
    except InvalidAnswer:
        return
    repr(scene)
    str(scene.acquisition)
    for band in scene.bands:
        try:
            asset = scene.assets[band]
        except MultisatError:
            continue
        assert asset.grid is None or len(asset.grid.transform) == 6


@pytest.mark.parametrize(("provider", "path", "collection"), ITEMS, ids=lambda x: str(x).rpartition("/")[2])
def test_properties(item, read, provider, path, collection):
    one = item(path)
    for field in FIELDS:
        for value in NONSENSE:
            lying = {**one, "properties": {**one["properties"], field: value}}
            use(read, provider, lying, collection)


@pytest.mark.parametrize(("provider", "path", "collection"), ITEMS, ids=lambda x: str(x).rpartition("/")[2])
def test_items(item, read, provider, path, collection):
    one = item(path)
    for field in ("id", "properties", "geometry", "assets", "bbox", "stac_extensions", "links"):
        for value in NONSENSE:
            use(read, provider, {**one, field: value}, collection)
        use(read, provider, {name: value for name, value in one.items() if name != field}, collection)


@pytest.mark.parametrize(("provider", "path", "collection"), ITEMS, ids=lambda x: str(x).rpartition("/")[2])
def test_assets(item, read, provider, path, collection):
    one = item(path)
    for field in (
        "href",
        "type",
        "raster:bands",
        "eo:bands",
        "bands",
        "proj:transform",
        "proj:shape",
        "proj:code",
    ):
        for value in NONSENSE:
            lying = copy.deepcopy(one)
            for asset in lying["assets"].values():
                asset[field] = value
            use(read, provider, lying, collection)
    for value in NONSENSE:
        use(read, provider, {**one, "assets": dict.fromkeys(one["assets"], value)}, collection)


def test_items_cut_to_some_fields_are_refused_with_their_name(recorded, read):
    page = recorded("earth-search/search-sentinel-2-c1-l2a-1.json")
    for one in page["features"]:
        with pytest.raises(InvalidAnswer, match=one["id"]):
            read("earth-search", one)
