"""Files arrive whole, once, and each has an outcome."""

import json

import pytest

import multisat as ms
from multisat.downloads import FileStatus
from multisat.errors import BaselineMissing, NothingFound, UsageError
from multisat.sandbox import Fault


@pytest.fixture
def found(box):
    area = box.places["munich"]
    return ms.search(area, "2023-05", collections="sentinel-2-l2a", providers="earth-search")


def test_the_sandbox_gives_rasters_that_open(found, tmp_path):
    import rasterio

    files = ms.download(found, tmp_path, ["red", "scl"])
    assert {one.status for one in files} == {"done"}
    assert len(files) == 2 * len(found) == len(files.paths)
    assert files.bytes == sum(path.stat().st_size for path in files.paths)
    for one in files:
        assert one.path.parent.parent == tmp_path
        with rasterio.open(one.path) as file:
            assert file.read(1).any()
    assert not list(tmp_path.rglob(".*"))


def test_every_band_is_the_default_and_quality_layers_are_bands(found, tmp_path):
    scene = found[0]
    files = ms.download(scene, tmp_path, workers=2)
    assert sorted(one.band for one in files) == sorted(scene.bands)
    assert "scl" in {one.band for one in files}


def test_what_is_there_is_not_sent_again(found, tmp_path):
    ms.download(found, tmp_path, "red")
    again = ms.download(found, tmp_path, "red")
    assert {one.status for one in again} == {"there"}
    assert again.bytes == 0
    assert len(again.paths) == len(found)
    anew = ms.download(found, tmp_path, "red", overwrite=True)
    assert {one.status for one in anew} == {"done"}


def test_one_missing_file_costs_only_itself(found, inject, tmp_path):
    victim = found[0]
    inject(Fault(provider="files", kind="404", match=victim.id))
    files = ms.download(found, tmp_path, "red")
    (lost,) = files.failed
    assert lost.item == victim.id
    assert "does not have the file (404)" in lost.error
    assert "search again" in lost.error
    assert len(files.paths) == len(found) - 1


def test_a_login_page_is_not_a_file(found, inject, tmp_path):
    inject(Fault(provider="files", kind="html"))
    files = ms.download(found, tmp_path, "red")
    assert len(files.failed) == len(files)
    assert all("sent a web page in place of the file" in one.error for one in files)
    assert all("multisat providers show earth-search" in one.error for one in files)
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


@pytest.mark.parametrize(
    ("kind", "said"), [("401", "asks for a login (401)"), ("403", "refuses the file (403)")]
)
def test_a_refusal_names_the_next_step(found, box, inject, tmp_path, kind, said):
    before = len(box.requests)
    inject(Fault(provider="files", kind=kind))
    (lost,) = ms.download(found[0], tmp_path, "red").failed
    assert said in lost.error
    assert "multisat providers show" in lost.error
    assert len([r for r in box.requests[before:] if found[0].id in r.path and "B04" in r.path]) <= 3


def test_a_busy_server_is_asked_again(found, inject, tmp_path):
    inject(Fault(provider="files", kind="503", times=1, retry_after="1"))
    assert not ms.download(found[0], tmp_path, "red").failed


def test_a_scene_without_a_baseline_has_bytes_all_the_same(box, tmp_path):
    archive = "planetary-computer"
    found = ms.search(box.places["munich"], "2023-05", collections="sentinel-2-l2a", providers=archive)
    item = json.loads(json.dumps(found[0].to_item()))
    for name in [n for n in item["properties"] if "baseline" in n or n.endswith("uri")]:
        del item["properties"][name]
    bare = ms.provider(archive).scene(item)
    with pytest.raises(BaselineMissing):
        _ = bare.assets["red"]
    assert not ms.download(bare, tmp_path, "red").failed


def test_a_band_a_scene_lacks_is_said(scene, get):
    files = get(scene("one", red="/red.tif"), bands=["red", "swir16"])
    assert [(one.band, one.status) for one in files] == [("red", "done"), ("swir16", FileStatus.ABSENT)]
    assert not files.failed
    assert "1 not in the scene" in repr(files)


def test_a_band_nobody_has_is_nothing_found(scene, get, tmp_path):
    with pytest.raises(NothingFound, match="swir16"):
        get(scene("one", red="/red.tif"), bands="swir16")
    assert not (tmp_path / "files").exists()
    with pytest.raises(UsageError, match="no band is called 'rot'"):
        get(scene(), bands="rot")


@pytest.mark.parametrize("what", [3, "field.geojson"])
def test_what_is_no_scene_is_named(what, tmp_path):
    with pytest.raises(UsageError, match="cannot download"):
        ms.download(what, tmp_path)


def test_the_copy_over_https_is_taken(scene, get):
    other = scene("two", provider="other", red="/red.tif")
    first = scene("one", red="s3://bucket/red.tif", alternates=(other,))
    (one,) = get(first, bands="red")
    assert (one.provider, one.status) == ("other", "done")


def test_a_bucket_is_no_web_server(scene, get):
    (one,) = get(scene("one", red="s3://bucket/red.tif"))
    assert one.status == "failed"
    assert "s3://" in one.error
    assert "cannot be downloaded over https" in one.error


def test_progress_counts_files_scenes_and_bytes(scene, get, body):
    seen = []
    size = {"file:size": len(body)}
    get(scene("a", told=size), scene("b", told=size), progress=seen.append, workers=1)
    last = seen[-1]
    assert (last.done, last.total, last.scenes_done, last.scenes_total) == (2, 2, 2, 2)
    assert last.bytes == last.bytes_total == 2 * len(body)
    assert all(now.bytes_total == 2 * len(body) for now in seen)


def test_results_read_like_a_list(scene, get):
    files = get(scene("a"), scene("b"), scene("c", red="/no.tif"))
    assert [one.item for one in files] == ["a", "b", "c"]
    assert len(files[:2].failed) == 0
    assert str(files).splitlines()[2].startswith("failed")
    assert "3 files of 3 scenes: 2 downloaded, 1 failed" in str(files)


def test_a_function_stays_a_function(scene, get):
    get(scene())
    assert callable(ms.download)
