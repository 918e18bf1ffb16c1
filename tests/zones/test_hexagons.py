"""Areas in hexagons and in cells of H3."""

import math
import sys

import h3
import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer

from multisat.errors import AOIError, UsageError
from multisat.model import AOI
from multisat.zones import h3_cells, hexagons

MUNICH = [11.3, 48.0, 11.8, 48.3]
ELLIPSOID = Geod(ellps="WGS84")


def area_on_earth(lonlat):
    """Area on the ellipsoid, along geodesics between close points."""
    return abs(ELLIPSOID.geometry_area_perimeter(shapely.segmentize(lonlat, 0.002))[0])


def sides_on_earth(hexagon):
    corners = np.array(hexagon.geometry.exterior.coords).T
    return np.array(
        ELLIPSOID.line_lengths(*Transformer.from_crs(hexagon.crs, 4326, always_xy=True).transform(*corners))
    )


def test_hexagons_are_regular_with_flat_tops_and_as_wide_as_said():
    for one in hexagons(MUNICH, 5000):
        corners = np.array(one.geometry.exterior.coords)
        assert len(corners) == 7
        sides = np.diff(corners, axis=0)
        np.testing.assert_allclose(np.hypot(*sides.T), 5000 / math.sqrt(3), rtol=1e-9)
        level = sides[np.abs(sides[:, 1]) < 1e-6]
        assert len(level) == 2
        assert np.ptp(corners[:, 1]) == pytest.approx(5000)
        assert one.geometry.area == pytest.approx(math.sqrt(3) / 2 * 5000**2)


def test_they_cover_the_area_without_overlap_and_all_touch_it():
    found = hexagons(MUNICH, 3000)
    shapes = [one.geometry for one in found]
    there = AOI.of(MUNICH).to_crs(found[0].crs)
    union = shapely.union_all(shapes, grid_size=1e-3)
    assert there.within(union.buffer(0.01))
    assert union.area == pytest.approx(sum(s.area for s in shapes), rel=1e-6)
    assert all(shape.intersects(there) for shape in shapes)


def test_areas_are_equal_on_the_ellipsoid():
    truth = math.sqrt(3) / 2 * 10000**2
    found = hexagons([10.0, 47.0, 13.0, 49.0], "10km")
    assert len(found) > 500
    for one in (found[0], found[len(found) // 2], found[-1]):
        assert one.area_m2 == pytest.approx(truth, rel=1e-6)
        assert area_on_earth(one.lonlat) == pytest.approx(truth, rel=1e-5)


@pytest.mark.parametrize(("column", "most"), [(0, 1e-5), (6, 1e-4), (34, 3e-3)])
def test_sides_far_from_the_centre_differ_as_said(column, most):
    row = [one for one in hexagons([2, 48, 20, 52], "20km") if one.properties["row"] == 0]
    (one,) = [one for one in row if one.properties["column"] == column]
    lengths = sides_on_earth(one)
    assert np.ptp(lengths) / np.mean(lengths) < most
    assert np.mean(lengths) == pytest.approx(20000 / math.sqrt(3), rel=1e-3)


def test_ids_are_rows_and_columns_and_shared_by_neighbours():
    west, east = hexagons([11.3, 48.0, 11.45, 48.1], 2000), hexagons([11.4, 48.0, 11.49, 48.1], 2000)
    shared = {one.name: one for one in west if one.name in {other.name for other in east}}
    assert len(shared) > 20
    assert all(shared[other.name].geometry.equals(other.geometry) for other in east if other.name in shared)
    places = [(one.properties["row"], one.properties["column"]) for one in west]
    assert places == sorted(places)
    assert [one.name for one in west] == [f"r{row}c{column}" for row, column in places]
    assert hexagons([11.3, 48.0, 11.45, 48.1], 2000) == west


def test_rows_count_northwards_and_columns_eastwards():
    by_place = {
        (h.properties["row"], h.properties["column"]): h.lonlat.centroid for h in hexagons(MUNICH, 5000)
    }
    row, column = next((r, c) for r, c in by_place if (r + 1, c) in by_place and (r, c + 2) in by_place)
    here = by_place[row, column]
    assert by_place[row + 1, column].y > here.y
    assert by_place[row, column + 2].x > here.x


@pytest.mark.parametrize("size", ["5km", "5 km", "5000", "5000m", 5000, 5000.0])
def test_sizes_may_have_units(size):
    assert hexagons([11.4, 48.1], size) == hexagons([11.4, 48.1], 5000)


@pytest.mark.parametrize("size", ["5 miles", "", 0, -3, math.nan, math.inf, "nan"])
def test_sizes_that_are_no_length_are_refused(size):
    with pytest.raises(UsageError, match="is no length"):
        hexagons(MUNICH, size)


def test_an_area_across_180_degrees_is_covered():
    aoi = AOI.of([179.6, -17.2, -179.7, -16.8])
    found = hexagons(aoi, "8km")
    assert sum(one.geometry.intersection(aoi.to_crs(one.crs)).area for one in found) == pytest.approx(
        aoi.area_m2, rel=1e-4
    )


def test_a_point_has_its_hexagon():
    (only,) = hexagons([11.4, 48.1], "1km")
    assert only.lonlat.contains(shapely.Point(11.4, 48.1))


def test_too_many_are_refused_before_they_are_made():
    with pytest.raises(UsageError, match="over 1,000,000"):
        hexagons([0, 0, 40, 40], "100m")


def test_cells_cover_the_area_and_all_touch_it():
    found = h3_cells(MUNICH, 6)
    box = shapely.box(*MUNICH)
    union = shapely.union_all([one.geometry for one in found])
    assert box.within(union.buffer(1e-9))
    assert all(one.geometry.intersects(box) for one in found)
    assert all(h3.is_valid_cell(one.name) and h3.get_resolution(one.name) == 6 for one in found)
    assert [one.name for one in found] == sorted(one.name for one in found)
    areas = [one.area_m2 / h3.cell_area(one.name, unit="m^2") for one in found]
    assert areas == pytest.approx([1] * len(areas), rel=0.01)  # h3 takes a sphere


def test_cells_of_holes_are_left_out_and_points_have_theirs():
    ring = shapely.box(*MUNICH).difference(shapely.box(11.4, 48.05, 11.7, 48.25))
    assert h3.latlng_to_cell(48.15, 11.55, 7) not in {one.name for one in h3_cells(ring, 7)}
    assert [one.name for one in h3_cells([11.55, 48.15], 7)] == [h3.latlng_to_cell(48.15, 11.55, 7)]


def test_cells_across_180_degrees_lie_on_both_sides():
    aoi = AOI.of([179.6, -17.2, -179.7, -16.8])
    found = h3_cells(aoi, 5)
    assert {h3.latlng_to_cell(-17, lon, 5) for lon in (179.8, -179.8)} <= {one.name for one in found}
    assert max(one.area_m2 for one in found) < 4e8


@pytest.mark.parametrize(
    ("aoi", "resolution", "error", "message"),
    [
        (MUNICH, 16, UsageError, "no resolution 16"),
        (MUNICH, "7", UsageError, "no resolution '7'"),
        (MUNICH, 15, UsageError, "1,000,000 are the most"),
        (shapely.LineString([(11, 48), (12, 49)]), 5, AOIError, "a line has no cells"),
    ],
)
def test_cells_that_cannot_be_are_refused(aoi, resolution, error, message):
    with pytest.raises(error, match=message):
        h3_cells(aoi, resolution)


def test_without_h3_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "h3", None)
    with pytest.raises(UsageError, match=r"h3 is not installed .*multisat-eo\[zonal\]"):
        h3_cells(MUNICH, 6)
