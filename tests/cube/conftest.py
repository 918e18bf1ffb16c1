"""Files on disk with known numbers, and scenes over them."""

import datetime as dt

import numpy as np
import pytest
import rasterio
import shapely
from pyproj import Transformer
from rasterio.transform import from_origin
from shapely.geometry import mapping

from multisat.contracts import Access
from multisat.model import Acquisition, FileAsset, Scene


@pytest.fixture
def write(tmp_path):
    """Write a raster: ``write("red", size=10, count=600, dtype="uint16")`` returns path and numbers."""

    def make(
        name, *, size=10, count=600, dtype="uint16", nodata=0, x=600000, y=5340000, crs=32632, values=None
    ):
        rng = np.random.default_rng(sum(map(ord, name)))
        if values is None:
            values = rng.integers(1, 200, (count, count)).astype(dtype)
            if nodata is not None:
                values[:20, :20] = nodata
        path = tmp_path / f"{name}.tif"
        profile = {
            "driver": "GTiff",
            "height": count,
            "width": count,
            "count": 1,
            "dtype": dtype,
            "nodata": nodata,
        }
        blocks = {"tiled": True, "blockxsize": 256, "blockysize": 256}
        where = {"crs": crs, "transform": from_origin(x, y, size, size)}
        with rasterio.open(path, "w", **profile, **blocks, **where) as file:
            file.write(values, 1)
        return path, values

    return make


def footprint(path):
    """The outline of a file in longitude and latitude."""
    with rasterio.open(path) as file:
        to = Transformer.from_crs(file.crs, 4326, always_xy=True)
        ring = shapely.box(*file.bounds).segmentize(max(file.res) * 50)
    return mapping(shapely.transform(ring, lambda p: np.column_stack(to.transform(p[:, 0], p[:, 1]))))


@pytest.fixture
def scene():
    """Make a scene over files: ``scene("one", red=path, scl=path)``."""

    def make(name, *, minute=0, collection="sentinel-2-l2a", scale=1.0, offset=0.0, nodata=0, **files):
        assets = {
            band: FileAsset(
                key=band, band=band, href=str(path), nodata=nodata, scale=scale, offset=offset, why="a test"
            )
            for band, path in files.items()
        }
        return Scene(
            provider="disk",
            collection=collection,
            native_id=collection,
            id=name,
            datetime=dt.datetime(2023, 5, 4, 10, minute, tzinfo=dt.UTC),
            footprint=footprint(next(iter(files.values()))),
            platform="sentinel-2a",
            relative_orbit=22,
            assets=assets,
            acquisition=Acquisition(collection=collection, platform="sentinel-2a", tile="32UPU", name=name),
            item={},
        )

    return make


@pytest.fixture
def plain():
    """Open assets as they are."""
    return lambda _provider, asset: Access(href=asset.href)


@pytest.fixture
def serve_folder(serve):
    """Serve the files of a folder by ranges: gives an address."""

    def start(folder):
        def answer(handler):
            data = (folder / handler.path.split("?")[0].lstrip("/")).read_bytes()
            first, last = handler.headers["Range"].removeprefix("bytes=").split("-")
            part = data[int(first) : int(last) + 1]
            handler.send_response(206)
            handler.send_header("Content-Length", str(len(part)))
            end = int(first) + len(part) - 1
            handler.send_header("Content-Range", f"bytes {first}-{end}/{len(data)}")
            handler.end_headers()
            handler.wfile.write(part)

        return serve(answer)

    return start
