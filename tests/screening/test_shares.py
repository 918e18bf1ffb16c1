"""Shares are those of the exact polygon in the quality layer, counted pixel by pixel."""

import random

import numpy as np
import pytest
import shapely

import multisat as ms
from multisat.cube import MultisatWarning

SHARES = ("clear", "cloud", "cirrus", "shadow", "snow", "water", "covered")
NEAR = 2e-3
"""Percent: polygons are moved by two ways, and shares are rounded to 0.0001 %."""

EVERY_LAYER = [
    ("earth-search", "sentinel-2-l2a", "2023-05-14", "scl"),
    ("earth-search", "landsat-c2-l2", "2023-06-19", "qa_pixel"),
    ("planetary-computer", "sentinel-2-l2a", "2023-06-03", "scl"),
    ("planetary-computer", "landsat-c2-l2", "2023-07-05", "qa_pixel"),
    ("planetary-computer", "hls-l30", "2023-06-19", "fmask"),
    ("nasa-cmr", "hls-l30", "2023-05-10", "fmask"),
    ("nasa-cmr", "hls-s30", "2023-05-14", "fmask"),
]


def compare(row, expected, near=NEAR):
    told = {name: row.shares[name] for name in SHARES if row.shares[name] is not None}
    assert told == {name: pytest.approx(expected.get(name, 0.0), abs=near) for name in told}
    assert row.shares["nodata"] == pytest.approx(100 - row.shares["covered"])


@pytest.mark.parametrize(("provider", "collection", "day", "layer"), EVERY_LAYER)
def test_every_archive_and_layer(stars, oracle, quality_files, provider, collection, day, layer):
    (row,) = ms.screen(stars["munich"], day, collections=collection, providers=provider)
    assert (row.read[0].provider, row.read[0].collection) == (provider, collection)
    assert (row.level, row.bound, row.status) == (0, 0.0, "ok")
    compare(row, oracle(stars["munich"], quality_files(row.read), layer))
    assert 0 < row.shares["cloud"] < 100
    assert (row.shares["cirrus"] is None) == (layer == "fmask")


def test_a_landsat_7_scene_with_stripes_covers_a_part(stars):
    (row,) = ms.screen(stars["munich"], "2023-07-05", collections="landsat-c2-l2")
    assert 70 < row.shares["covered"] < 85


def test_clear_is_what_the_mask_leaves(stars):
    how = {"collections": "sentinel-2-l2a", "providers": "earth-search"}
    (strict,) = ms.screen(stars["munich"], "2023-05-14", **how)
    (loose,) = ms.screen(stars["munich"], "2023-05-14", mask="loose", **how)
    (water,) = ms.screen(stars["munich"], "2023-05-14", mask=["cloud", "water"], **how)
    shares = strict.shares
    hidden = shares["cloud"] + shares["shadow"]
    assert loose.shares["clear"] == pytest.approx(100 - hidden, abs=NEAR)
    assert strict.shares["clear"] == pytest.approx(100 - hidden - shares["cirrus"], abs=NEAR)
    assert water.shares["clear"] == pytest.approx(100 - shares["cloud"] - shares["water"], abs=NEAR)
    assert {row.shares["cloud"] for row in (strict, loose, water)} == {shares["cloud"]}


def test_a_polygon_partly_outside(make_star, oracle, quality_files):
    polygon = make_star(11.545, 48.33, 0.02)
    (row,) = ms.screen(polygon, "2023-05-14", collections="sentinel-2-l2a", providers="earth-search")
    expected = oracle(polygon, quality_files(row.read), "scl")
    assert 10 < expected["covered"] < 90
    compare(row, expected)


def test_an_overlap_of_two_tiles_counts_once(stars, oracle, quality_files):
    (row,) = ms.screen(stars["overlap"], "2023-05-09", collections="sentinel-2-l2a")
    assert len(row.read) == 2
    compare(row, oracle(stars["overlap"], quality_files(row.read)[:1], "scl"))


def test_a_polygon_across_two_tiles(scene_of, screened, oracle, frame_of):
    """Neither tile has it all; on the strip that both have, what is clear in either is clear."""
    rng = np.random.default_rng(1)
    codes = np.array([0, 3, 4, 5, 6, 8, 9, 10, 11], dtype="uint8")
    west, east = (rng.choice(codes, (60, 80)) for _ in range(2))
    scenes = [scene_of("west", west), scene_of("east", east, x=600000 + 70 * 20, minute=1)]
    shape = shapely.Polygon([(600205, 5339911), (602790, 5339700), (602411, 5338903), (600333, 5338950)])
    (row,) = screened(scenes, shape)
    first, second = east[:, :10], west[:, 70:]  # scenes come in the order of their names
    clear = [np.isin(codes, [4, 5, 6, 11]) for codes in (first, second)]
    strip = np.where(clear[0] | (~clear[1] & (first != 0)), first, second)
    whole = np.hstack([west[:, :70], strip, east[:, 10:]])
    there = ms.AOI(geometry=shape, crs="EPSG:32632").lonlat
    compare(row, oracle(there, [(frame_of(shape=whole.shape), whole)], "scl"))
    assert (row.bound, row.items) == (0.0, ("east", "west"))


def test_two_halves_of_a_tile_are_one_row(stars, oracle, quality_files):
    (row,) = ms.screen(stars["munich"], "2023-07-03", collections="sentinel-2-l2a")
    assert len(row.read) == 2
    files = quality_files(row.read)
    assert all(0 < oracle(stars["munich"], [file], "scl")["covered"] < 100 for file in files)
    compare(row, oracle(stars["munich"], files, "scl"))
    assert row.shares["covered"] == 100.0


def test_across_two_zones_and_the_antimeridian(box, oracle, quality_files):
    area = ms.AOI.of(box.places["taveuni"])
    (row,) = ms.screen(area, "2023-05-04", collections="sentinel-2-l2a", providers="planetary-computer")
    assert row.shares["covered"] == 100.0
    assert 0 < row.bound < 1
    halves = [oracle(part, [file], "scl") for part, file in _sides(area, row, quality_files)]
    expected = np.average([h["water"] for h in halves], weights=[p.area for p in area.parts])
    assert row.shares["water"] == pytest.approx(expected, abs=row.bound)


def _sides(area, row, quality_files):
    """Each side of ±180 with the file in its own zone."""
    files = sorted(quality_files(row.read), key=lambda pair: pair[0].crs, reverse=True)
    parts = sorted(area.parts, key=lambda part: part.bounds[0], reverse=True)
    return zip(parts, files, strict=True)


def test_clear_pixels_are_those_a_load_keeps(box):
    """On the grid of the quality layer a load with the same mask keeps the same share."""
    area = ms.AOI.of(box.places["munich"])
    for day in ("2023-05-14", "2023-07-03"):
        found = ms.search(area, day, collections="sentinel-2-l2a")
        cube = found.load(["swir16"], mask="clear")
        pixels = ms.AOI(geometry=shapely.box(*cube.rio.bounds()), crs=str(cube.rio.crs))
        (row,) = ms.screen(pixels, scenes=found)
        assert row.shares["clear"] == pytest.approx(100 * float(cube.swir16.notnull().mean()), abs=1e-3)


def test_the_order_and_the_company_change_nothing(box, stars):
    found = ms.search(
        stars["munich"], "2023-05/2023-08", collections=["sentinel-2-l2a", "hls", "landsat-c2-l2"]
    )
    alone = ms.screen(stars["munich"], scenes=found)
    shuffled = list(found.scenes)
    random.Random(3).shuffle(shuffled)
    near = shapely.transform(stars["munich"], lambda p: p + 0.003)
    areas = ms.AOIs((ms.AOI(geometry=near, name="near"), ms.AOI(geometry=stars["munich"], name="1")))
    company = ms.screen(areas, scenes=shuffled)
    mine = [row for row in company if row.aoi == "1"]
    assert [row.to_dict() for row in mine] == [row.to_dict() for row in alone]
    assert [row.aoi for row in company] == ["near"] * len(alone) + ["1"] * len(alone)
    assert [row.time for row in alone] == sorted(row.time for row in alone)


def test_unknown_cloud_of_the_scene(stars):
    how = {"collections": "sentinel-2-l2a", "providers": "earth-search", "max_scene_cloud": 0}
    rows = ms.screen(stars["munich"], "2023-07-20/2023-08-05", **how)
    assert [row.scene_cloud for row in rows] == [None, None]
    assert all(row.shares["cloud"] > 0 for row in rows)


def test_radar_has_no_quality_layer(stars):
    with pytest.warns(MultisatWarning, match="sentinel-1-rtc: they have none of scl"):
        found = ms.screen(stars["munich"], "2023-06", collections=["sentinel-1-rtc", "sentinel-2-l2a"])
    assert {scene.collection for row in found for scene in row.scenes} == {"sentinel-2-l2a"}


def test_a_word_no_layer_tells_is_refused(stars):
    with pytest.raises(ms.UsageError, match="no scene can tell adjacent"):
        ms.screen(stars["munich"], "2023-05", collections="sentinel-2-l2a", mask="cloud,adjacent")


@pytest.mark.parametrize("area", ["POINT (11.5 48.32)", "LINESTRING (11.5 48.32, 11.51 48.33)"])
def test_what_has_no_area_is_refused(box, area):
    before = len(box.requests)
    with pytest.raises(ms.UsageError, match="has no shares"):
        ms.screen(area, "2023-05")
    assert len(box.requests) == before
