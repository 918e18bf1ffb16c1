"""The engine over a network that fails: right pixels or an error with a name, and no secret in either."""

import hashlib
import logging
import os
import random
import re
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
import traceback
import urllib.parse
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from multisat.contracts import Access
from multisat.errors import AssetUnreadable
from multisat.raster import AnyReader, CogReader, GdalReader, Limits, Window, run, together
from multisat.raster.cog import HeaderCache, NotForEngine
from multisat.raster.cog.stores import locate

SHAPE = (700, 610)
INSIDE = Window(row=10, column=10, height=30, width=40)
SECRET = "SECRETSIG"
BEARER = "SECRETBEARER"


@pytest.fixture
def values(read):
    return read.noise("u2", SHAPE)


@pytest.fixture
def data(write, values):
    return write(values, compress="DEFLATE")


def part_of(values, window):
    return values[window.row : window.row + window.height, window.column : window.column + window.width]


def span(handler):
    found = re.fullmatch(r"bytes=(\d+)-(\d+)", handler.headers["Range"])
    return int(found.group(1)), int(found.group(2))


def partial(handler, data, body, *, first=None, last=None, length=None):
    """Send a 206 that says one thing and may hold another."""
    begin, end = span(handler)
    begin, end = begin if first is None else first, min(end, len(data) - 1) if last is None else last
    handler.send_response(206)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.send_header("Content-Range", f"bytes {begin}-{end}/{len(data)}")
    handler.end_headers()
    handler.wfile.write(body)
    handler.wfile.flush()


def broken(handler, data):
    """Send half of what is asked for and close the connection."""
    begin, end = span(handler)
    body = data[begin : end + 1]
    partial(handler, data, body[: len(body) // 2], length=len(body))
    handler.close_connection = True
    handler.connection.shutdown(2)
    return True


class TestFailuresThatPass:
    def test_many_files_where_one_request_in_twenty_fails(self, served, values, data, read):
        chance, lock = random.Random(3), threading.Lock()
        failed = []

        def sometimes(handler):
            with lock:
                bad = chance.random() < 0.05
            if bad:
                failed.append(handler.path)
                handler.send_error(503)
            return bad

        served.before = sometimes
        hrefs = [served.add(f"{number}.tif", data) for number in range(150)]

        async def work():
            reader = CogReader(Limits(stall_seconds=5))

            async def one(href):
                async with reader.open(Access(href=href), href) as raster:
                    return (await raster.read(INSIDE)).values

            return await together(one(href) for href in hrefs)

        for found in run(work()):
            np.testing.assert_array_equal(found, part_of(values, INSIDE))
        assert len(failed) > 5

    @pytest.mark.parametrize("which", [0, 1])
    def test_a_body_that_breaks_off_once(self, served, values, data, read, which):
        """Of the header, and of a tile."""
        number = iter(range(100))
        served.before = lambda handler: broken(handler, data) if next(number) == which else False
        np.testing.assert_array_equal(
            read.engine(served.add("a.tif", data), INSIDE, limits=read.quick)[1].values,
            part_of(values, INSIDE),
        )

    @pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
    def test_one_failure(self, served, values, data, read, status):
        number = iter(range(100))
        served.before = lambda handler: next(number) in (0, 2) and (handler.send_error(status) or True)
        np.testing.assert_array_equal(
            read.engine(served.add("a.tif", data), INSIDE, limits=read.quick)[1].values,
            part_of(values, INSIDE),
        )


class TestFailuresThatStay:
    def refused(self, served, data, read, before, limits=None, *, later=False):
        """Read a file of a server that fails for ever; returns what is said of it and the seconds."""
        number = iter(range(10_000))
        served.before = lambda handler: False if later and next(number) == 0 else before(handler)
        start = time.monotonic()
        with pytest.raises(AssetUnreadable) as caught:
            read.engine(served.add("a.tif", data), INSIDE, limits=limits or read.quick)
        return str(caught.value), time.monotonic() - start

    @pytest.mark.parametrize("later", [False, True])
    @pytest.mark.parametrize(
        ("status", "words"),
        [(404, "404"), (410, "404"), (403, "403"), (401, "401"), (500, "500"), (400, "400"), (416, "416")],
    )
    def test_a_status(self, served, data, read, status, words, later):
        said, _ = self.refused(served, data, read, lambda h: h.send_error(status) or True, later=later)
        assert words in said

    @pytest.mark.parametrize("status", [404, 403, 401, 400])
    def test_what_is_refused_is_not_asked_again(self, served, data, read, status):
        self.refused(served, data, read, lambda h: h.send_error(status) or True)
        assert len(served.asked) == 1

    def test_too_many_requests_end_in_time(self, served, data, read):
        limits = Limits(retries=1000, retry_seconds=2, stall_seconds=1)
        said, seconds = self.refused(served, data, read, lambda h: h.send_error(429) or True, limits)
        assert "429" in said
        assert 1 < seconds < 12

    @pytest.mark.parametrize("later", [False, True])
    def test_a_body_that_always_breaks_off(self, served, data, read, later):
        said, seconds = self.refused(served, data, read, lambda h: broken(h, data), later=later)
        assert "connection is lost" in said
        assert seconds < 5

    @pytest.mark.parametrize("later", [False, True])
    def test_a_server_that_hangs_in_the_middle(self, served, data, read, later):
        over = threading.Event()

        def stall(handler):
            begin, end = span(handler)
            partial(handler, data, data[begin : begin + 50], length=min(end, len(data) - 1) - begin + 1)
            over.wait(20)
            handler.close_connection = True
            return True

        said, seconds = self.refused(served, data, read, stall, later=later)
        over.set()
        assert "stalls" in said
        assert seconds < 8

    def test_a_server_that_says_nothing(self, served, data, read):
        over = threading.Event()

        def silence(handler):
            over.wait(20)
            handler.close_connection = True
            return True

        said, seconds = self.refused(served, data, read, silence)
        over.set()
        assert "stalls" in said
        assert seconds < 10

    def test_nobody_at_the_address(self, read):
        with pytest.raises(AssetUnreadable, match="does not answer"):
            read.engine("http://127.0.0.1:1/a.tif", INSIDE, limits=read.quick)

    @pytest.mark.parametrize("later", [False, True])
    def test_fewer_bytes_than_asked_for(self, served, data, read, later):
        def fewer(handler):
            begin, _ = span(handler)
            partial(handler, data, data[begin : begin + 10], last=begin + 9)
            return True

        said, _ = self.refused(served, data, read, fewer, later=later)
        assert "other bytes than asked for" in said

    @pytest.mark.parametrize("later", [False, True])
    def test_other_bytes_than_asked_for(self, served, data, read, later):
        def others(handler):
            begin, end = span(handler)
            partial(
                handler, data, data[begin + 7 : end + 8], first=begin + 7, last=min(end + 7, len(data) - 1)
            )
            return True

        said, _ = self.refused(served, data, read, others, later=later)
        assert "other bytes than asked for" in said

    @pytest.mark.parametrize("status", [200, 206])
    @pytest.mark.parametrize(
        "page",
        [b"<!DOCTYPE html><html>Log in", b"\n <HTML><body>", b"<?xml version='1.0'?><Error>no</Error>"],
    )
    def test_a_login_page(self, served, data, read, status, page):
        page = page.ljust(3000)

        def login(handler):
            if status == 206:
                partial(handler, page, page, first=0, last=len(page) - 1)
            else:
                handler.send_response(200)
                handler.send_header("Content-Length", str(len(page)))
                handler.end_headers()
                handler.wfile.write(page)
            return True

        said, _ = self.refused(served, data, read, login)
        assert "web page" in said


def test_a_server_without_ranges(served, values, data, take):
    """GDAL takes the whole file."""

    def whole(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(data)
        return True

    served.before = whole
    info, pixels = take(served.add("a.tif", data), INSIDE)
    assert info.reader == "gdal"
    np.testing.assert_array_equal(pixels.values, part_of(values, INSIDE))


class TestRedirects:
    def test_to_another_path(self, served, values, data, read):
        served.add("real.tif", data)
        served.before = lambda h: h.path.startswith("/a") and self.redirect(h, f"/real.tif?sig={SECRET}")
        found = read.engine(f"{served.url}/a.tif", INSIDE)[1].values
        np.testing.assert_array_equal(found, part_of(values, INSIDE))

    @pytest.mark.parametrize("reader", [CogReader, GdalReader])
    @pytest.mark.parametrize("header", ["Authorization", "Cookie"])
    def test_to_another_host_without_the_login(self, served, serve, values, data, read, take, header, reader):
        seen = []
        login = f"Bearer {BEARER}"

        def other(handler):
            seen.append(dict(handler.headers))
            served.answer(handler)

        there = serve(other).replace("127.0.0.1", "localhost")
        served.add("real.tif", data)
        served.before = lambda h: h.path.startswith("/a") and self.redirect(h, f"{there}/real.tif")
        access = Access(href=f"{served.url}/a.tif", headers={header: login})
        _, pixels = take(access, INSIDE, reader=reader())
        np.testing.assert_array_equal(pixels.values, part_of(values, INSIDE))
        assert any(header.lower() in (n.lower() for n in asked[3]) for asked in served.asked)
        assert seen
        assert BEARER not in str(seen)

    @staticmethod
    def redirect(handler, where):
        handler.send_response(302)
        handler.send_header("Location", where)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return True

    def test_in_circles(self, served, data, read):
        served.before = lambda h: self.redirect(h, h.path)
        with pytest.raises(AssetUnreadable):
            read.engine(served.add("a.tif", data), INSIDE, limits=read.quick)


class TestSecrets:
    ANSWERS: ClassVar = {
        "404": lambda h, data: h.send_error(404) or True,
        "403": lambda h, data: h.send_error(403, h.path) or True,
        "500": lambda h, data: h.send_error(500) or True,
        "cut": broken,
        "garbage": lambda h, data: partial(h, bytes(9000), bytes(9000), first=0, last=8999) or True,
        "cut header": lambda h, data: partial(h, data[:300], data[:300], first=0, last=299) or True,
        "redirect": lambda h, data: TestRedirects.redirect(h, f"http://127.0.0.1:1/b.tif?sig={SECRET}"),
        "no ranges": lambda h, data: (
            h.send_response(200)
            or h.send_header("Content-Length", "9")
            or h.end_headers()
            or h.wfile.write(b"ninebytes")
            or True
        ),
    }

    @pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
    @pytest.mark.parametrize("reader", ["cog", "gdal", "any"])
    def test_are_in_no_error_and_no_log(self, served, data, take, caplog, answer, reader, read):
        caplog.set_level(logging.DEBUG)
        readers = {
            "cog": CogReader(read.quick),
            "gdal": GdalReader(),
            "any": AnyReader(CogReader(read.quick)),
        }
        served.before = lambda handler: answer(handler, data)
        href = served.add("a.tif", data) + f"?sig={SECRET}&x=1"
        access = Access(
            href=href, headers={"Authorization": f"Bearer {BEARER}"}, gdal={"GDAL_HTTP_MAX_RETRY": "0"}
        )
        try:
            take(access, INSIDE, reader=readers[reader])
        except AssetUnreadable as error:
            texts = [str(error), repr(error), *traceback.format_exception(error)]
        except NotForEngine as error:
            texts = [str(error), repr(error)]
        else:
            pytest.fail("it should be refused")
        for text in (*texts, caplog.text, str(access), repr(access)):
            assert SECRET not in text
            assert BEARER not in text

    @pytest.mark.parametrize("reader", ["cog", "gdal"])
    def test_are_in_no_log_of_a_read_that_works(self, served, values, data, take, caplog, reader):
        caplog.set_level(logging.DEBUG)
        href = served.add("a.tif", data) + f"?sig={SECRET}"
        access = Access(href=href, headers={"Authorization": f"Bearer {BEARER}"})
        info, pixels = take(access, INSIDE, reader={"cog": CogReader(), "gdal": GdalReader()}[reader])
        np.testing.assert_array_equal(pixels.values, part_of(values, INSIDE))
        assert (
            served.asked[0][3].get("Authorization", served.asked[0][3].get("authorization"))
            == f"Bearer {BEARER}"
        )
        assert SECRET not in caplog.text
        assert BEARER not in caplog.text
        assert SECRET not in repr(info)

    def test_are_in_no_database(self, served, data, take, tmp_path):
        href = served.add("a.tif", data) + f"?sig={SECRET}"
        access = Access(href=href, headers={"Authorization": f"Bearer {BEARER}"})
        take(access, INSIDE, reader=CogReader(cache=HeaderCache(tmp_path / "kept")))
        kept = b"".join(path.read_bytes() for path in (tmp_path / "kept").iterdir())
        assert b"a.tif" in kept
        assert SECRET.encode() not in kept
        assert BEARER.encode() not in kept


class TestFilesThatAreReplaced:
    def open_then(self, served, data, change, window=None, *, cache=None, times=1):
        """Open a file, change it, and read."""
        href = served.add("a.tif", data)

        async def work():
            reader = CogReader(Limits(stall_seconds=5), cache)
            async with reader.open(Access(href=href), href) as raster:
                change()
                window_ = window or Window(row=0, column=0, height=SHAPE[0], width=SHAPE[1])
                return await together(raster.read(window_) for _ in range(times))

        return run(work())

    @pytest.mark.parametrize("times", [1, 5])
    def test_by_one_of_the_same_grid(self, served, write, values, data, read, times):
        """Right pixels of the new one, also when several windows are read at a time."""
        other = read.noise("u2", SHAPE, seed=9) // 3
        for one in self.open_then(
            served, data, lambda: served.add("a.tif", write(other, compress="ZSTD")), times=times
        ):
            np.testing.assert_array_equal(one.values, other)

    @pytest.mark.parametrize("what", ["shape", "dtype", "nodata", "place", "strips"])
    def test_by_one_that_means_something_else(self, served, write, values, data, read, what):
        from rasterio.transform import from_origin

        other = {
            "shape": lambda: write(values[:600], compress="DEFLATE"),
            "dtype": lambda: write(values.astype("i4"), compress="DEFLATE"),
            "nodata": lambda: write(values, compress="DEFLATE", nodata=5),
            "place": lambda: write(values, compress="DEFLATE", transform=from_origin(7, 7, 10, 10)),
            "strips": lambda: write(values, compress="DEFLATE", tiled=False, blockysize=16),
        }[what]()
        with pytest.raises(AssetUnreadable, match="replaced"):
            self.open_then(served, data, lambda: served.add("a.tif", other))

    def test_while_its_tiles_are_read(self, served, write, values, read):
        """Each tile is a request; the file changes between them."""
        first, second = read.noise("u2", SHAPE, seed=3), read.noise("u2", SHAPE, seed=4)
        files = [write(one, compress="DEFLATE") for one in (first, second)]
        for change in range(1, 14):
            href = served.add("a.tif", files[0])
            number = iter(range(1000))

            def switch(handler, change=change, number=number):
                if next(number) == change:
                    served.add("a.tif", files[1])
                return False

            served.before = switch

            async def work(href=href):
                reader = CogReader(Limits(requests=1, stall_seconds=5))
                async with reader.open(Access(href=href), href) as raster:
                    windows = [
                        Window(row=256 * y, column=256 * x, height=100, width=98)
                        for x in range(3)
                        for y in range(3)
                    ]
                    return await together(raster.read(window) for window in windows), windows

            found, windows = run(work())
            for pixels, window in zip(found, windows, strict=True):
                options = [np.array_equal(pixels.values, part_of(one, window)) for one in (first, second)]
                assert any(options)

    def test_while_two_windows_are_read(self, served, write, read):
        """One finds the new file while the other waits for a tile of the old one."""
        first, second = read.noise("u2", SHAPE, seed=3), read.noise("u2", SHAPE, seed=4)
        href, files = served.add("a.tif", write(first)), write(second)
        waits, tile = threading.Event(), 256 * 256 * 2

        def answer(handler):
            begin, end = span(handler)
            if begin and end - begin < 9000 and served.files["/a.tif"] is not files:
                waits.wait(5)
                served.add("a.tif", files)
            elif begin and not waits.is_set():
                old = served.files["/a.tif"]
                waits.set()
                time.sleep(0.7)
                handler.send_response(206)
                handler.send_header("Content-Length", str(end - begin + 1))
                handler.send_header("ETag", f'"{hashlib.md5(old).hexdigest()}"')
                handler.send_header("Content-Range", f"bytes {begin}-{end}/{len(old)}")
                handler.end_headers()
                handler.wfile.write(old[begin : end + 1])
                return True
            return False

        served.before = answer
        windows = [
            Window(row=0, column=300, height=5, width=9),
            Window(row=0, column=0, height=600, width=100),
        ]

        async def work():
            reader = CogReader(Limits(memory=tile + 9000, stall_seconds=5))
            async with reader.open(Access(href=href), href) as raster:
                return await together(raster.read(window) for window in windows)

        for pixels, window in zip(run(work()), windows, strict=True):
            np.testing.assert_array_equal(pixels.values, part_of(second, window))

    def test_by_nothing(self, served, data):
        with pytest.raises(AssetUnreadable, match="404"):
            self.open_then(served, data, lambda: served.files.pop("/a.tif"))

    def test_within_a_long_header(self, served, write, read, take):
        values = read.noise("u2", (4096, 4096)) * 0
        tiles = {"blockxsize": 16, "blockysize": 16}
        files = [write(values + number, **tiles) for number in (0, 1)]
        href = served.add("a.tif", files[0])
        number = iter(range(1000))
        served.before = lambda h: bool(next(number) == 1 and served.add("a.tif", files[1]) and False)
        with pytest.raises(AssetUnreadable, match="replaced"):
            take(href, INSIDE, reader=CogReader())


class TestRequests:
    def gets(self, served):
        assert {asked[0] for asked in served.asked} <= {"GET"}
        return [asked[2] for asked in served.asked]

    def test_one_for_the_header_and_one_for_a_tile(self, served, values, data, read):
        _, found = read.engine(served.add("a.tif", data), INSIDE)
        np.testing.assert_array_equal(found.values, part_of(values, INSIDE))
        gets = self.gets(served)
        assert gets[0] == "bytes=0-16383"
        assert len(gets) == 2

    def test_one_where_the_header_is_known(self, served, data, read, tmp_path):
        href = served.add("a.tif", data)
        read.engine(href, INSIDE, cache=HeaderCache(tmp_path))
        served.asked.clear()
        read.engine(href, INSIDE, cache=HeaderCache(tmp_path))
        assert len(self.gets(served)) == 1
        assert not self.gets(served)[0].startswith("bytes=0-")

    def test_one_for_tiles_side_by_side(self, served, values, data, read):
        window = Window(row=10, column=200, height=246, width=200)
        _, found = read.engine(served.add("a.tif", data), window)
        np.testing.assert_array_equal(found.values, part_of(values, window))
        assert len(self.gets(served)) == 2

    def test_one_for_each_row_of_tiles(self, served, values, data, read):
        window = Window(row=200, column=0, height=400, width=300)
        _, found = read.engine(served.add("a.tif", data), window)
        np.testing.assert_array_equal(found.values, part_of(values, window))
        assert len(self.gets(served)) == 4

    def test_one_for_the_whole_file(self, served, values, data, read):
        read.engine(served.add("a.tif", data))
        assert len(self.gets(served)) == 2

    def test_a_long_header_takes_few(self, served, write, read):
        values = read.noise("u2", (4096, 4096))
        read.engine(served.add("a.tif", write(values, blockxsize=32, blockysize=32)), INSIDE)
        assert len(self.gets(served)) <= 6

    def test_none_twice_for_open_files(self, served, values, data):
        """Windows of one open file need its header once."""
        href = served.add("a.tif", data)

        async def work():
            async with CogReader().open(Access(href=href), href) as raster:
                return await together(raster.read(INSIDE) for _ in range(4))

        assert len(run(work())) == 4
        assert len(self.gets(served)) == 5


class TestBeginningsOfTiles:
    def lengths(self, served):
        return [
            end - start + 1
            for start, end in (map(int, asked[2][6:].split("-")) for asked in served.asked[1:])
        ]

    @pytest.mark.parametrize("codec", ["DEFLATE", "NONE"])
    def test_are_all_that_is_fetched_for_first_rows(self, served, write, read, codec):
        values = np.random.default_rng(5).integers(0, 60000, (512, 512)).astype("u2")
        options = {} if codec == "NONE" else {"compress": codec}
        data = write(values, blockxsize=512, blockysize=512, **options)
        window = Window(row=0, column=0, height=40, width=512)
        _, found = read.engine(served.add("a.tif", data), window)
        np.testing.assert_array_equal(found.values, part_of(values, window))
        assert len(self.lengths(served)) == 1
        assert sum(self.lengths(served)) < len(data) // 6

    @pytest.mark.parametrize("predictor", [1, 2])
    def test_are_followed_by_the_rest_where_upper_rows_pack_badly(self, served, write, read, predictor):
        values = np.zeros((512, 512), "u2")
        values[:64] = np.random.default_rng(5).integers(0, 60000, (64, 512))
        data = write(values, blockxsize=512, blockysize=512, compress="DEFLATE", predictor=predictor)
        window = Window(row=10, column=5, height=50, width=500)
        _, found = read.engine(served.add("a.tif", data), window)
        np.testing.assert_array_equal(found.values, part_of(values, window))
        assert len(self.lengths(served)) == 2
        assert sum(self.lengths(served)) <= len(data)

    def test_of_several_tiles_in_a_row(self, served, write, read):
        """Tiles before the last are fetched whole, the last one in part."""
        values = np.random.default_rng(5).integers(0, 60000, (512, 1024)).astype("u2")
        values[100:, 512:] = 0
        data = write(values, blockxsize=512, blockysize=512, compress="DEFLATE")
        window = Window(row=0, column=400, height=90, width=600)
        _, found = read.engine(served.add("a.tif", data), window)
        np.testing.assert_array_equal(found.values, part_of(values, window))


HANGING = """
import sys, os, time
from multisat.contracts import Access
from multisat.raster import CogReader, Window, run

async def work():
    reader = CogReader()
    async with reader.open(Access(href=sys.argv[1]), sys.argv[1]) as raster:
        print("open", flush=True)
        await raster.read(Window(row=0, column=0, height=700, width=610))

try:
    run(work())
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.parametrize("where", ["header", "tile"])
def test_an_interrupt_ends_a_read_that_hangs(served, data, where):
    over, asked = threading.Event(), threading.Event()
    number = iter(range(100))

    def hang(handler):
        if where == "tile" and next(number) == 0:
            return False
        asked.set()
        over.wait(30)
        handler.close_connection = True
        return True

    served.before = hang
    script = textwrap.dedent(HANGING)
    with subprocess.Popen(
        [sys.executable, "-c", script, served.add("a.tif", data)], stdout=subprocess.PIPE, text=True
    ) as child:
        try:
            assert asked.wait(30)
            time.sleep(0.2)
            start = time.monotonic()
            child.send_signal(signal.SIGINT)
            said, _ = child.communicate(timeout=10)
            seconds = time.monotonic() - start
        finally:
            over.set()
            child.kill()
    assert "interrupted" in said
    assert seconds < 2


CANCELLED = """
import sys, asyncio
from multisat.contracts import Access
from multisat.raster import GdalReader, Window, run

async def one(href):
    async with GdalReader().open(Access(href=href), href) as raster:
        reading = asyncio.create_task(raster.read(Window(row=0, column=0, height=2000, width=2000)))
        await asyncio.sleep(0.3)
        reading.cancel()
        await asyncio.wait([reading])

async def work():
    await asyncio.gather(*[one(f"{sys.argv[1]}?{number}") for number in range(6)])

run(work())
print("survived", flush=True)
"""


def test_a_gdal_read_that_is_given_up_does_not_end_the_process(served, write, read):
    """A dataset that is closed while a thread reads it is a crash."""
    data = write(np.random.default_rng(1).integers(0, 60000, (2000, 2000)).astype("u2"), compress="DEFLATE")

    def slow(handler):
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", handler.headers.get("Range") or "")
        if (wanted and int(wanted.group(1)) > 100_000) or (wanted and int(wanted.group(2) or 0) > 1_000_000):
            time.sleep(1)
        return False

    served.before = slow
    script = textwrap.dedent(CANCELLED)
    done = subprocess.run(
        [sys.executable, "-c", script, served.add("a.tif", data)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "survived"), done.stderr[-2000:]


def usage():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return len(os.listdir("/proc/self/fd")), threading.active_count(), pages * 4096  # noqa: PTH208


@pytest.mark.parametrize("reader", ["cog", "gdal"])
def test_nothing_is_left_behind_by_many_loads(served, values, data, take, reader):
    href = served.add("a.tif", data)
    make = {"cog": CogReader, "gdal": GdalReader}[reader]

    served.before = lambda handler: handler.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def load():
        np.testing.assert_array_equal(take(href, INSIDE, reader=make())[1].values, part_of(values, INSIDE))
        served.asked.clear()

    for _ in range(60):
        load()
    files, threads, memory = usage()
    for _ in range(300):
        load()
    after = usage()
    assert after[0] <= files + 4
    assert after[1] <= threads + 4
    assert after[2] - memory < 50 * 2**20


NAMES = [
    "a b.tif",
    "größe ü.tif",
    "100%.tif",
    "a+b.tif",
    "a%20b.tif",
    "x=1&y=2,(3).tif",
    "deep/er/a:b@c.tif",
    "日本/図.tif",
    "a#b.tif",
    "~a'b!.tif",
]


@pytest.mark.parametrize("reader", ["engine", "any"])
@pytest.mark.parametrize("name", NAMES)
def test_names_that_need_care(served, serve, values, data, read, take, name, reader):
    """The server is asked for the very file, however its name is written."""
    served.add(name, data)

    def decoded(handler):
        handler.path = urllib.parse.unquote(handler.path)
        served.answer(handler)

    url = serve(decoded)
    for safe in ("/", "/,()=&+:@!~'"):
        href = f"{url}/{urllib.parse.quote(name, safe=safe)}"
        info, pixels = read.engine(href, INSIDE) if reader == "engine" else take(href, INSIDE)
        assert info.reader == "cog"
        np.testing.assert_array_equal(pixels.values, part_of(values, INSIDE))


def test_slashes_that_are_part_of_a_name(served, values, data, write, take):
    """``deep//a.tif`` and ``deep/a.tif`` are two files."""
    served.add("deep/a.tif", write(values // 2, compress="DEFLATE"))
    _, pixels = take(served.add("deep//a.tif", data), INSIDE)
    np.testing.assert_array_equal(pixels.values, part_of(values, INSIDE))


def test_slashes_at_the_start_of_a_name(serve, take):
    """``//a.tif`` is never asked for as ``/a.tif``, which is another file."""
    lines = []

    def answer(handler):
        lines.append(handler.requestline)
        handler.send_error(404)

    with pytest.raises(AssetUnreadable):
        take(f"{serve(answer)}//a.tif", INSIDE)
    assert lines
    assert all(" //a.tif " in line for line in lines)


class TestBuckets:
    def access(self, served, **more):
        host = served.url.removeprefix("http://")
        gdal = {
            "AWS_S3_ENDPOINT": host,
            "AWS_HTTPS": "NO",
            "AWS_VIRTUAL_HOSTING": "FALSE",
            "AWS_REGION": "us-west-2",
            **more,
        }
        return Access(href="s3://bucket/deep/key one.tif", gdal=gdal)

    @pytest.fixture
    def stored(self, served, data):
        for name in ("bucket/deep/key%20one.tif", "bucket/deep/key one.tif"):
            served.add(name, data)

    @pytest.mark.parametrize("reader", [CogReader, GdalReader])
    def test_without_a_login(self, served, stored, values, take, reader):
        _, pixels = take(self.access(served, AWS_NO_SIGN_REQUEST="YES"), INSIDE, reader=reader())
        np.testing.assert_array_equal(pixels.values, part_of(values, INSIDE))
        assert "authorization" not in str(served.asked).lower()
        assert "x-amz-request-payer" not in str(served.asked).lower()

    @pytest.mark.parametrize("payer", [False, True])
    def test_with_keys(self, served, stored, values, take, payer):
        keys = {
            "AWS_ACCESS_KEY_ID": "KEYID",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_SESSION_TOKEN": "TOKEN",
            "AWS_NO_SIGN_REQUEST": "NO",
        }
        more = {"AWS_REQUEST_PAYER": "requester"} if payer else {}
        _, pixels = take(self.access(served, **keys, **more), INSIDE, reader=CogReader())
        np.testing.assert_array_equal(pixels.values, part_of(values, INSIDE))
        headers = {name.lower(): value for name, value in served.asked[0][3].items()}
        assert "KEYID" in headers["authorization"]
        assert "us-west-2" in headers["authorization"]
        assert headers["x-amz-security-token"] == "TOKEN"
        assert headers.get("x-amz-request-payer") == ("requester" if payer else None)
        assert SECRET not in str(served.asked)

    def test_nothing_is_taken_from_the_environment(self, served, stored, values, take, monkeypatch):
        for name, value in {
            "AWS_ACCESS_KEY_ID": "ENVKEY",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_SESSION_TOKEN": "ENVTOKEN",
            "AWS_ENDPOINT": "http://127.0.0.1:1",
            "AWS_REQUEST_PAYER": "true",
            "AWS_REGION": "eu-west-9",
        }.items():
            monkeypatch.setenv(name, value)
        _, pixels = take(self.access(served, AWS_NO_SIGN_REQUEST="YES"), INSIDE, reader=CogReader())
        np.testing.assert_array_equal(pixels.values, part_of(values, INSIDE))
        assert "env" not in str([asked[3] for asked in served.asked]).lower()

    def test_a_name_of_the_bucket_in_the_host(self, served):
        access = self.access(served, AWS_VIRTUAL_HOSTING="TRUE", AWS_S3_ENDPOINT="x.example:99")
        store, path = locate(access, Limits())
        assert (store.config["endpoint"], path) == ("http://bucket.x.example:99", "deep/key one.tif")

    def test_what_is_gone(self, served, take):
        with pytest.raises(AssetUnreadable, match="404"):
            take(self.access(served, AWS_NO_SIGN_REQUEST="YES"), INSIDE, reader=CogReader())


def test_a_file_that_names_other_files_is_refused(served, data, take, tmp_path):
    """A server must not choose what else is opened: here a file of this machine."""
    secret = tmp_path / "secret.tif"
    secret.write_bytes(data)
    href = served.add(
        "a.tif",
        f"""<VRTDataset rasterXSize="64" rasterYSize="64"><SRS>EPSG:32632</SRS>
        <GeoTransform>600000, 10, 0, 5340000, 0, -10</GeoTransform>
        <VRTRasterBand dataType="UInt16" band="1"><SimpleSource><SourceFilename>{secret}</SourceFilename>
        <SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>""".encode(),
    )
    with pytest.raises(AssetUnreadable, match=r"VRT|no raster"):
        take(href, Window(row=0, column=0, height=8, width=8))
