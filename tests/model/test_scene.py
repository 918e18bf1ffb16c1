"""Scenes: what they tell, their copies, a stated baseline, and the item that is left alone."""

import copy

import pytest

import multisat as ms
from multisat.errors import UsageError
from multisat.model import AOI

AREA = (11, 48, 12, 49)
ITEM = {
    "type": "Feature",
    "id": "S2A_MSIL2A_20230504T101031_R022_T32UPU_20230504T221031",
    "collection": "sentinel-2-l2a",
    "geometry": AOI.of(AREA).geojson,
    "properties": {"datetime": "2023-05-04T10:10:31Z", "platform": "Sentinel-2A", "eo:cloud_cover": None},
    "assets": {"B04": {"href": "https://h/B04.tif"}},
}


def scene_of(**changes):
    return ms.provider("planetary-computer").scene(copy.deepcopy(ITEM) | changes)


def test_what_a_scene_tells():
    scene = scene_of()
    assert repr(scene) == f"<Scene planetary-computer {ITEM['id']} 2023-05-04T10:10Z cloud unknown>"
    assert scene.uid == ("planetary-computer", "sentinel-2-l2a", ITEM["id"])
    assert scene.geometry.equals(AOI.of(AREA).lonlat)
    assert (scene.value("platform"), scene.value("tile")) == ("sentinel-2a", "32UPU")
    assert scene.value("datetime") == "2023-05-04T10:10:31Z"
    assert scene.value("nothing") is None
    assert scene == scene_of()
    assert hash(scene) == hash(scene_of())
    assert scene != scene_of(id="S2A_MSIL2A_20230504T101031_R022_T32UPU_20240504T221031")
    assert scene.bands == ("red",)


def test_a_stated_baseline_makes_a_new_scene():
    scene = scene_of()
    assert scene.baseline is None
    with pytest.raises(ms.BaselineMissing):
        scene.assets["red"]
    old, new = scene.with_baseline("03.00"), scene.with_baseline("04.00")
    assert (old.assets["red"].offset, new.assets["red"].offset) == (0, -0.1)
    assert (old.baseline, new.processing_baseline) == (3.0, "04.00")
    assert scene.processing_baseline is None
    with pytest.raises(ms.BaselineMissing):
        scene.assets["red"]


@pytest.mark.parametrize(
    "text", ["4", "", "05.", ".09", "5,09", "a.b", "-1.00", "²\N{FULL STOP}0", "05.09.1", "1e1.0", " 05.09"]
)
def test_what_is_no_baseline(text):
    with pytest.raises(UsageError, match="no processing baseline") as caught:
        scene_of().with_baseline(text)
    assert "05.09" in caught.value.hint


def test_copies_are_each_on_their_own():
    scene, other = scene_of(), scene_of(id=f"{ITEM['id']}_other")
    assert scene.copies == (scene,)
    both = scene.with_alternates([other])
    assert both.copies == (scene, other)
    assert all(one.alternates == () for one in both.copies)
    assert scene.alternates == ()


def test_the_item_is_marked_in_a_copy():
    raw = copy.deepcopy(ITEM)
    scene = ms.provider("planetary-computer").scene(raw)
    marked = scene.with_alternates([scene_of(id=f"{ITEM['id']}_other")]).to_item()
    assert raw == ITEM
    assert marked["properties"] == {
        **ITEM["properties"],
        "multisat:provider": "planetary-computer",
        "multisat:collection": "sentinel-2-l2a",
        "multisat:acquisition": str(scene.acquisition),
    }
    (other,) = marked.pop("multisat:alternates")
    assert other["id"].endswith("_other")
    assert "multisat:alternates" not in other
    assert marked["assets"] == ITEM["assets"]
    assert {k: v for k, v in marked.items() if k != "properties"} == {
        k: v for k, v in ITEM.items() if k != "properties"
    }
    assert raw == ITEM
