"""How many requests a read takes, and what it leaves behind."""

import socket
import threading
from pathlib import Path

import numpy as np
import pytest

from multisat.contracts import Access
from multisat.raster import CogReader, GdalReader, Window, run, together
from multisat.raster.cog import HeaderCache

INSIDE = Window(row=10, column=10, height=30, width=40)


class TestRequests:
    def gets(self, served):
        assert {asked[0] for asked in served.asked} <= {"GET"}
        return [asked[2] for asked in served.asked]

    def test_one_for_the_header_and_one_for_a_tile(self, served, values, data, read):
        _, found = read.engine(served.add("a.tif", data), INSIDE)
        np.testing.assert_array_equal(found.values, read.part(values))
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
        np.testing.assert_array_equal(found.values, read.part(values, window))
        assert len(self.gets(served)) == 2

    def test_one_for_each_row_of_tiles(self, served, values, data, read):
        window = Window(row=200, column=0, height=400, width=300)
        _, found = read.engine(served.add("a.tif", data), window)
        np.testing.assert_array_equal(found.values, read.part(values, window))
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
        np.testing.assert_array_equal(found.values, read.part(values, window))
        assert len(self.lengths(served)) == 1
        assert sum(self.lengths(served)) < len(data) // 6

    @pytest.mark.parametrize("predictor", [1, 2])
    def test_are_followed_by_the_rest_where_upper_rows_pack_badly(self, served, write, read, predictor):
        values = np.zeros((512, 512), "u2")
        values[:64] = np.random.default_rng(5).integers(0, 60000, (64, 512))
        data = write(values, blockxsize=512, blockysize=512, compress="DEFLATE", predictor=predictor)
        window = Window(row=10, column=5, height=50, width=500)
        _, found = read.engine(served.add("a.tif", data), window)
        np.testing.assert_array_equal(found.values, read.part(values, window))
        assert len(self.lengths(served)) == 2
        assert sum(self.lengths(served)) <= len(data)

    def test_of_several_tiles_in_a_row(self, served, write, read):
        """Tiles before the last are fetched whole, the last one in part."""
        values = np.random.default_rng(5).integers(0, 60000, (512, 1024)).astype("u2")
        values[100:, 512:] = 0
        data = write(values, blockxsize=512, blockysize=512, compress="DEFLATE")
        window = Window(row=0, column=400, height=90, width=600)
        _, found = read.engine(served.add("a.tif", data), window)
        np.testing.assert_array_equal(found.values, read.part(values, window))


@pytest.mark.parametrize("reader", ["cog", "gdal"])
def test_nothing_is_left_behind_by_many_loads(served, values, data, take, read, resident, reader):
    href = served.add("a.tif", data)
    make = {"cog": CogReader, "gdal": GdalReader}[reader]
    served.before = lambda handler: handler.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def load():
        np.testing.assert_array_equal(take(href, INSIDE, reader=make())[1].values, read.part(values))
        served.asked.clear()

    def usage():
        return len(list(Path("/proc/self/fd").iterdir())), threading.active_count(), resident()

    for _ in range(50):
        load()
    files, threads, memory = usage()
    for _ in range(150):
        load()
    after = usage()
    assert after[0] <= files + 4
    assert after[1] <= threads + 4
    assert after[2] - memory < 25 * 2**20
