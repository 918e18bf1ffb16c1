"""The stand-ins speak as the services do, limits and defects included; clients are unmodified."""

import pytest
import requests
from pystac_client import Client, ItemSearch

OCEAN = [-30, 0, -29, 1]
ARCHIVES = ("earth-search", "planetary-computer", "nasa-cmr")
S2, HLS = ["sentinel-2-l2a"], ["HLSS30_2.0"]


@pytest.fixture(scope="module")
def box(sandbox):
    return sandbox


@pytest.fixture(scope="module")
def post(box):
    def send(provider, **body):
        return requests.post(f"{box.urls[provider]}/search", json=body, timeout=30)

    return send


@pytest.mark.parametrize(
    ("provider", "collections", "count"),
    [("earth-search", S2, 2500), ("planetary-computer", S2, 2500), ("nasa-cmr", HLS, 450)],
)
def test_pystac_client_reaches_every_item(box, provider, collections, count):
    search = ItemSearch(f"{box.urls[provider]}/search", bbox=OCEAN, collections=collections, limit=250)
    ids = [item["id"] for item in search.items_as_dicts()]
    assert len(ids) == len(set(ids)) == count


def test_catalogues_open_and_list_their_collections(box):
    for provider in ARCHIVES:
        url = box.urls[provider]
        client = Client.open(url)
        assert client.id == provider
        names = {c["id"] for c in requests.get(f"{url}/collections", timeout=10).json()["collections"]}
        assert names == {e.collection for e in box.scenes if e.provider == provider}


def test_every_scene_says_that_it_is_synthetic_and_is_an_item(box, post):
    import pystac

    for provider in ARCHIVES:
        url = box.urls[provider]
        names = {e.collection for e in box.scenes if e.provider == provider}
        search = ItemSearch(f"{url}/search", collections=sorted(names), datetime="2023", limit=100)
        for item in search.items_as_dicts():
            assert item["properties"]["multisat:synthetic"] is True
            pystac.Item.from_dict(item)


def test_earth_search(box, post):
    conforms = requests.get(box.urls["earth-search"], timeout=10).json()["conformsTo"]
    assert not any("filter" in name or "cql2" in name for name in conforms)
    page = post("earth-search", collections=S2, bbox=OCEAN).json()
    assert len(page["features"]) == 10
    assert page["numberMatched"] == page["context"]["matched"] == 2500
    (link,) = page["links"]
    assert (link["method"], link["merge"]) == ("POST", False)
    assert link["body"]["next"].endswith(",sentinel-2-l2a")
    assert post("earth-search", collections=S2, bbox=OCEAN, limit=501).status_code == 502
    ignored = post(
        "earth-search", collections=S2, bbox=OCEAN, filter={"op": "=", "args": [{"property": "x"}, 1]}
    )
    assert ignored.json()["numberMatched"] == 2500
    newest = [f["properties"]["datetime"] for f in page["features"]]
    assert newest == sorted(newest, reverse=True)
    few = post("earth-search", collections=S2, bbox=OCEAN, query={"eo:cloud_cover": {"lt": 1}}).json()
    assert {f["properties"]["eo:cloud_cover"] for f in few["features"]} == {0}
    unknown = post(
        "earth-search", collections=S2, ids=["S2A_32UPU_20230723_0_L2A"], query={"eo:cloud_cover": {"gte": 0}}
    )
    assert unknown.json()["features"] == []


def test_planetary_computer(post):
    refused = post("planetary-computer", bbox=OCEAN)
    assert (refused.status_code, "collection is required" in refused.text) == (422, True)
    for limit in (0, 1001):
        assert post("planetary-computer", collections=S2, limit=limit).status_code == 400
    page = post("planetary-computer", collections=S2, bbox=OCEAN).json()
    assert len(page["features"]) == 250
    assert not {"numberMatched", "context"} & set(page)
    assert page["links"][0]["body"]["token"].startswith("next:sentinel-2-l2a:")
    cloud = {"property": "eo:cloud_cover"}
    low = {
        "op": "and",
        "args": [
            {"op": "<=", "args": [cloud, 1]},
            {"op": "not", "args": [{"op": "isNull", "args": [cloud]}]},
        ],
    }
    some = post("planetary-computer", collections=S2, bbox=OCEAN, filter=low).json()["features"]
    assert {f["properties"]["eo:cloud_cover"] for f in some} == {0, 1}


def test_nasa_cmr(post):
    page = post("nasa-cmr", collections=HLS, bbox=OCEAN, limit=2000).json()
    assert len(page["features"]) == 100
    assert page["context"] == {"limit": 2000, "matched": 450, "returned": 100}
    (link,) = page["links"]
    assert link["method"] == "GET"
    assert "cursor=100" in link["href"]
    assert len(requests.get(link["href"], timeout=10).json()["features"]) == 100
    assert post("nasa-cmr", collections=HLS, limit=5001).status_code == 400
    assert "Unsupported parameter filter" in post("nasa-cmr", collections=HLS, filter={}).text
    polygon = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    assert post("nasa-cmr", bbox=OCEAN, intersects=polygon).status_code == 400
    assert post("nasa-cmr", bbox=[179, 0, -179, 1]).status_code == 400
    assert (
        post(
            "nasa-cmr", collections=HLS, sortby=[{"field": "properties.platform", "direction": "asc"}]
        ).status_code
        == 400
    )
    old = post("nasa-cmr", collections=["HLSS30.v2.0"], bbox=OCEAN).json()["features"]
    assert {f["collection"] for f in old} == set(HLS)
    assert not {"platform", "proj:epsg", "proj:code", "gsd"} & set(old[0]["properties"])


def test_nasa_cmr_cloud_bounds(post):
    def clouds(**bounds):
        found = post(
            "nasa-cmr", collections=HLS, bbox=OCEAN, limit=100, query={"eo:cloud_cover": bounds}
        ).json()
        return {f["properties"]["eo:cloud_cover"] for f in found["features"]}, found["context"]["matched"]

    assert max(clouds(lt=5)[0]) == 5  # lt is lte
    assert clouds(lte=0)[1] == 450  # a bound of 0 is dropped
    assert clouds(lte=0.001)[0] == {0}


def test_nasa_cmr_addresses_have_a_longest_length(box):
    long = "&".join(f"intersects[coordinates][0][{n}][0]=11.123456789" for n in range(250))
    assert requests.get(f"{box.urls['nasa-cmr']}/search?{long}", timeout=10).status_code == 414


def test_nasa_cmr_ignores_holes(post):
    around = [[-31, -1], [-28, -1], [-28, 2], [-31, 2], [-31, -1]]
    hole = [[-30.5, -0.5], [-30.5, 1.5], [-28.5, 1.5], [-28.5, -0.5], [-30.5, -0.5]]
    area = {"type": "Polygon", "coordinates": [around, hole]}
    assert post("nasa-cmr", collections=HLS, intersects=area).json()["context"]["matched"] == 450
    assert post("earth-search", collections=S2, intersects=area).json()["numberMatched"] == 0
