"""A range server over files, and both readers over it."""

import hashlib
import re
from dataclasses import dataclass, field

import numpy as np
import pytest
import rasterio
from rasterio.shutil import copy as copy_raster
from rasterio.transform import from_origin

from multisat.contracts import Access
from multisat.raster import CogReader, GdalReader, Limits, Window, run


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
        self.asked.append((handler.command, path, wanted and wanted.group(0), dict(handler.headers)))
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
