"""Files by range, faults on purpose, and an end that leaves nothing behind."""

import ast
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import rasterio
import requests

import multisat.sandbox
from multisat.sandbox import Fault, Sandbox


@pytest.fixture(scope="module")
def running():
    with Sandbox() as box:
        yield box


@pytest.fixture
def box(running):
    yield running
    running.clear_faults()


@pytest.fixture(scope="module")
def address(running):
    entry = next(e for e in running.scenes if e.collection == "sentinel-2-c1-l2a")
    return entry.item["assets"]["scl"]["href"].replace("{files}", f"{running.url}/files")


@pytest.fixture(scope="module")
def whole(address):
    return requests.get(address, timeout=30).content


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("0-99", slice(0, 100)),
        ("100-", slice(100, None)),
        ("-50", slice(-50, None)),
        ("10-9999999", slice(10, None)),
    ],
)
def test_ranges(address, whole, wanted, part):
    answer = requests.get(address, headers={"Range": f"bytes={wanted}"}, timeout=10)
    assert answer.status_code == 206
    assert answer.content == whole[part]
    assert answer.headers["Content-Range"].endswith(f"/{len(whole)}")


def test_ranges_that_cannot_be(address, whole):
    beyond = requests.get(address, headers={"Range": f"bytes={len(whole)}-"}, timeout=10)
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(whole)}")


def test_head_and_etag(address, whole):
    head = requests.head(address, timeout=10)
    assert int(head.headers["Content-Length"]) == len(whole)
    assert head.headers["Accept-Ranges"] == "bytes"
    assert head.headers["ETag"] == requests.get(address, timeout=10).headers["ETag"]
    assert requests.get(address.replace("scl", "none"), timeout=10).status_code == 404


def test_files_are_cogs_with_overviews_of_what_they_promise(box):
    for entry in [e for e in box.scenes if e.files and e.place == "munich"][::5]:
        key, file = next(iter(entry.files.items()))
        href = entry.item["assets"][key]["href"].replace("{files}", f"{box.url}/files")
        # Without this GDAL asks for side-car files while it holds Python, and with it our server.
        with rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"), rasterio.open(href) as source:
            assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
            where = file.whole or file.frame
            assert (source.height, source.width) == (where.rows, where.columns)
            assert list(source.transform)[:6] == pytest.approx(where.transform)
            assert source.dtypes[0] == file.dtype
            np.testing.assert_array_equal(source.read(1), file.stored())


def test_one_connection_serves_a_session(box, address):
    before = len(box.requests)
    with requests.Session() as session:
        for _ in range(5):
            session.get(address, headers={"Range": "bytes=0-9"}, timeout=10)
    assert len({r.connection for r in box.requests[before:]}) == 1


@pytest.mark.parametrize("status", ["401", "403", "404", "429", "500", "502", "503", "504"])
def test_statuses(box, status):
    box.inject(Fault(provider="earth-search", kind=status, times=1, retry_after="7"))
    url = box.urls["earth-search"]
    first = requests.get(url, timeout=10)
    assert (first.status_code, first.headers["Retry-After"]) == (int(status), "7")
    assert requests.get(url, timeout=10).status_code == 200


def test_bodies_that_are_wrong(box):
    url = f"{box.urls['planetary-computer']}/search"
    body = {"collections": ["sentinel-2-l2a"], "limit": 3}

    def answer(kind, **options):
        box.clear_faults()
        box.inject(Fault(provider="planetary-computer", kind=kind, **options))
        return requests.post(url, json=body, timeout=10, stream=kind == "huge")

    assert answer("html").text.startswith("<!DOCTYPE html>")
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer("garbage").json()
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        answer("cut")
    with answer("huge") as endless:
        assert (
            sum(len(chunk) for chunk, _ in zip(endless.iter_content(2**16), range(50), strict=False))
            > 3_000_000
        )
    again = answer("repeat-next").json()
    assert (
        requests.post(again["links"][0]["href"], json=again["links"][0]["body"], timeout=10).json() == again
    )


def test_faults_hit_what_they_name(box):
    url, body = f"{box.urls['earth-search']}/search", {"collections": ["sentinel-2-l2a"], "limit": 5}
    box.inject(Fault(provider="earth-search", kind="500", page=2))
    first = requests.post(url, json=body, timeout=10)
    assert first.status_code == 200
    assert requests.post(url, json=first.json()["links"][0]["body"], timeout=10).status_code == 500
    box.clear_faults()
    box.inject(Fault(provider="earth-search", kind="502", above_limit=100))
    assert requests.post(url, json=body, timeout=10).status_code == 200
    assert requests.post(url, json={**body, "limit": 101}, timeout=10).status_code == 502
    assert requests.get(box.urls["nasa-cmr"], timeout=10).status_code == 200


def test_stopping_lets_go_of_what_hangs_and_leaves_nothing(in_time):
    before = threading.active_count()
    box = Sandbox().start()
    box.inject(Fault(provider="earth-search", kind="hang"))
    ended = []

    def ask():
        try:
            requests.get(box.urls["earth-search"], timeout=60)
        except requests.exceptions.RequestException as error:
            ended.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    while not box.requests:
        time.sleep(0.01)
    with in_time():
        box.stop()
        asking.join(60)
    assert ended
    assert threading.active_count() <= before


def test_it_knows_nothing_of_what_it_judges():
    for path in Path(multisat.sandbox.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("multisat"):
                assert node.module.startswith("multisat.sandbox"), path
