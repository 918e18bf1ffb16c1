"""Remembered headers save requests, and are never trusted against what the server says."""

import sqlite3
import subprocess
import sys
import textwrap
import threading
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from multisat.contracts import Access
from multisat.raster import CogReader, Window, run, together
from multisat.raster.cog import HeaderCache

INSIDE = Window(row=10, column=10, height=30, width=40)
FILE = "headers.sqlite"


@pytest.fixture
def requests(served, values, take, read):
    """Read a file with a cache in a folder; returns the number of requests."""

    def count(href, folder, expected=None):
        served.asked.clear()
        _, pixels = take(href, INSIDE, reader=CogReader(cache=HeaderCache(folder)))
        np.testing.assert_array_equal(pixels.values, read.part(values if expected is None else expected))
        return len(served.asked)

    return count


def test_a_second_reader_asks_for_no_header(served, data, requests, tmp_path):
    href = served.add("a.tif", data)
    folder = tmp_path / "deep" / "folder"
    assert [requests(href, folder) for _ in range(3)] == [2, 1, 1]
    assert (folder / FILE).stat().st_size < 50_000


def test_reading_alone_makes_no_folder(tmp_path):
    cache = HeaderCache(tmp_path / "none")
    assert cache.get("https://x/a.tif") is None
    cache.flush()
    assert not (tmp_path / "none").exists()


def test_a_changed_file_is_read_anew_and_remembered(served, write, values, data, requests, tmp_path):
    href = served.add("a.tif", data)
    requests(href, tmp_path)
    other = values // 3
    served.add("a.tif", write(other, compress="ZSTD"))
    assert requests(href, tmp_path, other) > 1
    assert requests(href, tmp_path, other) == 1


def tagless(served, *, changed=None):
    """Answer without an ETag, with a time of change or without."""

    class Handler:
        def __init__(self, handler):
            self._handler = handler

        def __getattr__(self, name):
            return getattr(self._handler, name)

        def send_header(self, name, value):
            if name != "ETag":
                self._handler.send_header(name, value)
            elif changed:
                self._handler.send_header("Last-Modified", changed[0])

    return lambda handler: served.answer(Handler(handler))


def test_a_file_without_any_version_is_not_remembered(served, serve, data, requests, tmp_path):
    served.add("a.tif", data)
    href = f"{serve(tagless(served))}/a.tif"
    assert [requests(href, tmp_path) for _ in range(2)] == [2, 2]
    assert not (tmp_path / FILE).exists()


def test_the_time_of_a_change_is_a_version(served, serve, write, values, data, requests, tmp_path):
    served.add("a.tif", data)
    changed = ["Wed, 01 Jan 2020 00:00:00 GMT"]
    href = f"{serve(tagless(served, changed=changed))}/a.tif"
    assert [requests(href, tmp_path) for _ in range(2)] == [2, 1]
    changed[0] = "Thu, 02 Jan 2020 00:00:00 GMT"
    served.add("a.tif", write(values // 2, compress="DEFLATE"))
    assert requests(href, tmp_path, values // 2) > 1


def test_signed_and_endless_names_are_not_stored(served, data, tmp_path, take):
    cache = HeaderCache(tmp_path)
    reader = CogReader(cache=cache)
    take(served.add("a.tif", data), INSIDE, reader=reader)
    (name,) = sqlite3.connect(tmp_path / FILE).execute("SELECT name FROM headers").fetchone()
    cache = HeaderCache(tmp_path)
    header = cache.get(name)
    for bad in (f"{name}?sig=SECRETSIG", "https://x/" + "a" * 5000):
        cache.put(bad, header)
    cache.flush()
    assert [row[0] for row in sqlite3.connect(tmp_path / FILE).execute("SELECT name FROM headers")] == [name]


def spoil(path, how):
    if how == "garbage":
        path.write_bytes(b"no database at all" * 100)
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "cut":
        path.write_bytes(path.read_bytes()[:3000])
    elif how == "folder":
        path.unlink()
        path.mkdir()
    else:
        with sqlite3.connect(path) as file:
            file.execute(how)


SPOILED = [
    "garbage",
    "empty",
    "cut",
    "folder",
    "DROP TABLE headers",
    "ALTER TABLE headers RENAME COLUMN tag TO other",
    "UPDATE headers SET data = NULL",
    "UPDATE headers SET data = 'text'",
    "UPDATE headers SET data = x'789c'",
    "UPDATE headers SET data = zeroblob(2000000)",
    "UPDATE headers SET data = substr(data, 1, 100)",
    "UPDATE headers SET size = 'big'",
    "UPDATE headers SET size = NULL",
    "UPDATE headers SET size = 10",
    "UPDATE headers SET size = -1",
    "UPDATE headers SET tag = NULL",
    "UPDATE headers SET tag = 5",
]


@pytest.mark.parametrize("how", SPOILED)
def test_a_spoiled_database_costs_requests_only(served, data, requests, tmp_path, how):
    href = served.add("a.tif", data)
    requests(href, tmp_path)
    spoil(tmp_path / FILE, how)
    for _ in range(2):
        assert requests(href, tmp_path) <= 3


def test_flipped_bytes_cost_requests_only(served, data, requests, tmp_path):
    href = served.add("a.tif", data)
    requests(href, tmp_path)
    sound = (tmp_path / FILE).read_bytes()
    rng = np.random.default_rng(1)
    for _ in range(60):
        changed = bytearray(sound)
        for _ in range(rng.integers(1, 20)):
            changed[rng.integers(0, len(changed))] = rng.integers(0, 256)
        (tmp_path / FILE).write_bytes(changed)
        assert requests(href, tmp_path) <= 3


def test_a_bomb_in_the_database_takes_no_memory(served, data, craft, requests, tmp_path, peak):
    href = served.add("a.tif", data)
    requests(href, tmp_path)
    with sqlite3.connect(tmp_path / FILE) as file:
        file.execute("UPDATE headers SET data = ?", (craft.zeros(2**30),))
    with peak() as cost:
        assert requests(href, tmp_path) <= 3
    assert cost.extra < 300 * 2**20


@pytest.mark.slow
def test_a_locked_database_is_waited_for_a_moment_and_not_for_each_file(
    served, data, requests, tmp_path, in_time
):
    hrefs = [served.add(f"{number}.tif", data) for number in range(60)]
    requests(hrefs[0], tmp_path)
    served.asked.clear()

    async def work():
        reader = CogReader(cache=HeaderCache(tmp_path))

        async def one(href):
            async with reader.open(Access(href=href), href) as raster:
                return await raster.read(INSIDE)

        found = await together(one(href) for href in hrefs)
        reader.close()
        return found

    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as file:
        file.execute("BEGIN EXCLUSIVE")
        with in_time():
            assert len(run(work())) == len(hrefs)
        assert len(served.asked) == 2 * len(hrefs)
        file.execute("ROLLBACK")
    assert requests(hrefs[0], tmp_path) == 1


@pytest.mark.parametrize("folder", ["/proc/nothing", "/sys/kernel", "/dev/null", "/dev/null/deep"])
def test_a_folder_that_cannot_be_written(served, data, requests, folder):
    href = served.add("a.tif", data)
    assert [requests(href, Path(folder)) for _ in range(2)] == [2, 2]


def test_a_database_that_can_be_read_only(served, data, requests, tmp_path, monkeypatch):
    """Another user's: opened for reading, never written."""
    href, other = served.add("a.tif", data), served.add("b.tif", data)
    requests(href, tmp_path)
    with sqlite3.connect(tmp_path / FILE) as file:
        file.execute("CREATE TRIGGER no BEFORE INSERT ON headers BEGIN SELECT RAISE(ABORT, 'no'); END")
    assert requests(href, tmp_path) == 1
    assert [requests(other, tmp_path) for _ in range(2)] == [2, 2]


WRITER = """
import sys
from pathlib import Path
from multisat.contracts import Access
from multisat.raster import CogReader, Window, run, together
from multisat.raster.cog import HeaderCache

async def load(hrefs):
    reader = CogReader(cache=HeaderCache(Path(sys.argv[1])))

    async def one(href):
        async with reader.open(Access(href=href), href) as raster:
            await raster.read(Window(row=0, column=0, height=9, width=9))

    await together(one(href) for href in hrefs)
    reader.close()

for turn in range(10):
    run(load([f"{sys.argv[2]}/{turn}-{n}.tif" for n in range(4)] + [f"{sys.argv[2]}/{sys.argv[3]}-{turn}.tif"]))
"""


def test_several_processes_at_a_time(served, data, tmp_path):
    for first in [*range(10), "x", "y"]:
        for second in range(10):
            served.add(f"{first}-{second}.tif", data)
    script = textwrap.dedent(WRITER)
    children = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", script, str(tmp_path / "kept"), served.url, mark],
            stderr=subprocess.PIPE,
            text=True,
        )
        for mark in ("x", "y")
    ]
    for child in children:
        _, said = child.communicate(timeout=100)
        assert child.returncode == 0, said
    names = [row[0] for row in sqlite3.connect(tmp_path / "kept" / FILE).execute("SELECT name FROM headers")]
    assert len(names) == 40 + 20


def test_threads_that_load_at_a_time(served, data, requests, tmp_path):
    href = served.add("a.tif", data)
    failed = []

    def work():
        try:
            for _ in range(5):
                requests(href, tmp_path)
        except Exception as error:  # noqa: BLE001 - whatever it is
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
