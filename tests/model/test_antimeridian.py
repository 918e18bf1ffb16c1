"""±180 degrees and the poles: what crosses is one area, its parts do not, and nothing is lost."""

import math

import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from multisat.model import AOI, AOIs, antimeridian

EAST, WEST = (179, -17, 180, -16), (-180, -17, -179, -16)
RING = [[179, -17], [-179, -17], [-179, -16], [179, -16], [179, -17]]
ACROSS = {
    "bbox": (179, -17, -179, -16),
    "bbox of 0..360": (179, -17, 181, -16),
    "jumping ring": {"type": "Polygon", "coordinates": [RING]},
    "jumping ring clockwise": {"type": "Polygon", "coordinates": [RING[::-1]]},
    "jumping ring from the west": {"type": "Polygon", "coordinates": [[*RING[1:], RING[1]]]},
    "unwrapped": shapely.box(179, -17, 181, -16),
    "unwrapped west": shapely.box(-181, -17, -179, -16),
    "split": shapely.MultiPolygon([shapely.box(*EAST), shapely.box(*WEST)]),
    "text": "179,-17,-179,-16",
    "collection": shapely.GeometryCollection([shapely.Polygon(RING), shapely.Point(0, 0)]),
}


@pytest.mark.parametrize("crs", ["EPSG:4326", "OGC:CRS84", "EPSG:4269"])
@pytest.mark.parametrize("value", ACROSS.values(), ids=ACROSS)
def test_what_crosses_is_one_area_in_two_parts(value, crs):
    area = AOI.of(value, crs=crs)
    assert area.crosses_antimeridian
    parts = sorted(part.bounds for part in area.parts)
    assert np.allclose(parts, [WEST, EAST])
    assert np.allclose(area.bboxes, (EAST, WEST))
    assert area.area_m2 == pytest.approx(2 * AOI.of((1, -17, 2, -16)).area_m2)
    assert (abs(area.centroid[0]), area.centroid[1]) == pytest.approx((180, -16.5))
    assert AOI.of(area.geojson).area_m2 == pytest.approx(area.area_m2)


@pytest.mark.parametrize("value", ACROSS.values(), ids=ACROSS)
@pytest.mark.parametrize("zone", [60, 1])
def test_it_is_contiguous_in_the_utm_zones_beside(value, zone):
    there = AOI.of(value).to_crs(f"EPSG:327{zone:02d}")
    corners = Transformer.from_crs(4326, f"EPSG:327{zone:02d}", always_xy=True).transform(
        [179, 180, -179, -179, 180, 179], [-17, -17, -17, -16, -16, -16]
    )
    want = shapely.Polygon(zip(*corners, strict=True))
    assert there.bounds == pytest.approx(want.bounds, abs=600)
    assert shapely.union_all(shapely.set_precision(there, 0.01)).geom_type == "Polygon"
    assert there.symmetric_difference(want).area < 0.01 * want.area


def test_a_hole_across_stays_a_hole():
    ring = [(178, -5), (-178, -5), (-178, 5), (178, 5), (178, -5)]
    hole = [(179, -1), (-179, -1), (-179, 1), (179, 1), (179, -1)]
    area = AOI.of(shapely.Polygon(ring, [hole]))
    assert area.lonlat.area == pytest.approx(4 * 10 - 2 * 2)
    moved = AOI.of(shapely.Polygon([(x % 360, y) for x, y in ring], [[(x % 360, y) for x, y in hole]]))
    assert moved.lonlat.symmetric_difference(area.lonlat).area == pytest.approx(0)


@pytest.mark.parametrize(
    ("value", "boxes", "crosses"),
    [
        ((200, 0, 210, 10), [(-160, 0, -150, 10)], False),
        ((200, 0, 100, 10), [(-160, 0, 100, 10)], False),
        ((-210, 0, -200, 10), [(150, 0, 160, 10)], False),
        ((-100, -60, 150, 60), [(-100, -60, 150, 60)], False),
        ((-100, -60, -120, 60), [(-100, -60, 180, 60), (-180, -60, -120, 60)], True),
        ((0, 0, 180, 10), [(0, 0, 180, 10)], False),
        ((0, 0, 270, 10), [(0, 0, 180, 10), (-180, 0, -90, 10)], True),
        ((-180, -90, 180, 90), [(-180, -90, 180, 90)], False),
        ((0, -90, 360, 90), [(-180, -90, 180, 90)], False),
        ((-180, 80, 180, 90), [(-180, 80, 180, 90)], False),
        ((180, 0), [(180, 0, 180, 0)], False),
        ((190, 5), [(-170, 5, -170, 5)], False),
    ],
)
def test_boxes_and_their_sides(value, boxes, crosses):
    area = AOI.of(value)
    assert area.crosses_antimeridian is crosses
    assert list(area.bboxes) == boxes
    again = AOI.from_dict(area.to_dict())
    assert list(again.bboxes) == boxes
    assert list(AOI.of(area.geojson).bboxes) == boxes


def test_the_globe_has_the_area_of_the_ellipsoid():
    for globe in ((-180, -90, 180, 90), (0, -90, 360, 90)):
        assert AOI.of(globe).area_m2 == pytest.approx(5.10065621724e14, rel=1e-11)


@pytest.mark.parametrize(("crs", "pole"), [("EPSG:3413", 90), ("EPSG:3995", 90), ("EPSG:3031", -90)])
def test_a_polar_projection_may_hold_the_pole(crs, pole):
    area = AOI.of(shapely.Point(0, 0).buffer(1e6, quad_segs=60), crs=crs)
    south, north = sorted((pole, math.copysign(80.7, pole)))
    assert area.bboxes == (pytest.approx((-180, south, 180, north), abs=0.4),)
    assert area.area_m2 == pytest.approx(math.pi * 1e12, rel=0.07)
    assert area.lonlat.is_valid


@pytest.mark.parametrize("turned", [0, 100, 200])
@pytest.mark.parametrize("middle", [(0, 0), (3e5, -2e5), (1e6, 0), (0, 1.4e6), (-1e6, -8e5)])
def test_holes_are_cut_out_round_the_pole_and_beside_it(middle, turned):
    shell, hole = shapely.Point(0, 0).buffer(2e6), shapely.Point(middle).buffer(4e5)
    ring = shapely.affinity.rotate(hole, turned, origin="centroid").exterior
    whole, cut, holed = (
        AOI.of(shape, crs="EPSG:3413") for shape in (shell, hole, shapely.Polygon(shell.exterior, [ring]))
    )
    assert holed.area_m2 == pytest.approx(whole.area_m2 - cut.area_m2, rel=1e-3)
    assert holed.lonlat.is_valid


def test_a_ring_round_the_pole_encloses_it():
    cap = AOI.of(shapely.Polygon([(0, 80), (90, 80), (180, 80), (-90, 80), (0, 80)]))
    assert cap.area_m2 == pytest.approx(AOI.of((-180, 80, 180, 90)).area_m2)


@pytest.mark.parametrize(("zone", "x"), [("EPSG:32660", 740_000), ("EPSG:32601", 260_000)])
def test_a_utm_polygon_may_cross(zone, x):
    box = shapely.box(x - 60_000, 5_000_000, x + 60_000, 5_100_000)
    area = AOI.of(box, crs=zone)
    assert area.crosses_antimeridian
    assert len(area.bboxes) == len(area.parts) == 2
    # scale of UTM 3 degrees from the middle: 0.9996 * (1 + (x - 500 km)² / 2 R²)
    scale = 0.9996 * (1 + (x - 500_000) ** 2 / (2 * 6.38e6**2))
    assert area.area_m2 == pytest.approx(box.area / scale**2, rel=1e-4)
    assert area.to_crs(zone).equals(box)
    there = area.to_crs("EPSG:4326")
    assert there.geom_type == "Polygon"
    assert there.bounds[2] - there.bounds[0] < 2


def test_lines_and_points_across():
    line = AOI.of(shapely.LineString([(179, 0), (-179, 2)]))
    assert sorted(part.bounds for part in line.parts) == [(-180, 1, -179, 2), (179, 0, 180, 1)]
    assert AOI.of(shapely.MultiPoint([(190, 0), (0, 0)])).lonlat.equals(
        shapely.MultiPoint([(-170, 0), (0, 0)])
    )


def test_a_union_is_read_the_same_again():
    both = AOIs.of([(-170, 0, -10, 1), (-11, 0, 170, 1), (179, 0, -179, 1)]).union()
    assert both.lonlat.area == pytest.approx(340 + 2)
    assert AOI.of(both.geojson).lonlat.area == pytest.approx(340 + 2)


def test_an_empty_geometry_is_left_alone():
    assert antimeridian.unwrapped(shapely.Point()).is_empty


GEOD = Geod(ellps="WGS84")
boxes = st.tuples(st.floats(-180, 179.9), st.floats(-85, 80), st.floats(0.01, 359), st.floats(0.01, 5)).map(
    lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
)


@settings(max_examples=60, deadline=None)
@given(boxes)
def test_parts_stay_inside_and_nothing_is_lost(bounds):
    west, south, east, north = bounds
    area = AOI.of((west, south, east if east <= 180 else east - 360, north))
    assert all(part.bounds[0] >= -180 and part.bounds[2] <= 180 for part in area.parts)
    assert area.lonlat.area == pytest.approx((east - west) * (north - south), rel=1e-9)
    # the same box far from 180 degrees, a strip of it: areas go with the width
    strip = shapely.segmentize(shapely.box(0, south, 0.01, north), 0.01)
    true, _ = GEOD.geometry_area_perimeter(strip)
    assert area.area_m2 == pytest.approx(abs(true) * (east - west) / 0.01, rel=1e-6)
    again = AOI.of(area.geojson)
    assert again.area_m2 == pytest.approx(area.area_m2, rel=1e-9)
    assert AOI.from_dict(area.to_dict()) == area


@settings(max_examples=40, deadline=None)
@given(boxes, st.integers(4, 60), st.integers(0, 2**32 - 1))
def test_a_simpler_area_contains_the_area(bounds, vertices, seed):
    west, south, east, north = bounds
    angles = np.sort(np.random.default_rng(seed).uniform(0, 2 * np.pi, 90))
    x = (west + east) / 2 - 180 + min(east - west, 100) / 2 * np.cos(angles)
    y = (south + north) / 2 + (north - south) / 2 * np.sin(angles)
    area = AOI.of(shapely.Polygon(np.column_stack([x, y])))
    simple = area.simplified(vertices)
    assert shapely.get_num_coordinates(simple.lonlat) <= max(vertices, 14)
    assert area.lonlat.difference(simple.lonlat.buffer(1e-9)).area < 1e-9
