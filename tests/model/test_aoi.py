"""Areas of interest: every form that is taken, every one that is refused, and ±180 degrees."""

import contextlib
import subprocess
import sys

import geopandas
import numpy as np
import orjson
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import mapping

from multisat.errors import AOIError
from multisat.model import AOI, AOIs

BOX = shapely.box(11, 48, 12, 49)
SQUARE = {"type": "Polygon", "coordinates": [[[11, 48], [12, 48], [12, 49], [11, 49], [11, 48]]]}
FEATURE = {"type": "Feature", "id": "a", "properties": {"crop": "wheat"}, "geometry": SQUARE}


class HasInterface:
    __geo_interface__ = SQUARE


@pytest.mark.parametrize(
    "value",
    [
        (11, 48, 12, 49),
        [11.0, 48.0, 12.0, 49.0],
        np.array([11, 48, 12, 49]).tolist(),
        "11,48,12,49",
        " 11.0 , 48 ,12, 49e0",
        BOX,
        SQUARE,
        FEATURE,
        {"type": "FeatureCollection", "features": [FEATURE]},
        orjson.dumps(SQUARE).decode(),
        BOX.wkt,
        f"SRID=4326;{BOX.wkt}",
        HasInterface(),
        geopandas.GeoDataFrame(geometry=[BOX], crs=4326),
        geopandas.GeoSeries([BOX], crs=4326),
        geopandas.GeoSeries([BOX]),
        AOI(geometry=BOX),
    ],
    ids=lambda v: type(v).__name__,
)
def test_every_form_is_the_same_area(value):
    assert AOI.of(value).lonlat.equals(BOX)


def test_other_systems_are_kept_and_moved_when_asked():
    utm = AOI.of(shapely.box(600000, 5300000, 700000, 5400000), crs="EPSG:32632")
    assert utm.crs == "EPSG:32632"
    assert utm.to_crs("EPSG:32632").bounds == (600000, 5300000, 700000, 5400000)
    frame = geopandas.GeoDataFrame(geometry=[BOX], crs=4326).to_crs(3035)
    assert AOI.of(frame).lonlat.symmetric_difference(BOX).area < 0.02
    assert AOI.of(BOX.wkt, crs="OGC:CRS84").crs == "EPSG:4326"


def test_edges_stay_true_when_moved():
    """A side of a UTM box is bent in degrees; its middle must still lie on the side."""
    utm = AOI.of(shapely.box(300000, 5300000, 700000, 5310000), crs="EPSG:32632")
    back = AOI(geometry=utm.lonlat).to_crs("EPSG:32632")
    middle = shapely.Point(500000, 5310000)
    assert back.exterior.distance(middle) < 1


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ((1, 2, 3), "3 numbers are no area"),
        ((11, 49, 12, 48), "south 49 is north of north 48"),
        ((11, 48, 12, 95), "latitude 95 is out of range"),
        ((11, 100, 12, 101), "they look swapped"),
        ((600000, 5300000, 700000, 5400000), "out of range"),
        ((float("nan"), 48, 12, 49), "empty|finite"),
        (shapely.Point(), "empty"),
        (shapely.Polygon([(0, 0), (1, 1), (float("inf"), 0)]), "finite|empty"),
        ("POLYGON ((1 2", "no WKT"),
        ("nofile.gpkg", "there is no file 'nofile.gpkg'"),
        ('{"type": "Sphere"}', "no GeoJSON geometry"),
        ("{broken", "no GeoJSON"),
        ({"type": "Feature", "id": 7, "geometry": None, "properties": {}}, "feature 7 has no geometry"),
        ({"type": "FeatureCollection", "features": []}, "no features"),
        (
            {"type": "FeatureCollection", "features": [FEATURE, {**FEATURE, "id": "b"}]},
            "2 features where one",
        ),
        (3.2, "cannot read an area from float"),
        (None, "cannot read an area from NoneType"),
    ],
)
def test_what_is_no_area_is_refused_with_the_next_step(value, said):
    with pytest.raises(AOIError, match=said) as caught:
        AOI.of(value)
    assert caught.value.hint


def test_an_unknown_system_is_named():
    with pytest.raises(AOIError, match="EPSG:99999"):
        AOI.of(BOX, crs="EPSG:99999")


def test_a_bow_tie_is_mended_and_said():
    tie = AOI.of(shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]))
    assert tie.geometry.is_valid
    assert tie.geometry.area == 2
    assert "Self-intersection" in tie.notes[0]


def test_heights_are_dropped_and_said():
    assert AOI.of(shapely.Point(11, 48, 500)).notes == ("heights were dropped",)


def test_a_collection_keeps_its_polygons():
    mixed = shapely.GeometryCollection([BOX, shapely.Point(0, 0)])
    assert AOI.of(mixed).lonlat.equals(BOX)


def test_values_can_be_keys_and_travel_as_json():
    one = AOI.of(FEATURE)
    assert (one.name, one.properties) == ("a", {"crop": "wheat"})
    again = AOI.from_dict(orjson.loads(orjson.dumps(one.to_dict())))
    assert again == one
    assert hash(again) == hash(one)
    assert again.properties == one.properties
    assert one != AOI.of(BOX)
    utm = AOI.of(shapely.box(0, 0, 1000, 1000), crs="EPSG:32632", name="x")
    assert AOI.from_dict(utm.to_dict()) == utm


def test_area_is_geodesic():
    true, _ = Geod(ellps="WGS84").geometry_area_perimeter(BOX)
    assert AOI.of(BOX).area_m2 == pytest.approx(abs(true))
    assert AOI.of((11.5, 48)).area_m2 == 0


ACROSS = {
    "bbox": (179, -17, -179, -16),
    "jumping ring": {
        "type": "Polygon",
        "coordinates": [[[179, -17], [-179, -17], [-179, -16], [179, -16], [179, -17]]],
    },
    "unwrapped": shapely.box(179, -17, 181, -16),
    "unwrapped west": shapely.box(-181, -17, -179, -16),
    "split": shapely.MultiPolygon([shapely.box(179, -17, 180, -16), shapely.box(-180, -17, -179, -16)]),
}


@pytest.mark.parametrize("value", ACROSS.values(), ids=ACROSS)
def test_across_the_antimeridian_is_one_area_in_two_parts(value):
    area = AOI.of(value)
    assert sorted(p.bounds for p in area.parts) == [(-180, -17, -179, -16), (179, -17, 180, -16)]
    assert area.area_m2 == pytest.approx(2 * AOI.of((1, -17, 2, -16)).area_m2)
    for zone in ("EPSG:32760", "EPSG:32701"):
        left, bottom, right, top = area.to_crs(zone).bounds
        assert 200_000 < right - left < 220_000
        assert top - bottom < 120_000


def test_boxes_are_one_for_each_side():
    assert AOI.of(ACROSS["bbox"]).bboxes == ((179, -17, 180, -16), (-180, -17, -179, -16))
    assert AOI.of(BOX).bboxes == ((11, 48, 12, 49),)
    assert abs(AOI.of(ACROSS["bbox"]).centroid[0]) == pytest.approx(180)


def test_holes_stay_holes_across_the_antimeridian():
    ring = [(178, -5), (-178, -5), (-178, 5), (178, 5), (178, -5)]
    hole = [(179, -1), (-179, -1), (-179, 1), (179, 1), (179, -1)]
    area = AOI.of(shapely.Polygon(ring, [hole]))
    assert area.lonlat.area == pytest.approx(4 * 10 - 2 * 2)


def test_the_globe_and_the_poles():
    assert AOI.of((-180, -90, 180, 90)).lonlat.area == pytest.approx(360 * 180)
    assert AOI.of((-180, 80, 180, 90)).bboxes == ((-180, 80, 180, 90),)


boxes = st.tuples(st.floats(-179, 179), st.floats(-80, 79), st.floats(0.01, 60), st.floats(0.01, 5)).map(
    lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
)


@settings(max_examples=60, deadline=None)
@given(boxes)
def test_parts_never_cross_and_nothing_is_lost(bounds):
    area = AOI.of(shapely.box(*bounds))
    assert all(part.bounds[0] >= -180 and part.bounds[2] <= 180 for part in area.parts)
    assert area.lonlat.area == pytest.approx(shapely.box(*bounds).area)
    assert AOI.from_dict(area.to_dict()) == area


@settings(max_examples=30, deadline=None)
@given(boxes, st.integers(4, 60))
def test_a_simpler_area_contains_the_area(bounds, vertices):
    west, south, east, north = bounds
    middle = shapely.Point((west + east) / 2, (south + north) / 2)
    area = AOI.of(middle.buffer(min(5, (east - west) / 2), quad_segs=40).difference(middle.buffer(0.001)))
    simple = area.simplified(vertices)
    assert shapely.get_num_coordinates(simple.lonlat) <= max(vertices, 10)
    assert area.lonlat.difference(simple.lonlat.buffer(1e-9)).area < 1e-12


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_an_area_or_an_error_of_ours(text):
    with contextlib.suppress(AOIError):
        AOIs.of(text or "x")


def test_standard_input_is_geojson(tmp_path):
    program = "from multisat.model import AOIs; print([a.name for a in AOIs.of('-')])"
    lines = "\n".join(orjson.dumps({**FEATURE, "id": n}).decode() for n in ("x", "y"))
    for text, names in ((orjson.dumps(FEATURE).decode(), "['a']"), (lines, "['x', 'y']")):
        done = subprocess.run(
            [sys.executable, "-c", program], input=text, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == names


@pytest.fixture
def frame():
    shapes = [shapely.box(i, 48, i + 0.5, 49) for i in (11, 12, 13)]
    return geopandas.GeoDataFrame(
        {"nr": [283, 16, 7], "kind": ["oak", "pine", "oak"]}, geometry=shapes, crs=4326
    )


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "shp", "fgb", "parquet"])
def test_files_with_many_features(frame, tmp_path, ending):
    path = tmp_path / f"forests.{ending}"
    frame.to_crs(32632).to_parquet(path) if ending == "parquet" else frame.to_crs(32632).to_file(path)
    areas = AOIs.of(path, id="nr")
    assert sorted(a.name for a in areas) == ["16", "283", "7"]
    assert areas["283"].properties["kind"] == "oak"
    assert areas["283"].lonlat.symmetric_difference(frame.geometry[0]).area < 1e-3
    assert len(areas.only(["7", "16"])) == 2
    with pytest.raises(AOIError, match="its attributes: "):
        AOIs.of(path, id="name")
    with pytest.raises(AOIError, match="oak"):
        AOIs.of(path, id="kind")
    with pytest.raises(AOIError, match="no area is called 99"):
        areas.only(["99"])
    assert areas.union().lonlat.area == pytest.approx(1.5, rel=1e-3)


def test_layers_must_be_named_where_there_are_several(frame, tmp_path):
    path = tmp_path / "two.gpkg"
    frame.to_file(path, layer="oaks")
    frame[:1].to_file(path, layer="pines")
    with pytest.raises(AOIError, match="layers: oaks, pines"):
        AOIs.of(path)
    assert len(AOIs.of(path, layer="pines")) == 1
    with pytest.raises(AOIError, match="no layer is called 'elms'"):
        AOIs.of(path, layer="elms")


def test_files_that_cannot_be_areas(frame, tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(AOIError, match="cannot read"):
        AOIs.of(tmp_path / "notes.txt")
    holes = frame.copy()
    holes.loc[1, "geometry"] = None
    holes.to_file(tmp_path / "holes.gpkg")
    with pytest.raises(AOIError, match="has no geometry"):
        AOIs.of(tmp_path / "holes.gpkg")
    bare = frame.to_crs(32632).set_crs(None, allow_override=True)
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        pyogrio.write_dataframe(bare, tmp_path / "bare.fgb")
    with pytest.raises(AOIError, match="does not say its CRS"):
        AOIs.of(tmp_path / "bare.fgb")
    assert len(AOIs.of(tmp_path / "bare.fgb", crs="EPSG:32632")) == 3


def test_names_where_none_is_asked_for():
    features = [{**FEATURE, "id": None, "properties": {"name": n}} for n in ("x", "y")]
    assert [a.name for a in AOIs.of({"type": "FeatureCollection", "features": features})] == ["x", "y"]
    same = [{**f, "properties": {"name": "x"}} for f in features]
    assert [a.name for a in AOIs.of({"type": "FeatureCollection", "features": same})] == ["1", "2"]
    assert AOIs.from_dict(AOIs.of([BOX, (1, 2)]).to_dict())[1].geojson == mapping(shapely.Point(1, 2))


def test_kml(tmp_path):
    ring = "11,48,0 12,48,0 12,49,0 11,49,0 11,48,0"
    polygon = f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
    place = f"<Placemark><name>field one</name>{polygon}</Placemark>"
    text = f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{place}</Document></kml>'
    (tmp_path / "field.kml").write_text(text)
    (area,) = AOIs.of(tmp_path / "field.kml")
    assert area.name == "field one"
    assert area.lonlat.equals(BOX)
