"""The catalogue: scenes in the terms of every archive, and who may ask."""

import json
from datetime import UTC, datetime

import pytest

import multisat as ms
from multisat.errors import CredentialsError, InvalidAnswer, UnsupportedOperation
from multisat.model import Status

SPRING = "2023-05/2023-07-14"


@pytest.fixture
def field(hub):
    return hub.places["munich"]


def test_scenes_are_the_twins_of_other_archives(member, field):
    names = ["earth-search", "planetary-computer", "sentinel-hub"]
    found = ms.search(field, SPRING, collections=["sentinel-2-l2a"], providers=names)
    assert [one.status for one in found.outcomes] == [Status.OK] * 3
    mine = [one for scene in found.scenes for one in scene.copies if one.provider == "sentinel-hub"]
    assert len(mine) == 8
    for scene in found.scenes:
        others = {one.provider for one in scene.copies}
        assert scene.provider != "sentinel-hub", "what can be read comes first"
        if "sentinel-hub" in others:
            assert "planetary-computer" in others


def test_a_scene_knows_its_bands_and_their_pixels(member, field):
    found = ms.search(field, "2023-05-04", collections=["sentinel-2-l2a"], providers="sentinel-hub")
    (scene,) = found.scenes
    assert (scene.tile, scene.platform, scene.relative_orbit) == ("32UPU", "sentinel-2a", 22)
    assert scene.processing_baseline == "05.09"
    red, swir = scene.assets["red"], scene.assets["swir16"]
    assert (red.scale, red.offset, red.nodata, red.dtype) == (0.0001, -0.1, 0, "uint16")
    assert "04.00 or later" in red.why
    assert red.grid.transform == (10.0, 0.0, 600000.0, 0.0, -10.0, 5400000.0)
    assert swir.grid.resolution == (20.0, 20.0)
    with pytest.raises(UnsupportedOperation, match="no files"):
        ms.provider("sentinel-hub").access(red)


def test_a_saved_search_is_read_again(member, field, tmp_path):
    found = ms.search(field, "2023-05-04", collections=["sentinel-2-l2a"], providers="sentinel-hub")
    found.save(tmp_path / "found.json")
    (scene,) = ms.SearchResult.open(tmp_path / "found.json").scenes
    assert scene.assets["nir"].grid == found.scenes[0].assets["nir"].grid
    assert "Bearer" not in (tmp_path / "found.json").read_text()


def test_clouds_are_judged_here(member, field):
    found = ms.search(field, SPRING, collections=["sentinel-2-l2a"], providers="sentinel-hub", max_cloud=20)
    assert {scene.cloud_cover for scene in found.scenes} == {0, 5, 10, 15, 20}


def test_without_a_login_it_is_listed_and_passed_over(anonymous, field):
    found = ms.search(
        field, "2023-05-04", collections=["sentinel-2-l2a"], providers=["planetary-computer", "sentinel-hub"]
    )
    outcomes = {one.provider: one for one in found.outcomes}
    assert outcomes["planetary-computer"].status is Status.OK
    assert outcomes["sentinel-hub"].status is Status.SKIPPED
    assert "needs a login" in str(outcomes["sentinel-hub"].error)
    assert found.complete
    status = ms.provider("sentinel-hub").credentials()
    assert not status.found
    assert status.note == "needs login: multisat login sentinel-hub"
    assert ms.provider("sentinel-hub").capabilities.login == "needed"
    assert ms.provider("sentinel-hub").prove().works is None
    with pytest.raises(CredentialsError, match="needs a login"):
        ms.provider("sentinel-hub").search(ms.Request.of(field, SPRING, collections=["sentinel-2-l2a"]))


def test_a_login_is_proved_by_a_token(member):
    assert ms.provider("sentinel-hub").prove().works


@pytest.mark.parametrize(
    ("collection", "reason"),
    [("landsat-c2-l2", "services-uswest2 has it"), ("hls", "services-uswest2 has it")],
)
def test_what_a_deployment_lacks_is_said(member, field, collection, reason):
    found = ms.search(field, SPRING, collections=[collection], providers="sentinel-hub")
    (outcome,) = found.outcomes
    assert outcome.status is Status.SKIPPED
    assert reason in str(outcome.error)


def test_another_deployment_has_other_collections(member, monkeypatch):
    monkeypatch.setenv("MULTISAT_SENTINEL_HUB_DEPLOYMENT", "services-uswest2")
    assert ms.provider("sentinel-hub").capabilities.collections == ()
    monkeypatch.setenv("MULTISAT_SENTINEL_HUB_DEPLOYMENT", "moon")
    with pytest.raises(ms.errors.UsageError, match="no deployment is called 'moon'"):
        _ = ms.provider("sentinel-hub").url


def test_a_login_of_the_data_space_is_not_sent_elsewhere(member, monkeypatch):
    """The commercial deployments have logins of their own."""
    for name in ("SH_CLIENT_ID", "SH_CLIENT_SECRET", "MULTISAT_SENTINEL_HUB_URL", "MULTISAT_CDSE_TOKEN_URL"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("MULTISAT_CDSE_CLIENT_ID", "of-the-data-space")
    monkeypatch.setenv("MULTISAT_CDSE_CLIENT_SECRET", "secret")
    assert ms.provider("sentinel-hub").credentials().found
    monkeypatch.setenv("MULTISAT_SENTINEL_HUB_DEPLOYMENT", "services")
    assert not ms.provider("sentinel-hub").credentials().found
    monkeypatch.setenv("MULTISAT_SENTINEL_HUB_URL", "https://elsewhere.example.org")
    assert not ms.provider("sentinel-hub").credentials().found


def paged(pages, answer_with):
    """A catalogue of some pages, and a login service."""

    def answer(handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        if handler.path == "/token":
            told = {"access_token": "t", "expires_in": 600}
        elif handler.path.endswith("/collections"):
            told = {"collections": [{"id": "sentinel-2-l2a"}]}
        else:
            asked = json.loads(body)
            assert asked["limit"] == 100
            told = pages[asked.get("next", 0)]
        answer_with(handler, 200, json.dumps(told).encode(), Content_Type="application/json")

    return answer


def page(days, following=None):
    items = [
        {
            "type": "Feature",
            "id": f"S2A_MSIL2A_202305{day:02}T101031_N0509_R022_T32UPU_202305{day:02}T221031.SAFE",
            "collection": "sentinel-2-l2a",
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[11, 48], [12, 48], [12, 49], [11, 49], [11, 48]]],
            },
            "properties": {"datetime": f"2023-05-{day:02}T10:16:00Z", "eo:cloud_cover": 3},
        }
        for day in days
    ]
    return {"features": items, "context": {"next": following} if following else {}}


@pytest.fixture
def catalogue(here, serve, answer_with, monkeypatch):
    """Serve pages instead: ``catalogue({0: page(...), 100: page(...)})``."""

    def start(pages):
        url = serve(paged(pages, answer_with))
        monkeypatch.setenv("MULTISAT_SENTINEL_HUB_URL", url)
        monkeypatch.setenv("MULTISAT_SENTINEL_HUB_TOKEN_URL", f"{url}/token")
        request = ms.Request.of((11.2, 48.2, 11.3, 48.3), "2023-05", collections=["sentinel-2-l2a"])
        return ms.provider("sentinel-hub"), request

    return start


def test_every_page_is_read_and_a_search_goes_on(catalogue):
    provider, request = catalogue({0: page([1, 2], 100), 100: page([3], 200), 200: page([4])})
    search = provider.search(request)
    pages = search.pages()
    first = next(pages)
    assert [one.datetime.day for one in first.scenes] == [1, 2]
    rest = provider.search(request, resume=first.resume)
    assert [one.datetime for one in rest] == [datetime(2023, 5, d, 10, 16, tzinfo=UTC) for d in (3, 4)]
    assert rest.complete
    assert not search.complete


def test_pages_in_a_circle_end(catalogue):
    provider, request = catalogue({0: page([1], 100), 100: page([2], 100)})
    with pytest.raises(InvalidAnswer, match="read before"):
        list(provider.search(request))


def test_days_are_listed_without_their_scenes(member, field):
    request = ms.Request.of(field, SPRING, collections=["sentinel-2-l2a"])
    days = ms.provider("sentinel-hub").dates(request)
    assert [day.isoformat() for day in days] == [
        "2023-05-04", "2023-05-14", "2023-06-03", "2023-06-13", "2023-06-23", "2023-07-03", "2023-07-13",
    ]  # fmt: skip
    assert member.received("sentinel-hub")[-1].body["distinct"] == "date"


def test_collections_are_those_the_service_lists(member):
    from multisat_sentinel_hub.deployments import deployment
    from multisat_sentinel_hub.listing import collections, own_collections

    assert "sentinel-2-l2a" in collections(deployment())
    assert "landsat-ot-l2" not in collections(deployment())
    assert all(len(one) == 2 for one in own_collections(deployment()))


def test_the_table_counts_where_the_service_lists_nothing(member, monkeypatch, serve, answer_with):
    from multisat_sentinel_hub.deployments import deployment
    from multisat_sentinel_hub.listing import collections

    def answer(handler):
        token = handler.path == "/token"
        told = {"access_token": "t", "expires_in": 600} if token else {}
        answer_with(handler, 200 if token else 404, json.dumps(told).encode())

    url = serve(answer)
    monkeypatch.setenv("MULTISAT_SENTINEL_HUB_URL", url)
    monkeypatch.setenv("MULTISAT_SENTINEL_HUB_TOKEN_URL", f"{url}/token")
    assert "sentinel-5p-l2" in collections(deployment())
