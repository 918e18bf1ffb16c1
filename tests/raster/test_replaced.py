"""A file that is replaced while it is read: pixels of one version, or an error that says so."""

import hashlib
import threading
import time

import numpy as np
import pytest
from rasterio.transform import from_origin

from multisat.contracts import Access
from multisat.errors import AssetUnreadable
from multisat.raster import CogReader, Limits, Window, run, together

INSIDE = Window(row=10, column=10, height=30, width=40)


class TestFilesThatAreReplaced:
    def open_then(self, served, data, change, *, times=1):
        """Open a file, change it, and read all of it."""
        href = served.add("a.tif", data)

        async def work():
            async with CogReader().open(Access(href=href), href) as raster:
                change()
                rows, columns = raster.info.grid.shape
                whole = Window(row=0, column=0, height=rows, width=columns)
                return await together(raster.read(whole) for _ in range(times))

        return run(work())

    @pytest.mark.parametrize("times", [1, 5])
    def test_by_one_of_the_same_grid(self, served, write, values, data, read, times):
        """Right pixels of the new one, also when several windows are read at a time."""
        other = read.noise("u2", values.shape, seed=9) // 3
        for one in self.open_then(
            served, data, lambda: served.add("a.tif", write(other, compress="ZSTD")), times=times
        ):
            np.testing.assert_array_equal(one.values, other)

    @pytest.mark.parametrize("what", ["shape", "dtype", "nodata", "place", "strips"])
    def test_by_one_that_means_something_else(self, served, write, values, data, read, what):
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
        first, second = read.noise("u2", values.shape, seed=3), read.noise("u2", values.shape, seed=4)
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
                reader = CogReader(Limits(requests=1))
                async with reader.open(Access(href=href), href) as raster:
                    windows = [
                        Window(row=256 * y, column=256 * x, height=100, width=98)
                        for x in range(3)
                        for y in range(3)
                    ]
                    return await together(raster.read(window) for window in windows), windows

            found, windows = run(work())
            for pixels, window in zip(found, windows, strict=True):
                options = [np.array_equal(pixels.values, read.part(one, window)) for one in (first, second)]
                assert any(options)

    def test_while_two_windows_are_read(self, served, write, values, read, faults):
        """One finds the new file while the other waits for a tile of the old one."""
        first, second = read.noise("u2", values.shape, seed=3), read.noise("u2", values.shape, seed=4)
        href, files = served.add("a.tif", write(first)), write(second)
        waits, renewed, tile = threading.Event(), threading.Event(), 256 * 256 * 2

        def answer(handler):
            begin, end = faults.span(handler)
            if begin and end - begin < 9000 and served.files["/a.tif"] is not files:
                waits.wait(30)
                served.add("a.tif", files)
            elif not begin and waits.is_set():
                renewed.set()
            elif begin and not waits.is_set():
                old = served.files["/a.tif"]
                waits.set()
                renewed.wait(30)
                time.sleep(0.2)
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
            reader = CogReader(Limits(memory=tile + 9000))
            async with reader.open(Access(href=href), href) as raster:
                return await together(raster.read(window) for window in windows)

        for pixels, window in zip(run(work()), windows, strict=True):
            np.testing.assert_array_equal(pixels.values, read.part(second, window))

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
