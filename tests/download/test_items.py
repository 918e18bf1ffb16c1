"""An item beside the files says what they are, so that they are found again."""

import json

import pytest

import multisat as ms
from multisat.downloads import FileStatus
from multisat.sandbox import Fault


@pytest.fixture
def found(box):
    area = box.places["munich"]
    return ms.search(area, "2023-05", collections="sentinel-2-l2a", providers="earth-search")


def item_of(folder, scene):
    return json.loads((folder / scene.id / "item.json").read_text())


def test_files_that_are_there_are_named_beside_and_others_where_they_were(found, tmp_path):
    scene = found[0]
    ms.download(scene, tmp_path, ["red", "scl"])
    item = item_of(tmp_path, scene)
    assert item["id"] == scene.id
    assert item["properties"]["multisat:provider"] == "earth-search"
    assert "multisat:alternates" not in item
    for band, asset in scene.assets.items():
        href = item["assets"][asset.key]["href"]
        if band in ("red", "scl"):
            assert (tmp_path / scene.id / href).is_file()
        else:
            assert href == asset.href


def test_the_item_grows_with_the_files(found, tmp_path):
    scene = found[0]
    ms.download(scene, tmp_path, "red")
    ms.download(scene, tmp_path, "nir")
    hrefs = [item_of(tmp_path, scene)["assets"][scene.assets[band].key]["href"] for band in ("red", "nir")]
    assert all((tmp_path / scene.id / href).is_file() for href in hrefs)


def test_a_scene_without_a_whole_file_gets_no_item(found, inject, tmp_path):
    inject(Fault(provider="files", kind="404"))
    assert all(one.status is FileStatus.FAILED for one in ms.download(found, tmp_path, "red"))
    assert not list(tmp_path.rglob("item.json"))


def test_an_item_that_cannot_be_written_is_told_and_the_files_are_kept(found, tmp_path):
    scene = found[0]
    (tmp_path / scene.id / "item.json" / "in the way").mkdir(parents=True)
    with pytest.warns(UserWarning, match="the item of .* is not kept"):
        files = ms.download(scene, tmp_path, "red")
    assert files[0].status is FileStatus.DONE
    assert not list(tmp_path.rglob(".*"))
