"""Recorded answers over HTTP through the real providers and unmodified pystac-client."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pystac_client
import pytest

import multisat as ms
from multisat.errors import InvalidAnswer, UnsupportedOperation

pytestmark = pytest.mark.fixtures

PAGE_1 = "earth-search/search-sentinel-1-grd+sentinel-2-c1-l2a+sentinel-2-l1c+sentinel-2-l-1.json"
PAGE_2 = "earth-search/search-sentinel-2-c1-l2a+sentinel-2-l1c+sentinel-2-l2a-1.json"
COLORADO = "earth-search/search-landsat-c2-l2+sentinel-2-l2a-1.json"
DEM = "earth-search/search-cop-dem-glo-30-2.json"
DEM_CUT = "earth-search/search-cop-dem-glo-30-1.json"
PC_S2 = "planetary-computer/search-sentinel-2-l2a-1.json"
PC_LANDSAT = "planetary-computer/search-landsat-c2-l2-1.json"
S2 = ("sentinel-2-l2a",)
IN_24MWV = (-38.6, -4.8, -38.5, -4.7)
IN_60VUK = (173.8, 57.9, 173.9, 58.0)
WORLD = (-180, -90, 180, 90)
DAY = "2025-07-31"


def ask(name, area, time=None, **options):
    search = ms.provider(name).search(ms.Request.of(area, time, **options))
    return search, list(search.pages())


def ids(pages):
    return [scene.id for page in pages for scene in page.scenes]


@pytest.fixture
def earth_search(archive):
    return archive("earth-search", pages=[PAGE_1], then={PAGE_1: PAGE_2})


@pytest.fixture
def planetary_computer(archive):
    return archive("planetary-computer", pages=[PC_S2, PC_LANDSAT])


def test_pages_are_followed_to_the_end(earth_search):
    search, pages = ask("earth-search", WORLD, DAY, collections=S2)
    assert [page.received for page in pages] == [2, 4, 0]
    assert ids(pages) == [
        "S2B_T20EPT_20250731T131905_L2A",
        "S2B_20EPT_20250731_0_L2A",
        "S2B_24MVV_20250731_0_L2A",
        "S2B_T24MWV_20250731T130245_L2A",
        "S2B_24MWV_20250731_0_L2A",
        "S2B_T24MXV_20250731T130245_L2A",
    ]
    assert search.complete
    assert search.resume is None
    assert search.requests == len(earth_search.asked) == 3
    assert search.matched() == 115912757
    assert search.notes == ()


def test_a_plain_client_reads_the_same_items(earth_search):
    """The loopback service is one that pystac-client itself understands."""
    client = pystac_client.Client.open(earth_search.url)
    assert client.conforms_to("ITEM_SEARCH")
    ours, pages = ask("earth-search", WORLD, DAY, collections=["sentinel-2-c1-l2a"])
    plain = client.search(collections=["sentinel-2-c1-l2a"], bbox=WORLD, datetime=DAY)
    assert [item["id"] for item in plain.items_as_dicts()] == ids(pages)
    assert plain.matched() == ours.matched()


def test_the_question_reaches_the_service_in_its_own_words(earth_search):
    ask("earth-search", IN_24MWV, DAY, collections=S2, max_cloud=30)
    (method, path, body), (*_, following), _ = earth_search.asked
    assert (method, path) == ("POST", "/search")
    assert set(body["collections"]) == {"sentinel-2-c1-l2a", "sentinel-2-l2a", "sentinel-2-pre-c1-l2a"}
    assert body["datetime"].startswith("2025-07-31T00:00:00Z/")
    assert body["intersects"]["type"] == "Polygon"
    assert body["limit"] == 200
    # The service would drop scenes of unknown cloud cover, so the limit is applied here.
    assert not {"query", "filter", "filter-lang"} & set(body)
    assert following["next"] == "2025-07-31T13:03:25.899000Z,S2B_T24MVV_20250731T130245_L2A,sentinel-2-c1-l2a"


def test_scenes_outside_the_area_are_left_out(earth_search):
    _, pages = ask("earth-search", IN_24MWV, DAY, collections=S2)
    assert ids(pages) == ["S2B_T24MWV_20250731T130245_L2A", "S2B_24MWV_20250731_0_L2A"]
    assert [page.received for page in pages] == [2, 4, 0]


def test_the_footprint_counts_and_not_its_box(earth_search):
    # In the box of 20EPT's footprint, south of the footprint itself.
    _, pages = ask("earth-search", (-59.82, -60.50, -59.75, -60.48), DAY, collections=S2)
    assert ids(pages) == []


def test_time_is_half_open(earth_search):
    seen = datetime(2025, 7, 31, 13, 19, 22, 930000, tzinfo=UTC)
    tick = timedelta(milliseconds=1)
    for start, end, found in [
        (seen, seen + tick, 2),
        (seen - tick, seen, 0),
        (seen + tick, None, 0),
        (None, seen + tick, 6),
        (None, seen, 4),
    ]:
        request = ms.Request(aoi=ms.AOI.of(WORLD), time=ms.TimeRange(start=start, end=end), collections=S2)
        assert len(list(ms.provider("earth-search").search(request))) == found


@pytest.mark.parametrize(
    ("limit", "found"), [(0, 0), (24.684544, 1), (24.6, 0), (26, 3), (26.02542, 5), (100, 6)]
)
def test_cloud_limit_includes_its_value(earth_search, limit, found):
    _, pages = ask("earth-search", WORLD, DAY, collections=S2, max_cloud=limit)
    assert len(ids(pages)) == found


def test_unknown_cloud_cover_is_kept(earth_search):
    _, pages = ask("earth-search", WORLD, DAY, collections=["sentinel-1-grd"], max_cloud=0)
    scenes = [scene for page in pages for scene in page.scenes]
    assert len(scenes) == 3
    assert {scene.cloud_cover for scene in scenes} == {None}
    assert {scene.relative_orbit for scene in scenes} == {56}


def test_native_names_ask_for_one_collection(earth_search):
    _, pages = ask("earth-search", WORLD, DAY, collections=["sentinel-2-c1-l2a"])
    assert earth_search.asked[0][2]["collections"] == ["sentinel-2-c1-l2a"]
    assert {scene.native_id for page in pages for scene in page.scenes} == {"sentinel-2-c1-l2a"}


def test_harmonised_properties_can_be_filtered_by(earth_search):
    for condition, found in [
        ({"tile": "24MWV"}, 2),
        ({"platform": "sentinel-2b"}, 6),
        ({"platform": "sentinel-2a"}, 0),
        ({"relative_orbit": 95, "processing_baseline": "05.11"}, 6),
    ]:
        _, pages = ask("earth-search", WORLD, DAY, collections=S2, filters=condition)
        assert len(ids(pages)) == found, condition


def test_several_collections_in_one_search(archive):
    archive("earth-search", pages=[COLORADO])
    _, pages = ask("earth-search", (-105.1019, 40.1672), "2023-10-08", collections=[*S2, "landsat-c2-l2"])
    scenes = {scene.id: scene for page in pages for scene in page.scenes}
    assert set(scenes) == {"S2A_13TDE_20231008_0_L2A", "LC08_L2SP_033032_20231008_02_T1"}
    landsat = scenes["LC08_L2SP_033032_20231008_02_T1"]
    assert landsat.assets["lwir11"].unit == "K"
    assert landsat.assets["red"].href.startswith("s3://usgs-landsat/")


def test_an_elevation_model_has_no_dates(archive):
    archive("earth-search", pages=[DEM])
    _, pages = ask("earth-search", (-179.9, -89.5, -179.8, -89.4), "1999", collections=["cop-dem-30"])
    assert ids(pages) == ["Copernicus_DSM_COG_10_S90_00_W180_00_DEM"]


def test_items_without_geometry_are_named_and_left_out(archive):
    archive("earth-search", pages=[DEM_CUT])
    search, pages = ask("earth-search", WORLD, collections=["cop-dem-30"])
    assert ids(pages) == []
    assert len(search.notes) == 6
    assert "Copernicus_DSM_COG_10_S90_00_W180_00_DEM" in search.notes[0]


def test_one_footprint_that_is_none_costs_one_scene(earth_search):
    def spoil(page):
        for one in page["features"]:
            if one["id"] == "S2B_24MWV_20250731_0_L2A":
                one["geometry"] = {"type": "Polygon", "coordinates": [[["west", "south"]]]}
        return page

    earth_search.change = spoil
    search, pages = ask("earth-search", WORLD, DAY, collections=S2)
    assert len(ids(pages)) == 5
    assert len(search.notes) == 1
    assert "S2B_24MWV_20250731_0_L2A" in search.notes[0]


def test_a_link_to_another_host_is_refused(earth_search):
    def lead_away(page):
        for link in page["links"]:
            if link["rel"] == "next":
                link["href"] = "https://elsewhere.example/search"
        return page

    earth_search.change = lead_away
    search = ms.provider("earth-search").search(ms.Request.of(WORLD, DAY, collections=S2))
    pages = search.pages()
    assert len(next(pages).scenes) == 2
    with pytest.raises(InvalidAnswer, match=r"elsewhere\.example"):
        next(pages)
    assert not search.complete
    assert search.resume


def test_an_interrupted_search_goes_on_where_it_stopped(earth_search):
    request = ms.Request.of(WORLD, DAY, collections=S2)
    first = ms.provider("earth-search").search(request)
    page = next(first.pages())
    rest = ms.provider("earth-search").search(request, resume=page.resume)
    assert [s.id for s in page.scenes] + [s.id for s in rest] == [
        s.id for s in ms.provider("earth-search").search(request)
    ]
    assert rest.complete


def test_planetary_computer_search(planetary_computer):
    search, pages = ask("planetary-computer", IN_60VUK, "2019-01-01", collections=S2, max_cloud=60)
    assert ids(pages) == ["S2A_MSIL2A_20190101T000001_R116_T60VUK_20201007T214652"]
    body = planetary_computer.asked[0][2]
    assert body["collections"] == ["sentinel-2-l2a"]
    assert "eo:cloud_cover" in str(body["filter"])
    assert "isNull" in str(body["filter"])
    assert search.matched() is None
    assert search.complete
    red = pages[0].scenes[0].assets["red"]
    assert "?" not in red.href


def test_planetary_computer_pages_that_go_on_by_get(planetary_computer):
    search, pages = ask("planetary-computer", WORLD, "2025-07", collections=["landsat-c2-l2"])
    assert len(ids(pages)) == 6
    assert [method for method, *_ in planetary_computer.asked] == ["POST", "GET"]
    assert "token=next:landsat-c2-l2" in planetary_computer.asked[1][1].replace("%3A", ":")
    assert search.complete


def test_a_collection_that_is_not_held_is_said_before_asking(planetary_computer):
    with pytest.raises(UnsupportedOperation, match="holds none"):
        ask("planetary-computer", WORLD, collections=["sentinel-2-l1c"])
    assert planetary_computer.asked == []
