"""Recorded answers of several services at once: merging, choosing files, saving and reading back."""

from __future__ import annotations

import copy
import json

import pystac
import pytest
from pystac.validation import validate_dict

import multisat as ms

pytestmark = pytest.mark.fixtures

PAGE_1 = "earth-search/search-sentinel-1-grd+sentinel-2-c1-l2a+sentinel-2-l1c+sentinel-2-l-1.json"
PAGE_2 = "earth-search/search-sentinel-2-c1-l2a+sentinel-2-l1c+sentinel-2-l2a-1.json"
COLORADO = "earth-search/search-landsat-c2-l2+sentinel-2-l2a-1.json"
PC_S2 = "planetary-computer/search-sentinel-2-l2a-1.json"
PC_LANDSAT = "planetary-computer/search-landsat-c2-l2-1.json"
PC_ID = "S2A_MSIL2A_20190101T000001_R116_T60VUK_20201007T214652"
ES_ID = "S2A_T60VUK_20181231T235957_L2A"
IN_60VUK = (173.8, 57.9, 173.9, 58.0)
WORLD = (-180, -90, 180, 90)
THERE = "B01 B02 B03 B04 B05 B06 B07 B08 B8A B09 B11 B12 SCL AOT WVP"
HERE = "coastal blue green red rededge1 rededge2 rededge3 nir nir08 nir09 swir16 swir22 scl aot wvp"
BAND_NAMES = dict(zip(THERE.split(), HERE.split(), strict=True))


def collection_1_twin(one):
    """The item Earth Search would have for one of Planetary Computer's: its names, its keys, baseline 05.00."""
    twin = copy.deepcopy(one)
    made, tile = "20230801T120000", one["properties"]["s2:mgrs_tile"]
    twin["id"], twin["collection"] = f"S2A_T{tile}_20181231T235957_L2A", "sentinel-2-c1-l2a"
    twin["assets"] = {
        BAND_NAMES[key]: {**asset, "raster:bands": [{"scale": 0.0001, "offset": -0.1, "nodata": 0}]}
        for key, asset in one["assets"].items()
        if key in BAND_NAMES
    }
    twin["properties"] = {
        "datetime": "2019-01-01T00:00:07.512000Z",
        "platform": "sentinel-2a",
        "eo:cloud_cover": 55.1,
        "proj:epsg": one["properties"]["proj:epsg"],
        "grid:code": f"MGRS-{tile}",
        "s2:processing_baseline": "05.00",
        "s2:product_uri": f"S2A_MSIL2A_20190101T000001_N0500_R116_T{tile}_{made}.SAFE",
        "s2:datastrip_id": f"S2A_OPER_MSI_L2A_DS_S2RP_{made}_S20181231T235957_N05.00",
    }
    return twin


@pytest.fixture
def both(archive, item):
    """Both services hold T60VUK of one datatake; Earth Search's item is a doctored copy."""
    archive("planetary-computer", pages=[PC_S2, PC_LANDSAT])
    earth = archive("earth-search", pages=[PAGE_1])

    def with_twin(page):
        return {**page, "features": [collection_1_twin(item(PC_S2, PC_ID))], "links": []}

    earth.change = with_twin
    return earth


def search(*names, **options):
    """Search them; by default for T60VUK, which another tile of the same pass overlaps."""
    default = {"area": IN_60VUK, "time": "2019-01-01", "collections": "sentinel-2-l2a"}
    asked = {**default, **({} if "area" in options else {"filters": {"tile": "60VUK"}}), **options}
    return ms.search(asked.pop("area"), asked.pop("time"), providers=names, **asked)


@pytest.mark.parametrize(
    "names", [("earth-search", "planetary-computer"), ("planetary-computer", "earth-search")]
)
def test_a_doctored_pair_of_one_acquisition_is_one_scene(both, names):
    found = search(*names)
    assert [scene.id for scene in found] == [ES_ID]
    assert [other.id for other in found[0].alternates] == [PC_ID]
    assert found.complete
    assert {o.provider: (o.status, o.scenes) for o in found.outcomes} == dict.fromkeys(names, ("ok", 1))
    assert [scene.assets["red"].offset for scene in found[0].copies] == [-0.1, 0.0]
    assert [scene.assets["red"].key for scene in found[0].copies] == ["red", "B04"]
    assert len({scene.assets["red"].grid for scene in found[0].copies}) == 1


def test_alternates_come_forward_when_asked_for(both):
    found = search("earth-search", "planetary-computer")
    alone = found.of_provider("planetary-computer")
    assert [(scene.id, scene.alternates) for scene in alone] == [(PC_ID, ())]


def test_recorded_copies_in_two_collections_of_one_archive_are_one_scene(archive):
    archive("earth-search", pages=[PAGE_1], then={PAGE_1: PAGE_2})
    found = search("earth-search", area=WORLD, time="2025-07-31")
    assert {scene.id: [other.id for other in scene.alternates] for scene in found} == {
        "S2B_T20EPT_20250731T131905_L2A": ["S2B_20EPT_20250731_0_L2A"],
        "S2B_T24MWV_20250731T130245_L2A": ["S2B_24MWV_20250731_0_L2A"],
        "S2B_T24MXV_20250731T130245_L2A": [],
        "S2B_24MVV_20250731_0_L2A": [],
    }
    assert [scene.datetime for scene in found] == sorted(scene.datetime for scene in found)
    assert found.outcomes[0].scenes == 6


def test_only_asked_collections_come_back_from_a_service_that_sends_others(archive, recorded):
    earth = archive("earth-search", pages=[PAGE_1])
    earth.change = lambda page: {**page, "features": recorded(PAGE_1)["features"], "links": []}
    found = search("earth-search", area=WORLD, time="2025-07-31")
    assert {scene.collection for scene in found} == {"sentinel-2-l2a"}


def test_one_landsat_acquisition_at_two_archives(archive, item):
    twin = item(COLORADO, "LC08_L2SP_033032_20231008_02_T1")
    archive("earth-search", pages=[COLORADO])
    azure = archive("planetary-computer", pages=[PC_LANDSAT])
    azure.change = lambda page: {**page, "features": [twin], "links": []}
    names = ("earth-search", "planetary-computer")
    found = search(*names, area=(-105, 40, -104, 41), time="2023-10-08", collections="landsat-c2-l2")
    # The files at Earth Search cost their reader money, so the other archive's copy comes first.
    assert [(scene.provider, len(scene.alternates)) for scene in found] == [("planetary-computer", 1)]


def test_an_archive_that_fails_costs_only_itself(both, serve, answer_with, monkeypatch):
    monkeypatch.setenv("MULTISAT_EARTH_SEARCH_URL", serve(lambda h: answer_with(h, 400, b"{}")))
    found = search("earth-search", "planetary-computer")
    assert [scene.id for scene in found] == [PC_ID]
    assert {o.provider: str(o.status) for o in found.outcomes} == {
        "earth-search": "failed",
        "planetary-computer": "ok",
    }
    assert not found.complete


def described(scene):
    return (
        scene.uid,
        scene.acquisition,
        scene.processing_baseline,
        scene.generated,
        dict(scene.assets),
        [described(other) for other in scene.alternates],
    )


def test_what_is_saved_is_what_is_read(both, tmp_path):
    found = search("earth-search", "planetary-computer", max_cloud=80)
    back = ms.SearchResult.open(found.save(tmp_path / "found.json"))
    assert [described(scene) for scene in back] == [described(scene) for scene in found]
    assert back.request == found.request
    assert back.complete == found.complete
    assert [o.to_dict() for o in back.outcomes] == [o.to_dict() for o in found.outcomes]
    again = back.save(tmp_path / "again.json")
    assert again.read_bytes() == (tmp_path / "found.json").read_bytes()
    assert [path.name for path in tmp_path.iterdir() if path.name[0] == "."] == []


@pytest.mark.filterwarnings("ignore:Could not parse bucket:UserWarning")  # pystac's, of an older extension
def test_a_saved_file_is_an_item_collection_pystac_reads(archive, tmp_path):
    archive("earth-search", pages=[PAGE_1], then={PAGE_1: PAGE_2})
    archive("planetary-computer", pages=[PC_S2, PC_LANDSAT])
    found = search("earth-search", "planetary-computer", area=WORLD, time=None, collections=None)
    assert len(found) == 7 + 6
    data = json.loads(found.save(tmp_path / "found.json").read_text(encoding="utf-8"))
    assert pystac.ItemCollection.is_item_collection(data)
    items = pystac.ItemCollection.from_dict(data, preserve_dict=False).items
    assert [one.id for one in items] == [scene.id for scene in found]
    for one, scene in zip(items, found, strict=True):
        assert one.properties["multisat:provider"] == scene.provider
        assert one.properties["multisat:acquisition"] == str(scene.acquisition)
        assert set(one.assets) == set(scene.item["assets"])
        # The core schema comes with pystac, those of extensions are on the network.
        validate_dict({**one.to_dict(transform_hrefs=False), "stac_extensions": []})
    assert "sig=" not in json.dumps(data)
