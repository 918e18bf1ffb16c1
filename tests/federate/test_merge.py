"""Which entries are the same acquisition, which are halves of one, and which copy comes first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box, mapping

from multisat.federate import merge
from multisat.model import Acquisition, Scene

TAKE = datetime(2023, 7, 1, 10, 36, 31, tzinfo=UTC)
NAME = "sentinel-2a/L2A/20230701T103631/31UFU"
WHOLE, WEST, EAST = box(0, 0, 1, 1), box(0, 0, 0.6, 1), box(0.4, 0, 1, 1)


def scene(name=NAME, *, provider="a", item="one", part=None, over=WHOLE, **stated):
    """A scene of which only what decides about merging is stated."""
    collection = stated.pop("collection", "sentinel-2-l2a")
    platform, tile = stated.pop("platform", "sentinel-2a"), stated.pop("tile", "31UFU")
    when = stated.pop("datetime", TAKE)
    take = stated.pop("datatake", TAKE if name and collection == "sentinel-2-l2a" else None)
    return Scene(
        provider=provider,
        collection=collection,
        native_id=stated.pop("native_id", collection),
        id=item,
        datetime=when,
        footprint=mapping(over),
        platform=platform,
        tile=tile,
        assets={},
        item={"id": item},
        acquisition=Acquisition(
            collection=collection,
            platform=platform,
            tile=tile,
            name=name,
            part=part,
            datatake=take,
            sensing=None if name else when,
        ),
        **stated,
    )


def groups(scenes, preference=()):
    return {frozenset(copy.id for copy in one.copies) for one in merge(scenes, preference)}


def one_of(scenes, preference=()):
    (found,) = merge(scenes, preference)
    return [copy.id for copy in found.copies]


def test_the_same_datastrip_at_two_archives_is_one_scene():
    pair = [scene(provider="a", item="x", part="S1"), scene(provider="b", item="y", part="S1")]
    assert groups(pair) == {frozenset("xy")}


def test_the_same_datastrip_is_one_scene_whatever_the_outlines():
    pair = [scene(item="x", part="S1", over=WEST), scene(item="y", part="S1", over=EAST)]
    assert groups(pair) == {frozenset("xy")}


def test_complementary_halves_are_kept():
    halves = [scene(item="x", part="S1", over=WEST), scene(item="y", part="S2", over=EAST)]
    assert groups(halves) == {frozenset("x"), frozenset("y")}


def test_halves_are_told_apart_by_datastrip_even_if_their_outlines_agree():
    assert groups([scene(item="x", part="S1"), scene(item="y", part="S2")]) == {
        frozenset("x"),
        frozenset("y"),
    }


@pytest.mark.parametrize(
    ("width", "same"), [(1.0, True), (0.96, True), (0.951, True), (0.949, False), (0.5, False)]
)
def test_without_a_datastrip_outlines_decide(width, same):
    pair = [scene(item="x"), scene(item="y", over=box(0, 0, width, 1))]
    assert (len(groups(pair)) == 1) is same


def test_a_copy_without_a_datastrip_joins_the_half_it_covers():
    scenes = [
        scene(item="x", part="S1", over=WEST),
        scene(item="y", part="S2", over=EAST),
        scene(item="z", provider="b", over=EAST),
    ]
    assert groups(scenes) == {frozenset("x"), frozenset("yz")}


@pytest.mark.parametrize(
    "other",
    [
        scene("sentinel-2a/L2A/20230701T103631/31UFT", item="y", tile="31UFT"),
        scene("sentinel-2b/L2A/20230701T103631/31UFU", item="y", platform="sentinel-2b"),
        scene("sentinel-2a/L2A/20230704T104631/31UFU", item="y"),
        scene(item="y", collection="hls-s30"),
    ],
    ids=["tile", "platform", "datatake", "collection"],
)
def test_other_acquisitions_are_kept(other):
    assert len(merge([scene(item="x", part="S1"), other])) == 2


# Among copies: newest baseline, then the holding's rank, then the later product, then preference, then id.
ORDER = [
    ({"processing_baseline": "05.09", "rank": 9}, {"processing_baseline": "05.00"}, "baseline"),
    ({"processing_baseline": "10.00"}, {"processing_baseline": "09.99"}, "baseline as a number"),
    ({"processing_baseline": "02.12"}, {"processing_baseline": None}, "a known baseline"),
    ({"rank": 0}, {"rank": 1, "generated": TAKE}, "rank"),
    ({"generated": TAKE + timedelta(seconds=1)}, {"generated": TAKE}, "later product"),
    ({"generated": TAKE}, {"generated": None}, "a dated product"),
    ({"provider": "b"}, {"provider": "a"}, "preference"),
]


@pytest.mark.parametrize(("better", "worse"), [row[:2] for row in ORDER], ids=[row[2] for row in ORDER])
def test_which_copy_comes_first(better, worse):
    pair = [scene(item="x", part="S1", **worse), scene(item="z", part="S1", **better)]
    assert one_of(pair, ["b", "a"]) == one_of(pair[::-1], ["b", "a"]) == ["z", "x"]


def test_equal_copies_are_ordered_by_archive_and_id():
    scenes = [scene(item=i, provider=p, part="S1") for p, i in [("b", "m"), ("a", "z"), ("a", "k")]]
    assert one_of(scenes) == ["k", "z", "m"]


@pytest.mark.parametrize(
    ("minutes", "same"),
    [(0, True), (10, True), (45, True), (45.1, False), (-0.1, False), (100.6, False)],
)
def test_a_nameless_scene_belongs_to_the_datatake_that_saw_its_tile(minutes, same):
    nameless = scene("", item="y", datetime=TAKE + timedelta(minutes=minutes))
    assert (len(merge([scene(item="x", part="S1"), nameless])) == 1) is same


@pytest.mark.parametrize(
    "off", [{"tile": "31UFT"}, {"platform": "sentinel-2b"}, {"collection": "sentinel-2-l1c"}]
)
def test_a_nameless_scene_of_something_else_is_kept(off):
    assert len(merge([scene(item="x"), scene("", item="y", **off)])) == 2


@pytest.mark.parametrize(("seconds", "same"), [(0, True), (5, True), (5.1, False), (600, False)])
def test_nameless_scenes_are_the_same_within_seconds(seconds, same):
    pair = [scene("", item="x"), scene("", item="y", datetime=TAKE + timedelta(seconds=seconds))]
    assert (len(merge(pair)) == 1) is same


def test_nameless_scenes_without_a_tile_are_kept():
    assert len(merge([scene("", item="x", tile=""), scene("", item="y", tile="")])) == 2


def test_a_pass_over_midnight_is_one_scene():
    before = datetime(2018, 12, 31, 23, 58, 1, tzinfo=UTC)
    named = scene("s2/20181231T235801/60VUK", item="x", tile="60VUK", datatake=before, datetime=before)
    seen = datetime(2019, 1, 1, 0, 7, 12, tzinfo=UTC)
    copy = scene("s2/20181231T235801/60VUK", item="y", tile="60VUK", datatake=before, datetime=seen)
    nameless = scene("", item="z", tile="60VUK", datetime=seen)
    assert groups([named, copy, nameless]) == {frozenset("xyz")}


@pytest.mark.parametrize(
    ("name", "collection"),
    [
        ("LC08/047027/20201204/02", "landsat-c2-l2"),
        ("HLS.L30.T19LDD.2022165T144027.v2.0", "hls-l30"),
        ("S1A_IW_GRDH_1SDV_20210809T173953_20210809T174018_039156_049F13", "sentinel-1-grd"),
    ],
)
def test_products_that_are_never_halved_are_the_same_by_name_alone(name, collection):
    drawn_otherwise = scene(name, item="y", collection=collection, over=WEST)
    assert len(merge([scene(name, item="x", collection=collection), drawn_otherwise])) == 1


def test_neighbours_of_one_pass_are_kept():
    rows = [
        scene(f"LC08/0470{row}/20201204/02", item=f"r{row}", collection="landsat-c2-l2") for row in (27, 28)
    ]
    slices = [scene(f"S1A_{n}", item=f"s{n}", collection="sentinel-1-grd") for n in (1, 2, 3)]
    assert len(merge([*rows, *slices])) == 5


def test_scenes_come_oldest_first_and_once_each():
    days = [TAKE + timedelta(days=d) for d in (5, 0, 10)]
    scenes = [scene(f"n{d}", item=f"i{d.day}", datetime=d) for d in days]
    assert [s.datetime for s in merge([*scenes, *scenes])] == sorted(days)


def test_nothing_merged_is_nothing():
    assert merge([]) == ()


OUTLINES = [WHOLE, box(0, 0, 0.97, 1), box(0, 0, 0.94, 1), WEST, EAST, box(0, 0, 0.03, 1)]


@st.composite
def archives(draw):
    """Entries of few acquisitions by several archives, each with its own id."""
    scenes = []
    for number in range(draw(st.integers(2, 9))):
        named = draw(st.booleans())
        scenes.append(
            scene(
                draw(st.sampled_from([NAME, "other"])) if named else "",
                item=str(number),
                provider=draw(st.sampled_from("abc")),
                part=draw(st.sampled_from([None, "S1", "S2"])),
                over=draw(st.sampled_from(OUTLINES)),
                datetime=TAKE + timedelta(seconds=draw(st.sampled_from([0, 3, 6, 9, 3000, 3004]))),
                processing_baseline=draw(st.sampled_from([None, "02.12", "05.09"])),
                rank=draw(st.integers(0, 1)),
            )
        )
    return scenes


def outcome(merged):
    return [[copy.uid for copy in one.copies] for one in merged]


@given(archives(), st.data())
def test_the_order_of_the_answers_does_not_matter(scenes, data):
    shuffled = data.draw(st.permutations(scenes))
    assert outcome(merge(shuffled, "ab")) == outcome(merge(scenes, "ab"))


@given(archives())
def test_merging_what_was_merged_changes_nothing(scenes):
    merged = merge(scenes, "ab")
    copies = [copy for one in merged for copy in one.copies]
    assert outcome(merge(copies, "ab")) == outcome(merged)


@given(archives())
def test_no_entry_is_lost_or_doubled(scenes):
    uids = [copy.uid for one in merge(scenes) for copy in one.copies]
    assert sorted(uids) == sorted(s.uid for s in scenes)
