"""Areas of interest: every form that is taken and every one that is refused. ±180 and files have their own."""

import json

import geopandas
import numpy as np
import orjson
import pandas as pd
import pytest
import shapely
from pyproj import Geod
from shapely.geometry import mapping

from multisat.errors import AOIError
from multisat.model import AOI, AOIs

BOX = shapely.box(11, 48, 12, 49)
SQUARE = {"type": "Polygon", "coordinates": [[[11, 48], [12, 48], [12, 49], [11, 49], [11, 48]]]}
FEATURE = {"type": "Feature", "id": "a", "properties": {"crop": "wheat"}, "geometry": SQUARE}
FRAME = geopandas.GeoDataFrame({"nr": [1]}, geometry=[BOX], crs=4326)


def collection(*features, **more):
    return {"type": "FeatureCollection", "features": list(features), **more}


class HasInterface:
    def __init__(self, value):
        self.__geo_interface__ = value


FORMS = {
    "tuple": (11, 48, 12, 49), "list": [11.0, 48.0, 12.0, 49.0], "array": np.array([11, 48, 12, 49]),
    "total_bounds": FRAME.total_bounds, "numpy numbers": tuple(np.float32([11, 48, 12, 49])),
    "numbers": "11,48,12,49", "spaced numbers": " 11.0 , 48 ,12, 49e0\n", "bracketed": "[11, 48, 12, 49]",
    "shapely": BOX, "list of one": [BOX], "geometry": SQUARE, "feature": FEATURE,
    "collection": collection(FEATURE), "bare collection": {"type": "GeometryCollection", "geometries": [SQUARE]},
    "json": orjson.dumps(SQUARE).decode(), "indented json": "\n " + json.dumps(FEATURE, indent=1),
    "crs member": collection(FEATURE, crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}),
    "wkt": BOX.wkt, "lower wkt": BOX.wkt.lower(), "ewkt": f"SRID=4326;{BOX.wkt}", "wkt z": "POLYGONZ" + shapely.force_3d(BOX).wkt[9:],
    "interface": HasInterface(SQUARE), "interface of a feature": HasInterface(FEATURE),
    "frame": FRAME, "series": FRAME.geometry, "series without crs": geopandas.GeoSeries([BOX]),
    "geoframe json": json.loads(FRAME.to_json()), "area": AOI(geometry=BOX), "areas": AOIs.of(BOX),
}  # fmt: skip


@pytest.mark.parametrize("value", FORMS.values(), ids=FORMS)
def test_every_form_is_the_same_area(value):
    area = AOI.of(value)
    assert area.lonlat.equals(BOX)
    assert area.crs == "EPSG:4326"
    assert AOI.of(value, name="field").name == "field"


@pytest.mark.parametrize(
    "value", [(11, 48), [11.0, 48], "11,48", "[11,48]", "POINT (11 48)", (11, 48, 11, 48)]
)
def test_points(value):
    assert AOI.of(value).lonlat.equals(shapely.Point(11, 48))
    assert AOI.of(value).area_m2 == 0
    assert AOI.of(value).centroid == (11, 48)


UTM = FRAME.to_crs(32632)
STATED = {
    "frame": UTM, "series": UTM.geometry, "frame over crs": UTM, "ewkt": f"SRID=32632;{UTM.geometry[0].wkt}",
    "geoframe json": json.loads(UTM.to_json()), "geoframe text": UTM.to_json(),
    "our json": AOI.of(UTM).to_dict(), "our collection": AOIs.of(UTM).to_dict(),
}  # fmt: skip


@pytest.mark.parametrize("crs", [None, "EPSG:3035"], ids=["", "not used"])
@pytest.mark.parametrize("value", STATED.values(), ids=STATED)
def test_a_value_that_states_its_system_is_believed(value, crs):
    area = AOI.of(value, crs=crs)
    assert area.crs == "EPSG:32632"
    assert area.lonlat.symmetric_difference(BOX).area < 0.005


@pytest.mark.parametrize(
    "value",
    [
        UTM.geometry[0],
        mapping(UTM.geometry[0]),
        UTM.geometry[0].wkt,
        geopandas.GeoSeries(UTM.geometry.values, crs=None),
    ],
)
def test_a_value_that_does_not_is_told(value):
    if isinstance(value, geopandas.GeoSeries):
        value = value.set_crs(None, allow_override=True)
    area = AOI.of(value, crs="epsg:32632")
    assert area.crs == "EPSG:32632"
    assert area.to_crs("EPSG:32632").equals(UTM.geometry[0])
    with pytest.raises(AOIError, match="out of range"):
        AOI.of(value)


def test_edges_stay_true_when_moved():
    """A side of a UTM box is bent in degrees; its middle must still lie on the side."""
    utm = AOI.of(shapely.box(300000, 5300000, 700000, 5310000), crs="EPSG:32632")
    assert AOI(geometry=utm.lonlat).to_crs("EPSG:32632").exterior.distance(shapely.Point(500000, 5310000)) < 1


def test_mending_is_said():
    tie = AOI.of(shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]))
    assert tie.geometry.is_valid
    assert tie.geometry.area == 2  # two triangles of 2 by 1
    assert "Self-intersection" in tie.notes[0]
    assert tie.renamed("x").notes == tie.notes
    high = AOI.of({"type": "Point", "coordinates": [11, 48, 500]})
    assert (high.notes, high.geometry.has_z) == (("heights were dropped",), False)
    assert AOI.of(BOX).notes == ()


def test_a_collection_keeps_what_has_most_dimensions():
    mixed = [BOX, shapely.Point(0, 0), shapely.LineString([(0, 0), (1, 1)])]
    assert AOI.of(shapely.GeometryCollection(mixed)).lonlat.equals(BOX)
    assert AOI.of(shapely.GeometryCollection(mixed[1:])).geometry.geom_type == "LineString"
    assert AOI.of(shapely.LinearRing(BOX.exterior)).geojson["type"] == "LineString"


def test_geojson_turns_outlines_the_right_way():
    rings = shapely.Polygon(BOX.exterior, [shapely.box(11.2, 48.2, 11.4, 48.4).exterior])
    for one in (rings, rings.reverse()):
        turned = shapely.geometry.shape(AOI.of(one).geojson)
        assert turned.exterior.is_ccw
        assert not turned.interiors[0].is_ccw


@pytest.mark.parametrize("value", [*FORMS.values(), *STATED.values(), shapely.Point(0.1 + 0.2, 1 / 3)])
def test_values_can_be_keys_and_travel_as_json(value):
    one = AOI.of(value)
    again = AOI.from_dict(json.loads(json.dumps(one.to_dict())))
    assert again == one
    assert {again: 1}[one] == 1
    assert again.geometry.equals_exact(one.geometry, 0)
    assert (again.name, again.properties, again.crs) == (one.name, one.properties, one.crs)


def test_what_makes_two_areas_equal():
    one = AOI.of(FEATURE)
    assert one == AOI.of({**FEATURE, "properties": {}})
    assert one == AOI(geometry=BOX.reverse(), name="a")
    assert len({one, AOI.of(BOX), AOI.of(BOX, crs="EPSG:4269"), AOI.of((11, 48)), one.renamed("b")}) == 5
    assert one != BOX


def test_attributes_become_json_values():
    times = [pd.Timestamp("2023-05-01"), pd.NaT]
    frame = geopandas.GeoDataFrame(
        {"t": times, "x": [np.nan, 2.5], 3: [np.int64(1), 2]}, geometry=[BOX, BOX], crs=4326
    )
    first, second = (dict(area.properties) for area in AOIs.of(frame))
    assert first == {"t": "2023-05-01T00:00:00", "x": None, "3": 1}
    assert second == {"t": None, "x": 2.5, "3": 2}


def test_area_and_middle_agree_with_geographiclib():
    true, _ = Geod(ellps="WGS84").geometry_area_perimeter(shapely.segmentize(BOX, 0.01))
    assert AOI.of(BOX).area_m2 == pytest.approx(abs(true), rel=1e-8)
    holed = shapely.Polygon(BOX.exterior, [shapely.box(11.2, 48.2, 11.4, 48.4).exterior])
    hole = AOI.of((11.2, 48.2, 11.4, 48.4)).area_m2
    assert AOI.of(holed).area_m2 == pytest.approx(AOI.of(BOX).area_m2 - hole, rel=1e-12)
    assert AOI.of((11.5, 48, 11.6, 48.1)).centroid == pytest.approx((11.55, 48.05))
    assert repr(AOI.of(FEATURE)) == "<AOI 'a' Polygon 8217.732 km² in (11.0000, 48.0000, 12.0000, 49.0000)>"
