"""Fan-out: what each archive answers, and what a failing one costs the others."""

import threading

import pytest

import multisat as ms
from multisat.model import Status

FIELD = (11.2, 48.2, 11.3, 48.3)


def outcome(found, provider):
    return next(o for o in found.outcomes if o.provider == provider)


@pytest.fixture
def days(make_item):
    return [make_item(n, day=n + 1) for n in range(20)]


def test_one_archive_hangs_and_the_others_answer_whole(catalogue, days, hang, in_time):
    catalogue("earth-search", days)
    catalogue("planetary-computer", [])
    served = catalogue("nasa-cmr", [])
    assert ms.search(FIELD, "2023-05").complete
    served.fault = lambda handler, start, limit: hang(handler)
    with in_time():
        found = ms.search(FIELD, "2023-05", deadline=3)
    assert len(found) == 20
    assert outcome(found, "earth-search").complete
    assert outcome(found, "planetary-computer").status is Status.EMPTY
    hung = outcome(found, "nasa-cmr")
    assert (hung.status, hung.complete) == (Status.TIMED_OUT, False)
    assert isinstance(hung.error, ms.ProviderTimeout)
    assert not found.complete


def test_archives_are_asked_at_the_same_time(catalogue):
    """None of them answers before all have been asked."""
    all_asked = threading.Barrier(3)

    def wait(handler, start, limit):
        all_asked.wait(30)
        return False

    for provider in ("earth-search", "planetary-computer", "nasa-cmr"):
        catalogue(provider, [], fault=wait)
    assert ms.search(FIELD, "2023-05").complete


def test_a_refused_connection_is_one_failed_outcome(catalogue, days, monkeypatch):
    catalogue("earth-search", days)
    monkeypatch.setenv("MULTISAT_PLANETARY_COMPUTER_URL", "http://127.0.0.1:1")
    found = ms.search(FIELD, "2023-05", providers=["earth-search", "planetary-computer"])
    failed = outcome(found, "planetary-computer")
    assert failed.status is Status.FAILED
    assert isinstance(failed.error, ms.ProviderUnavailable)
    assert len(found) == 20


def test_a_failing_second_page_keeps_the_first_and_can_be_resumed(catalogue, make_item, answer_with):
    items = [make_item(n, day=n % 28 + 1) for n in range(450)]
    broken = [True]

    def fault(handler, start, limit):
        if broken[0] and start > 0:
            answer_with(handler, 500)
            return True
        return False

    served = catalogue("earth-search", items, fault=fault)
    found = ms.search(FIELD, "2023-05", providers="earth-search", deadline=60)
    part = outcome(found, "earth-search")
    assert (part.status, part.complete, part.scenes) == (Status.PARTIAL, False, 200)
    assert part.resume
    broken[0] = False
    asked = len(served.bodies)
    whole = found.resume()
    assert whole.complete
    copies = {copy.id for scene in whole for copy in scene.copies}
    assert copies == {i["id"] for i in items}
    assert all(int(body["token"]) > 0 for body in served.bodies[asked:])  # page one is not asked again


def test_a_page_too_large_for_the_service_is_made_smaller(catalogue, make_item, answer_with):
    items = [make_item(n, day=n % 28 + 1) for n in range(120)]

    def fault(handler, start, limit):
        if limit > 60:
            answer_with(handler, 502)
        return limit > 60

    catalogue("earth-search", items, fault=fault)
    found = ms.search(FIELD, "2023-05", providers="earth-search", deadline=60)
    assert found.complete
    assert outcome(found, "earth-search").scenes == 120


@pytest.mark.parametrize("empty", [False, True])
def test_pages_in_a_circle_are_marked_incomplete(catalogue, make_item, answer_with, empty):
    import json

    items = [make_item(n, day=n + 1) for n in range(5)]
    served = catalogue("earth-search", items)

    def circle(handler, start, limit):
        page = {"features": [] if empty and start else items, "links": [served.next_link({"token": "7"})]}
        answer_with(handler, 200, json.dumps(page).encode())
        return True

    served.fault = circle
    found = ms.search(FIELD, "2023-05", providers="earth-search")
    part = outcome(found, "earth-search")
    assert (part.status, part.scenes, part.complete) == (Status.PARTIAL, 5, False)
    assert isinstance(part.error, ms.InvalidAnswer)
    assert len(served.bodies) <= 3


def test_an_html_page_is_named_as_one(catalogue, days, answer_with):
    def page(handler, start, limit):
        answer_with(handler, 200, b"<html>please log in</html>", Content_Type="text/html")
        return True

    catalogue("earth-search", days, fault=page)
    found = ms.search(FIELD, "2023-05", providers="earth-search")
    assert "HTML" in str(outcome(found, "earth-search").error)


def test_a_link_to_another_host_is_not_followed(catalogue, days, answer_with):
    import json

    def elsewhere(handler, start, limit):
        link = {"rel": "next", "href": "http://localhost:1/steal?x=1"}
        answer_with(handler, 200, json.dumps({"features": days[:1], "links": [link]}).encode())
        return True

    catalogue("earth-search", days, fault=elsewhere)
    part = outcome(ms.search(FIELD, "2023-05", providers="earth-search"), "earth-search")
    assert isinstance(part.error, ms.InvalidAnswer)
    assert "localhost:1" in str(part.error)


def test_what_a_service_claims_to_have_filtered_is_filtered_again(catalogue, make_item):
    far = make_item(3, day=4)
    far["geometry"] = {"type": "Polygon", "coordinates": [[[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]]}
    late = make_item(4, day=5)
    late["properties"]["datetime"] = "2023-06-01T00:00:00Z"
    unknown = make_item(5, day=6, cloud=None)
    items = [make_item(1, day=2, cloud=20.0), make_item(2, day=3, cloud=20.001), far, late, unknown]
    catalogue("earth-search", items)
    found = ms.search(FIELD, "2023-05", providers="earth-search", max_cloud=20)
    assert [s.id for s in found] == [items[0]["id"], unknown["id"]]


def test_a_limit_marks_the_list_as_cut(catalogue, days):
    catalogue("earth-search", days)
    found = ms.search(FIELD, "2023-05", providers="earth-search", limit=7)
    assert (len(found), found.complete) == (7, False)
    whole = ms.search(FIELD, "2023-05", providers="earth-search", limit=20)
    assert (len(whole), whole.complete) == (20, True)


def test_an_archive_that_holds_nothing_of_it_is_skipped(catalogue, days):
    catalogue("earth-search", days)
    found = ms.search(
        FIELD, "2023-05", collections=["sentinel-2-l2a"], providers=["earth-search", "nasa-cmr"]
    )
    assert outcome(found, "nasa-cmr").status is Status.SKIPPED
    assert found.complete


def test_a_collection_nobody_knows_is_an_error():
    with pytest.raises(ms.UsageError, match="sentinel-7"):
        ms.search(FIELD, "2023-05", collections=["sentinel-2-l2a", "sentinel-7"])


def test_an_item_that_is_none_is_left_out_and_said(catalogue, days):
    broken = {**days[3], "geometry": None}
    catalogue("earth-search", [*days[:3], broken])
    found = ms.search(FIELD, "2023-05", providers="earth-search")
    assert len(found) == 3
    assert broken["id"] in " ".join(outcome(found, "earth-search").notes)


def test_a_filter_on_a_property_no_scene_has_is_said(catalogue, days):
    catalogue("earth-search", days)
    found = ms.search(FIELD, "2023-05", providers="earth-search", filters={"no:such": 1})
    assert "no:such" in " ".join(outcome(found, "earth-search").notes)


def test_one_connection_per_archive(catalogue, make_item):
    served = catalogue("earth-search", [make_item(n, day=n % 28 + 1) for n in range(900)])
    found = ms.search(FIELD, "2023-05", providers="earth-search", collections="sentinel-2-l2a")
    assert outcome(found, "earth-search").requests == len(served.bodies) == 5
    assert len(served.ports) == 1


def test_a_result_is_saved_and_opened_whole(catalogue, days, tmp_path):
    import pystac

    catalogue("earth-search", days)
    found = ms.search(FIELD, "2023-05", providers="earth-search")
    path = found.save(tmp_path / "found.json")
    again = ms.open_results(path)
    assert again.scenes == found.scenes
    assert [s.item for s in again] == [s.item for s in found]
    assert again.request == found.request
    assert again.complete == found.complete
    assert len(pystac.ItemCollection.from_file(str(path)).items) == 20
    assert list(tmp_path.iterdir()) == [path]


def test_a_token_of_another_request_is_refused(catalogue, days):
    catalogue("earth-search", days)
    found = ms.search(FIELD, "2023-05", providers="earth-search", limit=3)
    token = found.outcomes[0].resume
    other = ms.Request.of(FIELD, "2022")
    with pytest.raises(ms.UsageError, match="another request"):
        ms.provider("earth-search").search(other, resume=token)
