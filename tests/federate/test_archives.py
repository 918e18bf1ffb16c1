"""The three real plugins against the stand-ins of their archives."""

import pytest

import multisat as ms
from multisat.sandbox import Fault

OCEAN = (-30, 0, -29, 1)
THREE = ("earth-search", "planetary-computer", "nasa-cmr")


def outcome(found, provider):
    return next(o for o in found.outcomes if o.provider == provider)


def listed(box, provider, **properties):
    return {e.id for e in box.scenes if e.provider == provider and e.place.startswith("munich")}


def test_every_page_of_every_archive_is_read(box):
    found = ms.search(OCEAN, "2022")
    assert found.complete
    assert {o.provider: o.scenes for o in found.outcomes if o.provider in THREE} == {
        "earth-search": 2500,
        "planetary-computer": 2500,
        "nasa-cmr": 450,
    }
    assert len(found) == 2950  # Earth Search and Planetary Computer have the same 2,500
    assert all(len(s.alternates) == 1 for s in found if s.collection == "sentinel-2-l2a")


@pytest.mark.parametrize("provider", THREE)
def test_half_open_time(box, provider):
    day = ms.search(OCEAN, "2022-01-10", providers=provider)
    assert len(day) == 8  # every three hours from midnight; the next midnight is not in it
    assert day.scenes[0].datetime.isoformat() == "2022-01-10T00:00:00+00:00"
    instant = ms.search(OCEAN, ("2022-01-10T00:00:00Z", "2022-01-10T03:00:00Z"), providers=provider)
    assert len(instant) == 1


@pytest.mark.parametrize("provider", THREE)
@pytest.mark.parametrize("limit", [1, 8, 130])
def test_a_limit_gives_the_first_in_time(box, provider, limit):
    found = ms.search(OCEAN, "2022-01-10/2022-02", providers=provider, limit=limit)
    assert (len(found), found.complete) == (limit, False)
    assert found.scenes[0].datetime.isoformat() == "2022-01-10T00:00:00+00:00"
    assert [s.datetime for s in found] == sorted(s.datetime for s in found)


@pytest.mark.parametrize("provider", THREE)
@pytest.mark.parametrize("cloud", [0, 50])
def test_cloud_limits_include_their_bound(box, provider, cloud):
    found = ms.search(OCEAN, "2022-01/2022-02", providers=provider, max_cloud=cloud)
    clouds = [s.cloud_cover for s in found]
    assert clouds
    assert max(clouds) == cloud


def test_unknown_cloud_cover_is_kept(box):
    found = ms.search(box.places["munich"], "2023-07-23/2023-08-02", providers="earth-search", max_cloud=5)
    assert [s.cloud_cover for s in found] == [None, None]


def test_filters_reach_the_archive_and_hold_here(box):
    area, before = box.places["munich"], len(box.requests)
    for provider in ("earth-search", "planetary-computer"):
        found = ms.search(area, "2023", providers=provider, filters={"s2:processing_baseline": "05.10"})
        assert {s.processing_baseline for s in found} <= {"05.10"}
        assert len(found) == (1 if provider == "earth-search" else 0)
    sent = [r.body for r in box.requests[before:] if r.body and r.path.endswith("/search")]
    assert any("query" in body for body in sent)
    assert any("filter" in body for body in sent)


def test_one_acquisition_is_one_scene_with_alternates(box):
    found = ms.search(box.places["munich"], "2023-05-04", collections="sentinel-2-l2a")
    (scene,) = found
    assert (scene.provider, scene.native_id) == ("earth-search", "sentinel-2-c1-l2a")
    assert [(s.provider, s.native_id) for s in scene.alternates] == [
        ("planetary-computer", "sentinel-2-l2a"),
        ("earth-search", "sentinel-2-l2a"),
    ]


def test_the_newest_baseline_wins_and_halves_are_kept(box):
    area = box.places["munich"]
    (again,) = ms.search(area, "2023-06-23", collections="sentinel-2-l2a")
    assert again.processing_baseline == "05.10"
    halves = ms.search(area, "2023-07-03", collections="sentinel-2-l2a")
    assert len(halves) == 2
    assert len({s.acquisition.part for s in halves}) == 2


def test_hls_is_the_same_granule_and_not_the_scene_it_came_from(box):
    found = ms.search(box.places["munich"], "2023-05-04", collections=["sentinel-2-l2a", "hls"])
    assert sorted(s.collection for s in found) == ["hls-s30", "sentinel-2-l2a"]
    granule = next(s for s in found if s.collection == "hls-s30")
    assert {c.provider for c in granule.copies} == {"planetary-computer", "nasa-cmr"}


def test_an_area_across_the_antimeridian_is_answered_as_one(box):
    before = len(box.requests)
    found = ms.search(box.places["taveuni"], "2023", collections=["sentinel-2-l2a", "hls"])
    assert found.complete
    tiles = {s.tile for s in found}
    assert tiles == {"60KZG", "01KAB"}
    boxes = [r.body["bbox"] for r in box.requests[before:] if r.body and "bbox" in r.body]
    assert boxes
    assert all(b[0] <= b[2] for b in boxes)


def test_a_long_outline_does_not_break_cmr(box):
    import shapely

    ring = shapely.Point(11.507, 48.32).buffer(0.01, quad_segs=500)
    found = ms.search(ring, "2023", collections="hls", providers="nasa-cmr")
    assert found.complete
    assert len(found) == 5


def test_a_hole_is_respected_although_cmr_ignores_it(box):
    import shapely

    around = shapely.box(9, 46, 14, 51).difference(shapely.box(10, 47, 13, 50))
    assert len(ms.search(around, "2023", collections="hls", providers="nasa-cmr")) == 0


def test_static_collections_are_asked_for_by_name_and_have_no_dates(box):
    found = ms.search(box.places["munich"], "2023-05", collections="cop-dem-30", max_cloud=0)
    (scene,) = found
    assert scene.bands == ("elevation",)
    assert "cop-dem-30" not in {s.collection for s in ms.search(box.places["munich"], "2021")}


def test_native_collections_and_old_spellings_are_names_too(box):
    area = box.places["munich"]
    c1 = ms.search(area, "2023-05-04", collections="sentinel-2-c1-l2a")
    assert {s.native_id for s in c1} == {"sentinel-2-c1-l2a"}
    hls = ms.search(area, "2023-05-04", collections="HLSS30.v2.0", providers="nasa-cmr")
    assert {s.native_id for s in hls} == {"HLSS30_2.0"}


@pytest.mark.parametrize(
    "kind", ["401", "403", "404", "500", "502", "html", "garbage", "cut", "repeat-next", "huge"]
)
def test_any_fault_of_one_archive_costs_only_itself(box, inject, kind):
    inject(Fault(provider="planetary-computer", kind=kind))
    found = ms.search(box.places["munich"], "2023-05", deadline=30)
    broken = outcome(found, "planetary-computer")
    assert not broken.complete
    assert broken.error is not None
    assert "planetary-computer" in str(broken.error)
    assert outcome(found, "earth-search").complete
    assert outcome(found, "nasa-cmr").complete
    assert len(found) >= 4


def test_nothing_is_asked_twice_without_need(box):
    before = len(box.requests)
    ms.search(box.places["munich"], "2023-05")
    asked = box.requests[before:]
    assert len(asked) == 3
    assert len({r.connection for r in asked}) == 3
