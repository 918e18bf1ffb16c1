"""Where scenes are looked for, and what is said of folders and files that are not well."""

import json
import os
import sys

import pytest

import multisat as ms
from multisat.contracts import Deadline
from multisat.errors import ProviderTimeout, ProviderUnavailable, UnsupportedOperation
from multisat.model import Request

MUNICH = (11.495, 48.312, 11.52, 48.33)


def test_without_a_folder_a_search_of_many_passes_it_over(box, monkeypatch):
    monkeypatch.delenv("MULTISAT_LOCAL", raising=False)
    names = ["earth-search", "local"]
    found = ms.search(box.places["munich"], "2023-05", collections="sentinel-2-l2a", providers=names)
    assert {one.provider: one.status for one in found.outcomes} == {"earth-search": "ok", "local": "skipped"}
    assert found.complete


def test_without_a_folder_the_next_step_is_named(local, monkeypatch):
    monkeypatch.delenv("MULTISAT_LOCAL")
    with pytest.raises(UnsupportedOperation, match=r"no folder is configured.*set MULTISAT_LOCAL=FOLDER"):
        local.search(Request.of(MUNICH, "2023"))
    assert "MULTISAT_LOCAL" in local.credentials().note


def test_folders_are_named_in_the_configuration_too(local, item, put, folder, tmp_path, monkeypatch):
    put("one.json", item())
    config = tmp_path / "config.toml"
    config.write_text(f'[providers.local]\nfolders = "{folder}{os.pathsep}{tmp_path / "more"}"\n')
    monkeypatch.delenv("MULTISAT_LOCAL")
    monkeypatch.setenv("MULTISAT_CONFIG", str(config))
    search = local.search(Request.of(MUNICH, "2023"))
    assert [scene.id for scene in search] == ["one"]
    assert search.notes == (f"left out: {tmp_path / 'more'} is not there",)


def test_no_folder_that_is_there_is_an_error(local, tmp_path, monkeypatch):
    monkeypatch.setenv("MULTISAT_LOCAL", str(tmp_path / "unplugged"))
    with pytest.raises(ProviderUnavailable, match="unplugged is not there"):
        list(local.search(Request.of(MUNICH, "2023")))


def test_a_file_can_be_named_in_place_of_a_folder(local, item, put, monkeypatch):
    path = put("found.geojson", {"type": "FeatureCollection", "features": [item()]})
    put("other.json", item("other"))
    monkeypatch.setenv("MULTISAT_LOCAL", str(path))
    assert [scene.id for scene in local.search(Request.of(MUNICH, "2023"))] == ["one"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("cut.json", '{"type": "Feature", "id": ', "no whole JSON"),
        ("cut.parquet", "PAR1", "no whole Parquet file"),
        ("timeless.json", {"properties": {}}, "the item has no time"),
        ("nowhere.json", {"geometry": None}, "an item has no geometry"),
        ("odd.json", {"geometry": {"type": "Circle"}}, "the footprint is no geometry"),
        ("foreign.json", {"collection": "drone-flights"}, "'drone-flights', which is not known"),
    ],
)
def test_what_is_wrong_is_left_out_and_named(ask, item, put, name, text, said):
    put("good.json", item())
    put(name, text if isinstance(text, str) else item("bad", **text))
    search = ask()
    assert [scene.id for scene in search.scenes] == ["one"]
    (note,) = search.notes
    assert note.startswith("left out: ")
    assert name in note
    assert said in note


def test_one_bad_item_costs_the_others_of_its_file_nothing(ask, item, put):
    items = [item("a"), item("b", properties={}), item("c")]
    put("all.geojson", {"type": "FeatureCollection", "features": items})
    search = ask()
    assert sorted(scene.id for scene in search.scenes) == ["a", "c"]
    assert "b: the item has no time" in search.notes[0]


def test_many_bad_files_are_counted_and_not_all_named(ask, item, put):
    put("good.json", item())
    for number in range(8):
        put(f"{number}.json", "{")
    notes = ask().notes
    assert len(notes) == 6
    assert notes[-1] == "left out: 3 more files"


def test_json_that_is_no_stac_is_none_of_our_business(ask, put, item):
    put("area.geojson", {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": None}]})
    put("package.json", {"name": "x"})
    put("list.json", [1, 2])
    put(".item.json.1.part.json", "{")
    put("one.json", item())
    search = ask()
    assert len(search.scenes) == 1
    assert search.notes == ()


@pytest.mark.skipif(sys.platform != "linux", reason="such names are of Linux")
def test_names_that_are_no_utf8_cost_only_themselves(ask, item, put):
    put("good.json", item())
    put(os.fsdecode(b"\xff.json"), item("strange"))
    put(os.fsdecode(b"\xfe/one.json"), item("two"))
    search = ask()
    assert {scene.id for scene in search.scenes} == {"one", "strange"}
    assert "cannot be read" in search.notes[0]
    search.notes[0].encode()


def test_an_empty_footprint_is_left_out(ask, item, put):
    put("good.json", item())
    put("empty.json", item("empty", geometry={"type": "Polygon", "coordinates": []}))
    search = ask()
    assert [scene.id for scene in search.scenes] == ["one"]
    assert "the footprint of empty is empty" in search.notes[0]


def test_items_that_are_too_large_are_left_out(ask, put, item, monkeypatch):
    from multisat_local import entries

    monkeypatch.setattr(entries, "LARGEST_ITEM", 2000)
    put("good.json", item())
    put("vast.json", item("vast", padding="x" * 3000))
    search = ask()
    assert [scene.id for scene in search.scenes] == ["one"]
    assert "vast is larger than" in search.notes[0]


def test_what_was_read_before_the_deadline_is_kept(local, item, put, monkeypatch):
    from multisat_local import store

    monkeypatch.setattr(store, "_BATCH", 1)
    for number in range(3):
        put(f"{number}.json", item(str(number)))
    over = Deadline(0)
    with pytest.raises(ProviderTimeout, match="0 of 3 new files were read"):
        list(local.search(Request.of(MUNICH, "2023"), deadline=over))
    assert len(list(local.search(Request.of(MUNICH, "2023")))) == 3


@pytest.mark.slow
def test_the_command_line_searches_folders(launch, item, put, folder):
    put("one.json", item())
    bbox = ",".join(map(str, MUNICH))
    done = launch(
        sys.executable, "-m", "multisat", "search", bbox, "2023", "-p", "local", "--format", "ndjson",
        MULTISAT_LOCAL=str(folder),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["id"] == "one"


def test_it_is_skipped_for_collections_it_cannot_hold(local):
    with pytest.raises(UnsupportedOperation, match="holds none of"):
        local.search(Request.of(MUNICH, "2023", collections="no-such-thing"))
