"""A range server over files and its faults, both readers over it, and what they cost."""

import ctypes
import gc
import hashlib
import re
import struct
import subprocess
import sys
import zlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.shutil import copy as copy_raster
from rasterio.transform import from_origin

from multisat.contracts import Access
from multisat.errors import AssetUnreadable
from multisat.raster import AnyReader, CogReader, GdalReader, Limits, Window, run


@dataclass
class Served:
    """Files by path, and what was asked for.

    ``before`` may answer a request itself and return True.
    """

    files: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    before: object = None
    url: str = ""

    def add(self, name, data):
        self.files[f"/{name}"] = data
        return f"{self.url}/{name}"

    def answer(self, handler):
        path = handler.path.split("?")[0]
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", handler.headers.get("Range") or "")
        self.asked.append(
            (
                handler.command,
                path,
                wanted and wanted.group(0),
                {k.lower(): v for k, v in handler.headers.items()},
            )
        )
        if self.before is not None and self.before(handler):
            return
        data = self.files.get(path)
        if data is None:
            handler.send_error(404)
            return
        first = int(wanted.group(1)) if wanted else 0
        last = min(int(wanted.group(2) or len(data)) if wanted else len(data), len(data) - 1)
        part = data[first : last + 1]
        handler.send_response(206 if wanted else 200)
        handler.send_header("Content-Length", str(len(part)))
        handler.send_header("ETag", f'"{hashlib.md5(data).hexdigest()}"')
        if wanted:
            handler.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(part)


@pytest.fixture
def served(serve):
    found = Served()
    found.url = serve(found.answer)
    return found


@pytest.fixture
def served_elsewhere(tmp_path):
    """Serve the files of the test's folder from a process of its own; gives its address."""
    command = [sys.executable, str(Path(__file__).with_name("range_server.py")), str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        yield running.stdout.readline().strip()


@pytest.fixture
def write(tmp_path):
    """Write a tiled TIFF: returns its bytes."""

    def make(
        values, *, overviews=(), cog=False, crs=32632, transform=None, nodata=None, mask=None, **options
    ):
        path, plain = tmp_path / "made.tif", tmp_path / "plain.tif"
        profile = {
            "driver": "GTiff",
            "height": values.shape[0],
            "width": values.shape[1],
            "count": 1,
            "dtype": values.dtype,
            "crs": crs,
            "transform": transform or from_origin(600000, 5340000, 10, 10),
            "nodata": nodata,
        }
        layout = {"tiled": True, "blockxsize": 256, "blockysize": 256}
        with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True, GDAL_TIFF_DEFLATE_SUBCODEC="DEFLATE"):
            target = plain if cog else path
            with rasterio.open(target, "w", **profile, **({} if cog else {**layout, **options})) as file:
                file.write(values, 1)
                if mask is not None:
                    file.write_mask(mask)
            if overviews:
                with rasterio.open(target, "r+") as file:
                    file.build_overviews(overviews)
            if cog:
                copy_raster(plain, path, driver="COG", **options)
        return path.read_bytes()

    return make


def engine_read(href, window=None, level=0, limits=None, cache=None, headers=None):
    """Read with the engine; returns its info and pixels."""

    async def work():
        reader = CogReader(limits, cache)
        async with reader.open(Access(href=href, headers=headers or {}), href.split("?")[0]) as raster:
            whole = raster.info.levels[level].shape
            place = window or Window(row=0, column=0, height=whole[0], width=whole[1])
            found = raster.info, await raster.read(place, level)
        reader.close()
        return found

    return run(work())


def gdal_read(href, window, level=0):
    """Read with GDAL; returns its info and pixels."""

    async def work():
        async with GdalReader().open(Access(href=href), href) as raster:
            return raster.info, await raster.read(window, level)

    return run(work())


class Faults:
    """What is wrong with one answer."""

    @staticmethod
    def span(handler):
        """Return the first and last byte a request asks for."""
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", handler.headers["Range"])
        return int(found.group(1)), int(found.group(2))

    @classmethod
    def partial(cls, handler, data, body, *, first=None, last=None, length=None):
        """Send a 206 that says one thing and may hold another."""
        begin, end = cls.span(handler)
        begin, end = begin if first is None else first, min(end, len(data) - 1) if last is None else last
        handler.send_response(206)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        handler.send_header("Content-Range", f"bytes {begin}-{end}/{len(data)}")
        handler.end_headers()
        handler.wfile.write(body)
        handler.wfile.flush()
        return True

    @classmethod
    def cut(cls, handler, data):
        """Send half of what is asked for and close the connection."""
        begin, end = cls.span(handler)
        body = data[begin : end + 1]
        cls.partial(handler, data, body[: len(body) // 2], length=len(body))
        handler.close_connection = True
        handler.connection.shutdown(2)
        return True

    @staticmethod
    def redirect(handler, where):
        """Send elsewhere."""
        handler.send_response(302)
        handler.send_header("Location", where)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return True


@pytest.fixture
def faults():
    return Faults


QUICK = Limits(retries=2, retry_seconds=3, stall_seconds=1)
INSIDE = Window(row=10, column=10, height=30, width=40)
"""A window within one tile."""


def windows(shape):
    """Inside one tile, over tile edges, over the edges of the scene, one pixel, all of it."""
    rows, columns = shape
    return [
        Window(row=3, column=5, height=40, width=50),
        Window(row=200, column=230, height=120, width=90),
        Window(row=rows - 70, column=columns - 33, height=70, width=33),
        Window(row=rows // 2, column=columns // 2, height=1, width=1),
        Window(row=0, column=0, height=rows, width=columns),
    ]


def noise(dtype, shape, seed=1):
    """Numbers that pack a little: steps along a ramp, with all bits in use."""
    rng = np.random.default_rng(seed)
    kind = np.dtype(dtype)
    if kind.kind == "f":
        return (rng.normal(size=shape).cumsum(axis=1) * 1e3).astype(kind)
    limits = np.iinfo(kind)
    ramp = np.linspace(float(limits.min), float(limits.max) * 0.98, shape[0] * shape[1]).reshape(shape)
    with np.errstate(all="ignore"):
        return ramp.astype(kind) + rng.integers(0, 3, shape).astype(kind)


@pytest.fixture
def read(tmp_path):
    """The helpers of this folder as one name."""

    class Helpers:
        engine = staticmethod(engine_read)
        gdal = staticmethod(gdal_read)
        noise = staticmethod(noise)
        windows = staticmethod(windows)
        quick = QUICK
        folder = tmp_path

        @staticmethod
        def part(values, window=INSIDE):
            rows = slice(window.row, window.row + window.height)
            return values[rows, window.column : window.column + window.width]

        @staticmethod
        def whole(shape):
            return Window(row=0, column=0, height=shape[0], width=shape[1])

        @staticmethod
        def gdal_window(window):
            return rasterio.windows.Window(window.column, window.row, window.width, window.height)

    return Helpers


@pytest.fixture
def values(read):
    """The numbers of one image of 3 x 3 tiles."""
    return read.noise("u2", (700, 610))


@pytest.fixture
def data(write, values):
    """The file they are in."""
    return write(values, compress="DEFLATE")


@pytest.fixture
def fails(served, data, read):
    """Read a file of a server that answers by ``before`` for ever; returns what is said of it.

    With ``later`` the first answer, the header, is still right.
    """

    def told(before, *, later=False, limits=QUICK):
        number = iter(range(10_000))
        served.before = lambda handler: False if later and next(number) == 0 else before(handler)
        with pytest.raises(AssetUnreadable) as caught:
            read.engine(served.add("a.tif", data), INSIDE, limits=limits)
        return str(caught.value)

    return told


KINDS = {"u1": 1, "a": 2, "u2": 3, "u4": 4, "i4": 9, "f8": 12, "u8": 16}


def tiff(directories, tiles=b"", *, at=4096, after=0, big=False):
    """Return the bytes of a TIFF from its directories: each a dict of tag to ``(kind, values)``.

    Args:
        tiles: Bytes that lie at ``at``.
        after: Position the last directory names as the next one; "all" names each by the one before.
    """
    wide, head, step = ("Q", "Q", 20) if big else ("I", "H", 12)
    room = 8 if big else 4
    out = bytearray(b"II" + struct.pack("<HHHQ", 43, 8, 0, 16) if big else b"II" + struct.pack("<HI", 42, 8))
    for number, tags in enumerate(directories):
        here = len(out)
        stop = here + struct.calcsize("<" + head) + step * len(tags) + room
        table, values = b"", b""
        for tag, (kind, content) in sorted(tags.items()):
            raw, count = _packed(kind, content)
            spot = raw.ljust(room, b"\0") if len(raw) <= room else struct.pack("<" + wide, stop + len(values))
            values += raw if len(raw) > room else b""
            values += b"\0" * (len(values) % 2)
            table += struct.pack("<HH" + wide, tag, KINDS[kind], count) + spot
        following = stop + len(values) if number + 1 < len(directories) else after
        out += struct.pack("<" + head, len(tags)) + table + struct.pack("<" + wide, following) + values
    return bytes(out.ljust(at, b"\0") + tiles) if tiles else bytes(out)


def _packed(kind, content):
    if kind == "a":
        raw = content if isinstance(content, bytes) else content.encode() + b"\0"
        return raw, len(raw)
    values = np.atleast_1d(np.asarray(content, dtype=f"<{kind}"))
    return values.tobytes(), values.size


def sound(**changes):
    """Return the tags of an image of 100 x 90 numbers in 2 x 2 tiles, all of them the one at 4096.

    Names of ``changes`` are tags after ``t``; None takes a tag out.
    """
    tags = {
        256: ("u4", 90),
        257: ("u4", 100),
        258: ("u2", 16),
        259: ("u2", 8),
        262: ("u2", 1),
        277: ("u2", 1),
        317: ("u2", 1),
        322: ("u4", 64),
        323: ("u4", 64),
        324: ("u4", [4096] * 4),
        325: ("u4", [len(PACKED)] * 4),
        339: ("u2", 1),
        33550: ("f8", [10, 10, 0]),
        33922: ("f8", [0, 0, 0, 600000, 5340000, 0]),
        34735: ("u2", [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32632]),
    }
    tags |= {int(name[1:]): value for name, value in changes.items()}
    return {tag: value for tag, value in tags.items() if value is not None}


TILE = np.arange(64 * 64, dtype="<u2").reshape(64, 64)
PACKED = zlib.compress(TILE.tobytes())


BLOCK = 2**24


@cache
def zeros(size):
    """Return a zlib stream of zeros in the least bytes deflate has for them; ``size`` is a multiple of 2^24."""
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(bytes(BLOCK)) + packer.flush(zlib.Z_FULL_FLUSH)
    adler = struct.pack(">HH", size % 65521, 1)  # RFC 1950: sums of the numbers, which are 0, and of the sums
    return b"\x78\xda" + block * (size // BLOCK) + b"\x03\x00" + adler


@pytest.fixture
def craft():
    """Files made by hand."""

    class Craft:
        tile = TILE
        zeros = staticmethod(zeros)
        packed = PACKED
        file = staticmethod(tiff)
        sound = staticmethod(sound)

        @staticmethod
        def one(tiles=PACKED, **changes):
            """A file with one directory, which differs from a sound one."""
            counts = {} if "t325" in changes else {"t325": ("u4", [len(tiles)] * 4)}
            return tiff([sound(**{**counts, **changes})], tiles)

    return Craft


def take(access, window=None, level=0, reader=None):
    """Read with whatever reader fits, as a load does; returns info and pixels."""
    access = Access(href=access) if isinstance(access, str) else access

    async def work():
        used = reader or AnyReader(CogReader())
        async with used.open(access, access.href.split("?")[0]) as raster:
            rows, columns = raster.info.levels[level].shape
            place = window or Window(row=0, column=0, height=rows, width=columns)
            found = raster.info, await raster.read(place, level)
        used.close()
        return found

    return run(work())


@pytest.fixture(name="take")
def _take():
    return take


def kilobytes(name):
    """Return what Linux says of this process, such as ``VmRSS``."""
    return int(re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text()).group(1))


def settle():
    """Give back what was freed: it would be taken again unseen, or given back while something is measured."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


class Peak:
    """Most memory a block took, in bytes beyond what was in use before it."""

    def __enter__(self):
        settle()
        Path("/proc/self/clear_refs").write_text("5")
        self._before = kilobytes("VmHWM")
        return self

    def __exit__(self, *error):
        self.extra = (kilobytes("VmHWM") - self._before) * 1024


@pytest.fixture
def peak():
    return Peak


@pytest.fixture
def resident():
    """Return the bytes in use now, without what was freed."""

    def now():
        gc.collect()
        settle()
        return kilobytes("VmRSS") * 1024

    return now
