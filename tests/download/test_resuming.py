"""A download that was cut goes on where it ended, and only with the same file."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

CHANGED = b"another version of the file" * 30_000
RUN = """
import sys
from multisat.contracts import Access
from multisat.downloads import download_scenes
sys.path.insert(0, {here!r})
from conftest import make_scene
scenes = [make_scene(name, {{"red": {url!r} + path}}) for name, path in {files!r}]
files = download_scenes(scenes, {folder!r}, access=lambda _, asset: Access(href=asset.href), workers=2)
print(*sorted({{str(one.status) for one in files}}), sum(one.bytes for one in files))
"""


@pytest.fixture
def place(tmp_path):
    """Where a file goes, and what lies beside it before it is whole."""
    folder = tmp_path / "files" / "one"
    part = folder / ".red.tif.part"
    return SimpleNamespace(target=folder / "red.tif", part=part, note=part.with_name(".red.tif.part.json"))


@pytest.fixture
def spawn(shelf, tmp_path):
    """Start a download in a process of its own."""
    running = []

    def start(*files):
        code = RUN.format(
            here=str(Path(__file__).parent), url=shelf.url, files=files, folder=str(tmp_path / "files")
        )
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def give_up(shelf, get, scene, at=200_000):
    """Leave a part of some bytes: the body is cut, and then the server is gone."""
    shelf.cuts = [at]
    whole = shelf.files["/red.tif"]

    def once(handler):
        if shelf.cuts:
            return shelf.send(handler, whole)
        return shelf.reply(handler, 404)

    shelf.faults["/red.tif"] = once
    (one,) = get(scene())
    assert one.status == "failed"
    shelf.faults = {}
    shelf.requests.clear()
    shelf.sent = 0


def test_a_cut_body_is_gone_on_with(shelf, scene, get, place):
    shelf.cuts = [100_000, 200_000]
    (one,) = get(scene())
    assert one.status == "done", one.error
    assert place.target.read_bytes() == shelf.body
    assert shelf.sent == one.bytes == len(shelf.body)
    assert shelf.asked("range") == [None, "bytes=100000-", "bytes=300000-"]
    assert shelf.asked("if-range")[1].startswith('"')
    assert list(place.target.parent.iterdir()) == [place.target]


@pytest.mark.slow
def test_it_gives_up_after_a_few_tries_and_keeps_the_part(shelf, scene, get, place):
    shelf.cuts = [50_000] * 5
    (one,) = get(scene())
    assert one.status == "failed"
    assert "no whole answer from 127.0.0.1: IncompleteRead" in one.error
    assert "run the same again" in one.error
    assert place.part.stat().st_size == one.bytes == 250_000
    assert not place.target.exists()


def test_the_next_call_goes_on(shelf, scene, get, place):
    give_up(shelf, get, scene)
    assert place.part.stat().st_size == 200_000
    (one,) = get(scene())
    assert one.status == "done", one.error
    assert shelf.sent == one.bytes == len(shelf.body) - 200_000
    assert place.target.read_bytes() == shelf.body


@pytest.mark.parametrize("ranges", [True, False])
def test_a_changed_file_begins_anew(shelf, scene, get, place, ranges):
    give_up(shelf, get, scene)
    shelf.ranges = ranges
    shelf.files["/red.tif"] = CHANGED
    (one,) = get(scene())
    assert one.status == "done", one.error
    assert place.target.read_bytes() == CHANGED


def test_a_server_that_ignores_the_guard_is_caught(shelf, scene, get, place):
    give_up(shelf, get, scene)
    shelf.files["/red.tif"] = CHANGED
    shelf.start = lambda handler, _headers: (
        int(handler.headers["Range"][6:-1]) if "Range" in handler.headers else None
    )
    (one,) = get(scene())
    assert one.status == "done", one.error
    assert place.target.read_bytes() == CHANGED


def test_a_server_that_ignores_ranges_sends_it_all(shelf, scene, get, place):
    shelf.ranges = False
    shelf.cuts = [100_000]
    (one,) = get(scene())
    assert one.status == "done", one.error
    assert place.target.read_bytes() == shelf.body
    assert one.bytes == len(shelf.body) + 100_000


@pytest.mark.parametrize("etags", [True, False])
def test_without_a_strong_mark_the_date_is_the_guard(shelf, scene, get, place, etags):
    shelf.etags, shelf.weak, shelf.modified = etags, True, "Mon, 01 May 2023 10:00:00 GMT"
    shelf.cuts = [100_000]
    (one,) = get(scene())
    assert shelf.asked("if-range") == [None, shelf.modified]
    assert one.bytes == len(shelf.body)
    assert place.target.read_bytes() == shelf.body


def test_without_any_mark_nothing_is_gone_on_with(shelf, scene, get, place):
    shelf.etags = False
    shelf.cuts = [100_000]
    (one,) = get(scene())
    assert shelf.asked("range") == [None, None]
    assert place.target.read_bytes() == shelf.body
    assert one.bytes == len(shelf.body) + 100_000


def test_a_part_that_is_whole_is_taken(shelf, scene, get, place):
    give_up(shelf, get, scene)
    place.part.write_bytes(shelf.body)
    (one,) = get(scene())
    assert (one.status, one.bytes) == ("done", 0)
    assert place.target.read_bytes() == shelf.body
    assert shelf.asked("range") == [f"bytes={len(shelf.body)}-"]


def test_a_part_that_is_too_long_begins_anew(shelf, scene, get, place):
    give_up(shelf, get, scene)
    place.part.write_bytes(shelf.body + b"more")
    (one,) = get(scene())
    assert one.status == "done", one.error
    assert place.target.read_bytes() == shelf.body


@pytest.mark.parametrize("note", ["", "{", "[]", '{"etag": 3}', '{"signature": "x"}', None])
def test_a_part_nobody_knows_begins_anew(shelf, scene, get, place, note):
    give_up(shelf, get, scene)
    place.part.write_bytes(b"x" * 1000)
    place.note.unlink() if note is None else place.note.write_text(note)
    (one,) = get(scene())
    assert one.status == "done", one.error
    assert place.target.read_bytes() == shelf.body


def test_the_note_beside_a_part_holds_what_tells_versions_apart(shelf, scene, get, place):
    give_up(shelf, get, scene)
    note = json.loads(place.note.read_text())
    assert set(note) == {"etag", "modified", "total"}
    assert note["total"] == 600_000


def test_an_encoded_body_is_stored_as_it_is_meant(shelf, scene, get, place):
    import gzip

    packed = gzip.compress(shelf.body)

    def encoded(handler):
        tries.append(1)
        handler.send_response(200)
        for name, value in {"Content-Length": len(packed), "Content-Encoding": "gzip", "ETag": '"x"'}.items():
            handler.send_header(name, str(value))
        handler.end_headers()
        handler.wfile.write(packed[:1000] if len(tries) == 1 else packed)
        handler.close_connection = True

    tries = []
    shelf.faults["/red.tif"] = encoded
    (one,) = get(scene())
    assert one.status == "done", one.error
    assert place.target.read_bytes() == shelf.body
    assert len(tries) == 2


def test_an_interrupt_leaves_parts_that_can_be_gone_on_with(shelf, spawn, scene, get, tmp_path):
    shelf.slow = 0.5
    shelf.files |= {"/a.tif": shelf.body, "/b.tif": shelf.body}
    process = spawn(("a", "/a.tif"), ("b", "/b.tif"), ("c", "/red.tif"))
    parts = [tmp_path / "files" / name / f".{name}.tif.part" for name in "ab"]
    notes = [p.with_name(p.name + ".json") for p in parts]
    until = time.monotonic() + 60
    while not (all(n.exists() for n in notes) and shelf.sent > 3 * 2**16) and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert "KeyboardInterrupt" in said
    assert process.returncode not in {0, None}
    assert sorted(p.suffix for p in (tmp_path / "files").rglob(".*")) == [".json", ".json", ".part", ".part"]
    kept = sum(p.stat().st_size for p in parts)
    assert 0 < kept < 2 * len(shelf.body)
    shelf.slow = 0
    files = get(scene("a", red="/a.tif"), scene("b", red="/b.tif"), scene("c"))
    assert not files.failed
    assert files.bytes == 3 * len(shelf.body) - kept
    assert all(path.read_bytes() == shelf.body for path in files.paths)


def test_two_processes_in_one_folder(shelf, spawn, tmp_path):
    shelf.slow = 0.05
    names = [(f"s{n}", f"/{n}.tif") for n in range(4)]
    shelf.files = {path: shelf.body for _, path in names}
    both = [spawn(*names), spawn(*reversed(names))]
    told = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert sum(int(out.split()[-1]) for out, _ in told) == 4 * len(shelf.body)
    files = [p for p in (tmp_path / "files").rglob("*") if p.is_file()]
    assert len(files) == 4
    assert all(p.read_bytes() == shelf.body for p in files)


def test_a_process_that_was_killed_leaves_no_lock(shelf, spawn, scene, get, place):
    shelf.slow = 0.5
    process = spawn(("one", "/red.tif"))
    until = time.monotonic() + 60
    while not shelf.sent and time.monotonic() < until:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    shelf.slow = 0
    (one,) = get(scene())
    assert one.status == "done", one.error
    assert place.target.read_bytes() == shelf.body
