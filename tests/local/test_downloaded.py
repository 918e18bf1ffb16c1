"""What was downloaded is searched and loaded by the same calls, without a network."""

import json
from pathlib import Path

import numpy as np
import pytest

import multisat as ms
from multisat.sandbox import Sandbox


@pytest.mark.slow
def test_pixels_are_the_same_when_the_archive_is_gone(tmp_path, monkeypatch):
    with Sandbox() as box, pytest.MonkeyPatch.context() as there:
        for name, url in box.environment.items():
            there.setenv(name, url)
        area = box.places["munich"]
        found = ms.search(area, "2023-05", collections="sentinel-2-l2a", providers="planetary-computer")
        remote = found.load(["red", "nir"], mask="clear")
        ms.download(found, tmp_path, ["red", "nir", "scl"])
    monkeypatch.setenv("MULTISAT_LOCAL", str(tmp_path))
    here = ms.search(area, "2023-05", collections="sentinel-2-l2a", providers="local")
    assert here.complete
    cube = here.load(["red", "nir"], mask="clear")
    for name in ("red", "nir", "mask"):
        np.testing.assert_array_equal(cube[name].values, remote[name].values)
    assert cube["red"].attrs["why"] == remote["red"].attrs["why"]


@pytest.fixture
def here(downloaded, monkeypatch):
    folder, area, found, remote = downloaded
    monkeypatch.setenv("MULTISAT_LOCAL", str(folder))
    return ms.search(area, "2023-05", collections="sentinel-2-l2a", providers="local"), found, remote


def test_scenes_are_the_same_values(here):
    mine, theirs, _ = here
    assert len(mine) == len(theirs) == 2
    for one, other in zip(mine, theirs, strict=True):
        assert one.provider == "local"
        for name in (
            "id",
            "native_id",
            "collection",
            "datetime",
            "acquisition",
            "cloud_cover",
            "bands",
            "tile",
        ):
            assert getattr(one, name) == getattr(other, name), name
        for band in ("red", "scl"):
            a, b = one.assets[band], other.assets[band]
            assert (a.scale, a.offset, a.nodata, a.grid, a.why) == (
                b.scale,
                b.offset,
                b.nodata,
                b.grid,
                b.why,
            )


def test_the_copy_here_comes_first_and_folds_with_those_elsewhere(downloaded, monkeypatch):
    folder, area, _, _ = downloaded
    monkeypatch.setenv("MULTISAT_LOCAL", str(folder))
    names = ["earth-search", "planetary-computer", "local"]
    found = ms.search(area, "2023-05", collections="sentinel-2-l2a", providers=names)
    assert [scene.provider for scene in found] == ["local", "local"]
    assert all({one.provider for one in scene.alternates} == set(names[:2]) for scene in found)


def test_a_band_that_was_not_downloaded_is_read_at_its_archive(here):
    mine, theirs, _ = here
    asset = mine[0].assets["blue"]
    assert asset.key == "planetary-computer/B02"
    np.testing.assert_array_equal(mine.load(["blue"]).blue.values, theirs.load(["blue"]).blue.values)
    later = mine.load(["blue"], chunks={"y": 64, "x": 64})
    np.testing.assert_array_equal(later.blue.values, theirs.load(["blue"]).blue.values)


def test_screening_and_recipes_give_the_same_numbers(here, downloaded):
    mine, theirs, _ = here
    area = downloaded[1]
    rows = [ms.screen(area, scenes=found).to_dataframe() for found in (mine, theirs)]
    assert list(rows[0]["cloud"]) == list(rows[1]["cloud"])
    recipe = ms.Recipe().mask("clear").index("NDVI").composite("month", "median")
    cubes = [
        recipe.run(area, "2023-05", collection="sentinel-2-l2a", on=on)
        for on in ("local", "planetary-computer")
    ]
    np.testing.assert_array_equal(cubes[0]["NDVI"].values, cubes[1]["NDVI"].values)


def test_results_are_saved_and_opened_again(here, tmp_path):
    mine, _, remote = here
    mine.save(tmp_path / "found.json")
    again = ms.open_results(tmp_path / "found.json")
    assert again.scenes == mine.scenes
    np.testing.assert_array_equal(again.load(["red"], mask="clear").red.values, remote.red.values)


def test_downloading_copies_files_to_another_folder(here, tmp_path, monkeypatch):
    mine, theirs, _ = here
    files = ms.download(mine, tmp_path / "copy", ["red"])
    assert {one.status for one in files} == {"done"}
    assert files.paths[0].read_bytes() == Path(mine[0].assets["red"].href).read_bytes()
    assert {one.status for one in ms.download(mine, tmp_path / "copy", ["red"])} == {"there"}
    item = json.loads((files.paths[0].parent / "item.json").read_text())
    assert item["assets"]["B04"]["href"] == "./B04.tif"
    assert item["assets"]["B08"]["href"].startswith("/")
    monkeypatch.setenv("MULTISAT_LOCAL", str(tmp_path / "copy"))
    copy = ms.search(theirs.request.aoi, "2023-05", collections="sentinel-2-l2a", providers="local")
    assert copy[0].assets["blue"].key == "planetary-computer/B02"


def test_downloading_into_the_same_folder_leaves_it_alone(here, downloaded):
    mine, _, _ = here
    before = {path: path.read_bytes() for path in downloaded[0].rglob("*") if path.is_file()}
    files = ms.download(mine, downloaded[0], ["red", "nir", "scl"], overwrite=True)
    assert {one.status for one in files} == {"there"}
    assert {path for path in downloaded[0].rglob("*") if path.is_file()} == set(before)
    assert all(path.read_bytes() == before[path] for path in before if path.suffix == ".tif")
