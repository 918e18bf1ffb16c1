"""Recorded grids and footprints against PROJ and against each other."""

from __future__ import annotations

import pytest
from pyproj import Transformer
from shapely.geometry import Point, box

from multisat.vocab.mgrs import tile_origin

pytestmark = pytest.mark.fixtures

S2_COLLECTIONS = {
    "earth-search": ["sentinel-2-l2a", "sentinel-2-c1-l2a"],
    "planetary-computer": ["sentinel-2-l2a"],
}
SURFACE = {
    ("earth-search", "sentinel-2-l2a"),
    ("earth-search", "sentinel-2-c1-l2a"),
    ("earth-search", "landsat-c2-l2"),
    ("earth-search", "cop-dem-glo-30"),
    ("planetary-computer", "sentinel-2-l2a"),
    ("planetary-computer", "landsat-c2-l2"),
}
PACKAGE = {
    "landsat/": ("planetary-computer", "landsat-c2-l2"),
    "sentinel-2/": ("earth-search", "sentinel-2-l2a"),
    "usgs/": ("planetary-computer", "landsat-c2-l2"),
}


def provider_of(path, one):
    """Whose item it is, and of which collection it can be read; None if of none with grids."""
    if "assets" not in one or "geometry" not in one:
        return None
    folder = next((names for start, names in PACKAGE.items() if path.startswith(start)), None)
    found = folder or (path.partition("/")[0], one.get("collection"))
    return found if found in SURFACE else None


@pytest.fixture
def gridded(every_item, read):
    """All recorded scenes whose pixel grids the catalogue tells."""
    owned = [(provider_of(path, one), one) for path, one in every_item]
    return [read(names[0], one, names[1]) for names, one in owned if names]


def test_footprints_lie_on_their_grids(gridded):
    assert len(gridded) > 20
    assert {s.collection for s in gridded} == {"sentinel-2-l2a", "landsat-c2-l2", "cop-dem-30"}
    for scene in gridded:
        middles = [part.representative_point() for part in getattr(scene.geometry, "geoms", [scene.geometry])]
        for asset in scene.assets.values():
            to_grid = Transformer.from_crs("EPSG:4326", asset.grid.crs, always_xy=True)
            outline = box(*asset.grid.bounds)
            for middle in middles:
                assert outline.contains(Point(to_grid.transform(middle.x, middle.y))), (scene, asset.band)


def test_all_files_of_a_scene_cover_the_same_ground(gridded):
    for scene in gridded:
        bounds = {asset.grid.bounds for asset in scene.assets.values()}
        assert len(bounds) == 1, scene
        assert all(asset.grid.transform[4] < 0 for asset in scene.assets.values())


def test_footprints_are_not_larger_than_their_grids(gridded):
    for scene in (s for s in gridded if s.collection == "sentinel-2-l2a"):
        asset = scene.assets["scl"]
        back = Transformer.from_crs(asset.grid.crs, "EPSG:4326", always_xy=True)
        west, south, east, north = asset.grid.bounds
        corners = [back.transform(x, y) for x in (west, east) for y in (south, north)]
        latitudes = [latitude for _, latitude in corners]
        assert min(latitudes) - 0.05 < scene.geometry.bounds[1]
        assert scene.geometry.bounds[3] < max(latitudes) + 0.05


def test_tile_names_tell_the_corners_of_sentinel2_grids(every_item, read):
    tiles = set()
    for path, one in every_item:
        names = provider_of(path, one)
        if names is None or names[1] not in S2_COLLECTIONS[names[0]]:
            continue
        scene = read(names[0], one, names[1])
        origin = tile_origin(scene.tile)
        grid = scene.assets["red"].grid
        south = 10_000_000 if origin.south else 0
        assert grid.crs == f"EPSG:{(32700 if origin.south else 32600) + origin.zone}", scene
        assert (grid.transform[2], grid.transform[5]) == (origin.x, origin.y + south), scene
        tiles.add(scene.tile)
    assert len(tiles) >= 12
    assert {tile_origin(tile).south for tile in tiles} == {True, False}


def test_tile_names_tell_the_corners_of_level_1_items_too(every_item):
    seen = 0
    for _, one in every_item:
        transform = (one.get("assets") or {}).get("red", {}).get("proj:transform")
        code = one["properties"].get("grid:code", "")
        if transform and code.startswith("MGRS-"):
            origin = tile_origin(code)
            assert transform[2] == origin.x
            assert transform[5] == origin.y + (10_000_000 if origin.south else 0)
            seen += 1
    assert seen > 8


def test_hls_tile_origin_is_the_recorded_one(item):
    origin = tile_origin("19LDD")
    transform = item("hls/item-l30-T19LDD.json")["properties"]["proj:transform"]
    assert (origin.zone, origin.south) == (19, True)
    assert [origin.x, origin.y] == [transform[2], transform[5]]


def test_sentinel1_detected_images_have_no_grid(every_item, read):
    images = [one for _, one in every_item if one.get("collection") in {"sentinel-1-grd", "sentinel1-grd"}]
    assert len(images) == 4
    for one in images:
        assert one["properties"]["proj:transform"]
        for provider in ("earth-search", "planetary-computer"):
            scene = read(provider, one, "sentinel-1-grd")
            assert {asset.grid for asset in scene.assets.values()} == {None}
