"""A login goes to its host, and no secret is in any error, log or file."""

import logging
import traceback
from typing import ClassVar

import numpy as np
import pytest

from multisat.contracts import Access
from multisat.errors import AssetUnreadable
from multisat.raster import AnyReader, CogReader, GdalReader, Window
from multisat.raster.cog import HeaderCache, NotForEngine

SECRET = "SECRETSIG"
BEARER = "SECRETBEARER"
INSIDE = Window(row=10, column=10, height=30, width=40)


class TestRedirects:
    def test_to_another_path(self, served, values, data, read, faults):
        served.add("real.tif", data)
        served.before = lambda h: h.path.startswith("/a") and faults.redirect(h, f"/real.tif?sig={SECRET}")
        found = read.engine(f"{served.url}/a.tif", INSIDE)[1].values
        np.testing.assert_array_equal(found, read.part(values))

    @pytest.mark.parametrize("reader", [CogReader, GdalReader])
    @pytest.mark.parametrize("header", ["Authorization", "Cookie"])
    def test_to_another_host_without_the_login(
        self, served, serve, values, data, read, take, faults, header, reader
    ):
        seen = []
        login = f"Bearer {BEARER}"

        def other(handler):
            seen.append(dict(handler.headers))
            served.answer(handler)

        there = serve(other).replace("127.0.0.1", "localhost")
        served.add("real.tif", data)
        served.before = lambda h: h.path.startswith("/a") and faults.redirect(h, f"{there}/real.tif")
        access = Access(href=f"{served.url}/a.tif", headers={header: login})
        _, pixels = take(access, INSIDE, reader=reader())
        np.testing.assert_array_equal(pixels.values, read.part(values))
        assert any(header.lower() in (n.lower() for n in asked[3]) for asked in served.asked)
        assert seen
        assert BEARER not in str(seen)

    def test_in_circles(self, served, data, read, faults):
        served.before = lambda h: faults.redirect(h, h.path)
        with pytest.raises(AssetUnreadable):
            read.engine(served.add("a.tif", data), INSIDE, limits=read.quick)


class TestSecrets:
    ANSWERS: ClassVar = {
        "404": lambda h, data, faults: h.send_error(404) or True,
        "403": lambda h, data, faults: h.send_error(403, h.path) or True,
        "500": lambda h, data, faults: h.send_error(500) or True,
        "cut": lambda h, data, faults: faults.cut(h, data),
        "garbage": lambda h, data, faults: faults.partial(h, bytes(9000), bytes(9000), first=0, last=8999),
        "cut header": lambda h, data, faults: faults.partial(h, data[:300], data[:300], first=0, last=299),
        "redirect": lambda h, data, faults: faults.redirect(h, f"http://127.0.0.1:1/b.tif?sig={SECRET}"),
        "no ranges": lambda h, data, faults: (
            h.send_response(200)
            or h.send_header("Content-Length", "9")
            or h.end_headers()
            or h.wfile.write(b"ninebytes")
            or True
        ),
    }

    @pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
    @pytest.mark.parametrize("reader", ["cog", "gdal", "any"])
    def test_are_in_no_error_and_no_log(self, served, data, take, caplog, answer, reader, read, faults):
        caplog.set_level(logging.DEBUG)
        readers = {
            "cog": CogReader(read.quick),
            "gdal": GdalReader(),
            "any": AnyReader(CogReader(read.quick)),
        }
        served.before = lambda handler: answer(handler, data, faults)
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
    def test_are_in_no_log_of_a_read_that_works(self, served, values, data, take, read, caplog, reader):
        caplog.set_level(logging.DEBUG)
        href = served.add("a.tif", data) + f"?sig={SECRET}"
        access = Access(href=href, headers={"Authorization": f"Bearer {BEARER}"})
        info, pixels = take(access, INSIDE, reader={"cog": CogReader(), "gdal": GdalReader()}[reader])
        np.testing.assert_array_equal(pixels.values, read.part(values))
        assert served.asked[0][3]["authorization"] == f"Bearer {BEARER}"
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
