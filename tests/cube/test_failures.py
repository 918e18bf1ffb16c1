"""A file that cannot be read costs its own slice, is named, and is looked for elsewhere."""

import pytest

import multisat as ms
from multisat.cube import MultisatWarning
from multisat.sandbox import Fault


@pytest.mark.parametrize("kind", ["404", "403", "html", "garbage", "cut"])
def test_one_dead_file_loses_its_slice_only(box, inject, kind):
    found = ms.search(
        box.places["munich"],
        "2023-07-23/2023-08-22",
        providers="earth-search",
        collections="sentinel-2-l2a",
    )
    inject(Fault(provider="files", kind=kind, match="20230802_0_L2A/nir"))
    with pytest.warns(MultisatWarning, match="20230802_0_L2A") as warned:
        cube = found.load(["nir"])
    assert len(cube.time) == len(found) - 1
    (skipped,) = cube.attrs["skipped"]
    assert "S2A_32UPU_20230802_0_L2A: nir" in skipped
    assert "earth-search" in skipped
    assert len(warned) == 1
    with pytest.raises(ms.AssetUnreadable, match="20230802_0_L2A"):
        found.load(["nir"], errors="raise")


def test_another_archives_copy_is_read_instead(box, inject):
    found = ms.search(box.places["munich"], "2023-05-04", collections="sentinel-2-l2a")
    inject(Fault(provider="files", kind="404", match="earth-search"))
    cube = found.load(["red"])
    assert cube.provider.values.tolist() == ["planetary-computer"]
    assert "planetary-computer" not in cube.attrs["replaced"][0].split(" was read")[1]
    assert cube.attrs["skipped"] == []


def test_nothing_readable_is_an_error(box, inject):
    found = ms.search(box.places["munich"], "2023-05", collections="landsat-c2-l2")
    inject(Fault(provider="files", kind="404"))
    with pytest.raises(ms.AssetUnreadable, match=r"none of 1 scenes could be read|HTTP response code: 404"):
        found.load(["red"])


def test_a_scene_without_baseline_is_an_error_that_says_how(box):
    found = ms.search(
        box.places["munich"], "2023-05-04", collections="sentinel-2-l2a", providers="planetary-computer"
    )
    (scene,) = found
    item = {**scene.item, "properties": {**scene.item["properties"]}}
    del item["properties"]["s2:processing_baseline"], item["properties"]["s2:product_uri"]
    bare = ms.provider("planetary-computer").scene(item)
    with pytest.raises(ms.BaselineMissing, match=r"with_baseline\(\"05.09\"\)"):
        ms.load(bare, ["red"], aoi=box.places["munich"], errors="raise")
    assumed = ms.load(bare.with_baseline("05.09"), ["red"], aoi=box.places["munich"])
    known = found.load(["red"])
    assert (assumed.red.values == known.red.values).all()


def test_ground_range_radar_is_refused_with_a_reason(box):
    found = ms.search(box.places["munich"], "2023-06-10", collections="sentinel-1-grd")
    with pytest.raises(ms.AssetUnreadable):
        found.load(["vv"])


def test_only_windows_over_the_area_are_read(box):
    found = ms.search(
        (11.50, 48.32, 11.501, 48.3205), "2023-05-04", collections="hls-s30", providers="nasa-cmr"
    )
    before = len(box.requests)
    found.load(["red"])
    asked = [r for r in box.requests[before:] if r.path.startswith("/files/")]
    assert asked
    assert all("range" in r.headers for r in asked if r.method == "GET")
    sizes = [r.headers["range"].removeprefix("bytes=").split("-") for r in asked if r.method == "GET"]
    wanted = sum(int(end) - int(start) + 1 for start, end in sizes)
    assert wanted < 200_000  # of 3660 x 3660 pixels of two bytes
