"""The engine over a network that fails: right pixels, or an error that says what is wrong."""

import random
import threading

import numpy as np
import pytest

from multisat.contracts import Access
from multisat.errors import AssetUnreadable
from multisat.raster import CogReader, Window, run, together

INSIDE = Window(row=10, column=10, height=30, width=40)


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
            reader = CogReader()

            async def one(href):
                async with reader.open(Access(href=href), href) as raster:
                    return (await raster.read(INSIDE)).values

            return await together(one(href) for href in hrefs)

        for found in run(work()):
            np.testing.assert_array_equal(found, read.part(values))
        assert len(failed) > 5

    @pytest.mark.parametrize("which", [0, 1])
    def test_a_body_that_breaks_off_once(self, served, values, data, read, faults, which):
        """Of the header, and of a tile."""
        number = iter(range(100))
        served.before = lambda handler: next(number) == which and faults.cut(handler, data)
        _, pixels = read.engine(served.add("a.tif", data), INSIDE)
        np.testing.assert_array_equal(pixels.values, read.part(values))

    @pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
    def test_one_failure(self, served, values, data, read, status):
        number = iter(range(100))
        served.before = lambda handler: next(number) in (0, 2) and (handler.send_error(status) or True)
        _, pixels = read.engine(served.add("a.tif", data), INSIDE)
        np.testing.assert_array_equal(pixels.values, read.part(values))


class TestFailuresThatStay:
    @pytest.mark.parametrize("later", [False, True])
    @pytest.mark.parametrize(
        ("status", "words"),
        [(404, "404"), (410, "404"), (403, "403"), (401, "401"), (500, "500"), (400, "400"), (416, "416")],
    )
    def test_a_status(self, fails, status, words, later):
        assert words in fails(lambda handler: handler.send_error(status) or True, later=later)

    @pytest.mark.parametrize("status", [404, 403, 401, 400])
    def test_what_is_refused_is_not_asked_again(self, served, fails, status):
        fails(lambda handler: handler.send_error(status) or True)
        assert len(served.asked) == 1

    @pytest.mark.parametrize("later", [False, True])
    def test_a_body_that_always_breaks_off(self, data, faults, fails, later):
        assert "connection is lost" in fails(lambda handler: faults.cut(handler, data), later=later)

    def test_nobody_at_the_address(self, read):
        with pytest.raises(AssetUnreadable, match="does not answer"):
            read.engine("http://127.0.0.1:1/a.tif", INSIDE, limits=read.quick)

    @pytest.mark.parametrize("later", [False, True])
    def test_fewer_bytes_than_asked_for(self, data, faults, fails, later):
        def fewer(handler):
            begin, _ = faults.span(handler)
            return faults.partial(handler, data, data[begin : begin + 10], last=begin + 9)

        assert "other bytes than asked for" in fails(fewer, later=later)

    @pytest.mark.parametrize("later", [False, True])
    def test_other_bytes_than_asked_for(self, data, faults, fails, later):
        def others(handler):
            begin, end = faults.span(handler)
            first, last = begin + 7, min(end + 7, len(data) - 1)
            return faults.partial(handler, data, data[begin + 7 : end + 8], first=first, last=last)

        assert "other bytes than asked for" in fails(others, later=later)

    @pytest.mark.parametrize("status", [200, 206])
    @pytest.mark.parametrize(
        "page",
        [b"<!DOCTYPE html><html>Log in", b"\n <HTML><body>", b"<?xml version='1.0'?><Error>no</Error>"],
    )
    def test_a_login_page(self, answer_with, faults, fails, status, page):
        page = page.ljust(3000)

        def login(handler):
            if status == 206:
                return faults.partial(handler, page, page, first=0, last=len(page) - 1)
            return answer_with(handler, 200, page) or True

        assert "web page" in fails(login)


def test_a_server_without_ranges(served, values, data, take, read, answer_with):
    """GDAL takes the whole file."""
    served.before = lambda handler: answer_with(handler, 200, data) or True
    info, pixels = take(served.add("a.tif", data), INSIDE)
    assert info.reader == "gdal"
    np.testing.assert_array_equal(pixels.values, read.part(values))
