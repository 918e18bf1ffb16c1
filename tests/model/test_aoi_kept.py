"""What an area must not lose, nor let in, on its way through the library."""

import json

import numpy as np
import orjson
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from multisat.errors import AOIError, MultisatError
from multisat.model import AOI, AOIs

BOX = shapely.box(11, 48, 12, 49)
TIE = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])


@pytest.mark.parametrize(
    "other", [shapely.Point(1, 2), shapely.LineString([(1, 2), (3, 4)])], ids=["point", "line"]
)
def test_a_union_never_loses_an_area_in_silence(other):
    with pytest.raises(AOIError, match="cannot be one area") as caught:
        AOIs.of([BOX, other]).union()
    assert caught.value.hint


def test_a_union_of_one_kind_holds_them_all():
    points = AOIs.of([(1, 2), (3, 4)]).union().lonlat
    assert sorted(p.coords[0] for p in points.geoms) == [(1, 2), (3, 4)]


def test_notes_go_with_the_area():
    assert AOIs.of([AOI.of(TIE), (1, 2)])[0].notes == AOI.of(TIE).notes


def test_attributes_are_a_copy_and_json_from_the_start():
    given_ones = {"count": np.int64(3), "share": float("nan"), "tags": ["a"]}
    area = AOI(geometry=BOX, properties=given_ones)
    given_ones["count"] = 4
    given_ones["tags"].append("b")
    assert area.properties == {"count": 3, "share": None, "tags": ["a"]}
    assert AOI.from_dict(json.loads(json.dumps(area.to_dict()))).properties == area.properties


@pytest.mark.parametrize(
    ("text", "note"),
    [("POINT M (1 2 3)", "measures were dropped"), ("POINT Z (1 2 3)", "heights were dropped")],
)
def test_only_x_and_y_are_kept(text, note):
    area = AOI.of(text)
    assert area == AOI.of((1, 2))
    assert area.notes == (note,)


@pytest.mark.parametrize("data", [{}, {"geometry": None}, {"type": "FeatureCollection", "features": []}, []])
def test_what_to_dict_never_wrote_is_an_error_of_ours(data):
    with pytest.raises(AOIError):
        AOI.from_dict(data)


@pytest.mark.parametrize("data", [{}, {"features": 5}, {"features": [5]}, []])
def test_what_the_set_never_wrote_is_an_error_of_ours(data):
    with pytest.raises(AOIError):
        AOIs.from_dict(data)


@pytest.mark.parametrize("crs", ["EPSG:5703", "EPSG:4978"], ids=["heights", "geocentric"])
def test_a_system_without_a_map_is_refused(crs):
    with pytest.raises(AOIError, match=f"{crs} has no map coordinates"):
        AOI.of(BOX, crs=crs)


def test_systems_with_a_height_beside_the_map_are_taken():
    assert AOI.of(BOX, crs="EPSG:4979").bboxes == ((11, 48, 12, 49),)


@pytest.mark.parametrize("value", [(1, 2, 3, 4), BOX, {"type": "Point", "coordinates": [1, 2]}])
def test_a_layer_is_refused_where_there_are_none(value):
    with pytest.raises(AOIError, match="no layer 'roads'"):
        AOIs.of(value, layer="roads")


@pytest.mark.parametrize("far", [1e9, 1e11, 1e300])
def test_numbers_far_from_degrees_are_refused_at_once(far):
    with pytest.raises(AOIError, match="is out of range"):
        AOI.of((1, 2, far, 4))


def test_halves_at_the_antimeridian_become_one_piece_in_a_zone():
    halves = shapely.MultiPolygon(
        [shapely.box(179.5, -17, 180, -16.5), shapely.box(-180, -17, -179.5, -16.5)]
    )
    moved = AOI.of(halves).to_crs("EPSG:32760")
    assert moved.is_valid
    assert moved.geom_type == "Polygon"
    whole = AOI.of((179.5, -17, -179.5, -16.5)).to_crs("EPSG:32760")
    assert moved.symmetric_difference(whole).area < 1e-5 * whole.area


@pytest.mark.parametrize("start", [-170, -10, 0, 10, 170])
@pytest.mark.parametrize("latitude", [-70, 70])
@pytest.mark.parametrize("step", [90, -90])
def test_a_ring_round_a_pole_survives_wherever_it_begins(start, latitude, step):
    ring = [((start + step * n + 180) % 360 - 180, latitude) for n in range(4)]
    area = AOI.of(shapely.Polygon(ring))
    south, north = (-90, latitude) if latitude < 0 else (latitude, 90)
    assert area.bboxes == ((-180, south, 180, north),)
    again = AOI.from_dict(orjson.loads(orjson.dumps(area.to_dict())))
    assert again == area
    assert again.lonlat.equals(area.lonlat)
    assert area.renamed("x").lonlat.equals(area.lonlat)


@pytest.mark.parametrize("latitude", [0, 45, 70, -80])
@pytest.mark.parametrize("size", [0.01, 0.05, 0.1, 2.0])
def test_areas_of_slanted_edges_agree_with_geographiclib(latitude, size):
    corners = [(10, latitude), (10 + size, latitude), (10, latitude + size)]
    dense = shapely.segmentize(shapely.Polygon(corners), size / 2000)
    true, _ = Geod(ellps="WGS84").geometry_area_perimeter(dense)
    assert AOI.of(shapely.Polygon(corners)).area_m2 == pytest.approx(abs(true), rel=2e-5)


@pytest.mark.parametrize("value", [BOX.reverse(), BOX, (179, -17, -179, -16)], ids=["cw", "ccw", "across"])
def test_outer_rings_of_geojson_are_counter_clockwise(value):
    found = AOI.of(value).geojson
    rings = [found["coordinates"][0]] if found["type"] == "Polygon" else [p[0] for p in found["coordinates"]]
    assert all(shapely.LinearRing(ring).is_ccw for ring in rings)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
kinds = st.sampled_from(
    ["Point", "LineString", "Polygon", "MultiPolygon", "Feature", "FeatureCollection", "x"]
)
objects = st.fixed_dictionaries(
    {"type": kinds},
    optional={
        key: json_values | st.deferred(lambda: objects) | st.lists(st.deferred(lambda: objects), max_size=2)
        for key in ("coordinates", "geometry", "geometries", "features", "properties", "id", "crs")
    },
)


@settings(max_examples=150, deadline=None)
@given(objects | json_values)
def test_any_json_is_an_area_or_an_error_of_ours(value):
    try:
        found = AOIs.of(value)
    except MultisatError:
        return
    assert AOIs.from_dict(orjson.loads(orjson.dumps(found.to_dict()))).areas == found.areas
