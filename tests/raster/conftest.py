"""A range server over files, and both readers over it."""

import hashlib
import re
import struct
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.shutil import copy as copy_raster
from rasterio.transform import from_origin

from multisat.contracts import Access
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


QUICK = Limits(retries=2, retry_seconds=3, stall_seconds=1)


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
        def whole(shape):
            return Window(row=0, column=0, height=shape[0], width=shape[1])

        @staticmethod
        def gdal_window(window):
            return rasterio.windows.Window(window.column, window.row, window.width, window.height)

    return Helpers


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


@pytest.fixture
def craft():
    """Files made by hand."""

    class Craft:
        tile = TILE
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
        used = reader or AnyReader(CogReader(QUICK))
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


class Peak:
    """Most memory a block took, in bytes beyond what was in use before it."""

    def __enter__(self):
        Path("/proc/self/clear_refs").write_text("5")
        self._before = self._kilobytes("VmRSS")
        return self

    def __exit__(self, *error):
        self.extra = (self._kilobytes("VmHWM") - self._before) * 1024

    @staticmethod
    def _kilobytes(name):
        return int(re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text()).group(1))


@pytest.fixture
def peak():
    return Peak
