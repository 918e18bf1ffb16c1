"""The index answers as the items themselves would, and keeps up with the files."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from shapely.geometry import box as area_of

from multisat.config import cache_folder
from multisat.model import AOI, Request
from multisat_local import store
from multisat_local.provider import Local

MUNICH = (11.495, 48.312, 11.52, 48.33)
START = datetime(2022, 1, 1, tzinfo=UTC)


@pytest.fixture
def many(item, put):
    """Random items around the world, some without a cloud cover."""
    random = np.random.default_rng(1)
    found = []
    for number in range(400):
        west, south = random.uniform(-180, 178), random.uniform(-80, 78)
        box = (west, south, west + random.uniform(0.1, 2), south + random.uniform(0.1, 2))
        when = START + timedelta(seconds=float(random.uniform(0, 3e7)))
        cloud = None if number % 7 == 0 else round(float(random.uniform(0, 100)), 2)
        found.append(item(str(number), when.isoformat(), box=box, cloud=cloud))
    put("all.geojson", {"type": "FeatureCollection", "features": found})
    return found


@pytest.mark.parametrize("seed", range(6))
def test_it_finds_what_a_look_at_each_item_finds(many, local, seed):
    random = np.random.default_rng(seed)
    west, south = random.uniform(-170, 100), random.uniform(-70, 30)
    where = (west, south, west + 60, south + 40)
    first, last = sorted(START + timedelta(days=int(day)) for day in random.integers(0, 340, 2))
    limit = float(random.uniform(10, 90))
    request = Request.of(where, f"{first:%Y-%m-%d}/{last:%Y-%m-%d}", max_cloud=limit)
    end = last + timedelta(days=1)
    area = area_of(*where)
    wanted = {
        one["id"]
        for one in many
        if area.intersects(area_of(*one["bbox"]))
        and first <= datetime.fromisoformat(one["properties"]["datetime"]) < end
        and (one["properties"]["eo:cloud_cover"] or 0) <= limit
    }
    assert {scene.id for scene in local.search(request)} == wanted


@pytest.mark.parametrize("sort", ["datetime", "-datetime", "cloud_cover", "-cloud_cover"])
def test_a_limit_takes_the_first_in_order(many, local, sort):
    request = Request.of((-180, -80, 180, 80), "2022", limit=5, sort=sort)
    search = local.search(request)
    found = list(search)
    name = sort.lstrip("-")
    values = [one["properties"]["datetime" if name == "datetime" else "eo:cloud_cover"] for one in many]
    best = sorted((v for v in values if v is not None), reverse=sort.startswith("-"))[:5]
    if name == "datetime":
        assert [scene.datetime for scene in found] == [datetime.fromisoformat(v) for v in best]
    else:
        assert [scene.cloud_cover for scene in found] == best
    assert not search.complete
    rest = list(local.search(request, resume=search.resume))
    assert rest
    assert search.matched() == 400


def test_a_microsecond_matters(ask, item, put):
    put("one.json", item(when="2023-05-04T10:10:31.000001Z"))
    assert len(ask(time="2023-05-04T10:10:31.000001Z/2023-05-05").scenes) == 1
    assert ask(time="2023-05-04T10:10:31.000002Z/2023-05-05").scenes == []
    assert ask(time="2023-05-04T10:10:31Z/2023-05-04T10:10:31.000001Z").scenes == []


def test_footprints_across_the_antimeridian_are_found_on_both_sides(ask, item, put):
    put("one.json", item(box=(179.0, -17.0, 181.0, -16.0)))
    for where in (
        (179.5, -16.6, 179.6, -16.5),
        (-179.6, -16.6, -179.5, -16.5),
        (179.5, -16.6, -179.5, -16.5),
    ):
        assert len(ask(AOI.of(where)).scenes) == 1, where
    assert ask((10, -16.6, 20, -16.5)).scenes == []


def test_an_elevation_model_has_no_dates(ask, item, put):
    put(
        "dem.json",
        item(collection="cop-dem-glo-30", assets={"data": {"href": "dem.tif"}}, when="2021-04-22T00:00:00Z"),
    )
    (scene,) = ask(time="2023", collections="cop-dem-30").scenes
    assert scene.bands == ("elevation",)
    assert ask(time="2023").scenes == []


def test_it_keeps_up_with_the_files(ask, item, put, folder):
    one = put("one.json", item("one"))
    assert [s.id for s in ask().scenes] == ["one"]
    put("a/two.json", item("two", "2023-06-01T00:00:00Z"))
    assert [s.id for s in ask().scenes] == ["one", "two"]
    one.write_text(json.dumps(item("changed")))
    os.utime(one, ns=(1, 1))
    os.utime(folder)
    assert [s.id for s in ask().scenes] == ["changed", "two"]
    (folder / "a" / "two.json").unlink()
    os.utime(folder)
    assert [s.id for s in ask().scenes] == ["changed"]


def test_only_changed_files_are_read_again(item, put, folder, tmp_path, monkeypatch):
    monkeypatch.setenv("MULTISAT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("MULTISAT_LOCAL", str(folder))
    request = Request.of(MUNICH, "2023")
    path = put("one.json", item())
    mark = path.stat()
    assert len(list(Local().search(request))) == 1
    path.write_text(path.read_text().replace('"one"', '"two"'))
    os.utime(path, ns=(mark.st_atime_ns, mark.st_mtime_ns))
    assert [s.id for s in Local().search(request)] == ["one"], "the file says that it is as it was"
    os.utime(path)
    assert [s.id for s in Local().search(request)] == ["two"]
    assert list((cache_folder() / "local").glob("*.sqlite"))


def test_a_spoiled_index_is_made_anew(item, put, folder, tmp_path, monkeypatch):
    monkeypatch.setenv("MULTISAT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("MULTISAT_LOCAL", str(folder))
    request = Request.of(MUNICH, "2023")
    put("one.json", item())
    assert len(list(Local().search(request))) == 1
    (index,) = (tmp_path / "cache" / "local").glob("*.sqlite")
    index.write_bytes(b"no database" * 1000)
    assert len(list(Local().search(request))) == 1


def test_a_cache_that_cannot_be_made_costs_only_time(item, put, folder, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("MULTISAT_CACHE", str(tmp_path / "file" / "cache"))
    monkeypatch.setenv("MULTISAT_LOCAL", str(folder))
    put("one.json", item())
    assert len(list(Local().search(Request.of(MUNICH, "2023")))) == 1


def test_searches_at_the_same_time_share_an_index(item, put, folder, tmp_path, monkeypatch):
    monkeypatch.setenv("MULTISAT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("MULTISAT_LOCAL", str(folder))
    monkeypatch.setattr(store, "_BATCH", 5)
    for number in range(60):
        put(f"{number}.json", item(str(number)))
    request = Request.of(MUNICH, "2023")
    one, other = Local(), Local()
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(lambda p=p: {s.id for s in p.search(request)}) for p in (one, other) * 6]
    assert {len(answer.result()) for answer in asked} == {60}
    assert len(list(Local().search(request))) == 60


def test_what_changes_during_a_search_is_said(local, item, put, monkeypatch):
    from multisat_local import search as searching

    monkeypatch.setattr(searching, "PAGE", 2)
    for number in range(4):
        put(f"{number}.json", item(str(number), f"2023-05-0{number + 1}T00:00:00Z"))
    search = local.search(Request.of(MUNICH, "2023"))
    pages = search.pages()
    next(pages)
    path = put("3.json", item("changed", "2023-05-04T00:00:00Z", cloud=99.5))
    os.utime(path.parent)
    assert len(list(local.search(Request.of(MUNICH, "2023")))) == 4
    assert [scene.id for page in pages for scene in page.scenes] == ["2"]
    assert search.notes == ("left out: 1 items whose files changed meanwhile; search again",)
