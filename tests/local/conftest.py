"""Folders as users have them: filled from the sandbox's archives, or by hand."""

import json

import pytest

import multisat as ms
from multisat.model import Request
from multisat_local.provider import Local

MUNICH = (11.495, 48.312, 11.52, 48.33)


@pytest.fixture
def local(tmp_path, monkeypatch):
    """A provider of its own over ``tmp_path / "scenes"``."""
    folder = tmp_path / "scenes"
    folder.mkdir()
    monkeypatch.setenv("MULTISAT_LOCAL", str(folder))
    return Local()


@pytest.fixture
def folder(local, tmp_path):
    return tmp_path / "scenes"


@pytest.fixture
def ask(local):
    """Search: ``ask(time=..., max_cloud=...)`` gives the search, read to its end."""

    def call(aoi=MUNICH, time="2023", **options):
        search = local.search(Request.of(aoi, time, **options))
        search.scenes = list(search)
        return search

    return call


def make_item(
    name="one", when="2023-05-04T10:10:31Z", *, box=(11.0, 48.0, 12.0, 49.0), cloud=10.0, **changes
):
    """Return a synthetic Sentinel-2 item of the keys Earth Search uses."""
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "id": name,
        "collection": "sentinel-2-l2a",
        "bbox": list(box),
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {
            "datetime": when,
            "eo:cloud_cover": cloud,
            "platform": "sentinel-2a",
            "s2:processing_baseline": "05.09",
        },
        "links": [],
        "assets": {"red": {"href": "./red.tif"}, "scl": {"href": "./scl.tif"}},
    } | changes


@pytest.fixture
def item():
    return make_item


@pytest.fixture
def put(folder):
    """Write JSON below the folder: ``put("a/b.json", item)``."""

    def call(path, data):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(data if isinstance(data, str) else json.dumps(data))
        return target

    return call


@pytest.fixture
def raster():
    """Write a small GeoTIFF of one value over Munich, 10 m: ``raster(path, value)``."""

    def call(path, value, dtype="uint16", **profile):
        import numpy as np
        import rasterio

        path.parent.mkdir(parents=True, exist_ok=True)
        transform = rasterio.transform.from_origin(684000, 5357000, 10, 10)
        given = {"count": 1, "dtype": dtype, "crs": "EPSG:32632", "transform": transform} | profile
        with rasterio.open(path, "w", driver="GTiff", width=300, height=300, **given) as file:
            for band in range(1, given["count"] + 1):
                file.write(np.full((300, 300), value, dtype), band)
        return path

    return call


@pytest.fixture(scope="module")
def downloaded(box, tmp_path_factory):
    """A folder with the red, near infrared and quality files of two scenes, and what they were loaded as."""
    folder = tmp_path_factory.mktemp("downloaded")
    area, bands = box.places["munich"], ["red", "nir"]
    found = ms.search(area, "2023-05", collections="sentinel-2-l2a", providers="planetary-computer")
    ms.download(found, folder, [*bands, "scl"])
    return folder, area, found, found.load(bands, mask="clear")
