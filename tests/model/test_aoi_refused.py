"""What is no area: each is refused with an error of ours that says why and what to do."""

import contextlib

import geopandas
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from multisat.errors import AOIError
from multisat.model import AOI, AOIs

BOX = shapely.box(11, 48, 12, 49)
FRAME = geopandas.GeoDataFrame({"nr": [1]}, geometry=[BOX], crs=4326)
FEATURE = {
    "type": "Feature",
    "id": "a",
    "properties": {},
    "geometry": {"type": "Point", "coordinates": [11, 48]},
}


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("value", "said", "hint"),
    [
        ((1, 2, 3), "3 numbers are no area", "west,south,east,north"),
        ("1,2,3,4,5,6", "6 numbers are no area", "lon,lat"),
        ((11, 49, 12, 48), "south 49 is north of north 48", "order"),
        ((11, 48, 12, 95), "latitude 95 is out of range", "swapped"),
        ((111, -91, 112, 0), "latitude -91 is out of range", "-90 to 90"),
        ((48, 111, 49, 112), "latitude 112 is out of range", "longitude comes first; they look swapped"),
        (shapely.Point(-33, 151), "latitude 151", "swapped"),
        ((600000, 53, 700000, 54), "longitude 700000 is out of range", "metres"),
        ((600000, 5300000, 700000, 5400000), "out of range", "."),
        ((NAN, 48, 12, 49), "empty|finite", "."),
        ((11, 48, INF, 49), "finite|empty", "."),
        (shapely.Point(1, NAN), "empty|finite", "."),
        (shapely.LineString([(0, 0), (1, INF)]), "finite", "NaN"),
        ((11, 48, 11, 49), "geometry is invalid", "outline"),
        (shapely.Point(), "empty", "at least a point"),
        (shapely.GeometryCollection(), "empty", "."),
        ("POLYGON EMPTY", "empty", "."),
        ("POLYGON ((1 2", "no WKT", "."),
        ("SRID=99999;POINT (1 2)", "unknown CRS 'EPSG:99999'", "EPSG:32632"),
        ("nofile.gpkg", "there is no file 'nofile.gpkg'", "WKT"),
        ("x" * 400, "there is no file 'x", "."),
        ("~nobody-at-all/a.gpkg", "there is no file", "."),
        ("/tmp", "there is no file '/tmp'", "."),
        ("", "there is no file", "."),
        ("1.2.3,4", "there is no file", "."),
        ('{"type": "Sphere"}', "no GeoJSON geometry", "."),
        ('{"type": "Point"}', "no GeoJSON geometry", "."),
        ("{}", "no GeoJSON geometry", "."),
        ("{broken", "no GeoJSON", "."),
        (collection(3), "'3' is no GeoJSON object", "."),
        ({"type": "FeatureCollection", "features": 3}, "no list", "."),
        ({"type": "Feature", "id": 7, "geometry": None, "properties": {}}, "feature 7 has no geometry", "."),
        (collection(), "no features", "at least one"),
        ([], "no features", "at least one"),
        (FRAME[:0], "no features", "at least one"),
        (collection(FEATURE, {**FEATURE, "id": "b"}), "2 features where one", "AOIs.of"),
        (geopandas.GeoSeries([BOX, None], crs=4326), "row 1 has no geometry", "leave"),
        (collection(FEATURE, FEATURE, {**FEATURE, "geometry": {"type": "Point", "coordinates": [0, 99]}}), "area 3: latitude 99", "."),
        (geopandas.GeoDataFrame({"a": [1]}), "cannot read an area from GeoDataFrame", "."),
        (3.2, "cannot read an area from float", "."),
        (None, "cannot read an area from NoneType", "bbox"),
        (b"POINT (1 2)", "cannot read an area from bytes", "."),
    ],
)  # fmt: skip
def test_what_is_no_area_is_refused_with_the_next_step(value, said, hint):
    with pytest.raises(AOIError, match=said) as caught:
        AOI.of(value)
    assert caught.match(hint)
    assert caught.value.hint


@pytest.mark.parametrize(("box", "crs", "said"), [
    (BOX, "EPSG:99999", "EPSG:99999"), (BOX, "the moon", "unknown CRS 'the moon'"),
    (shapely.box(1e9, 0, 2e9, 1), "EPSG:32632", "cannot move|does not reach"), ((5, 0, 1, 2), "EPSG:32632", "west 5 is east of east 1"),
])  # fmt: skip
def test_systems_that_are_unknown_or_do_not_fit(box, crs, said):
    with pytest.raises(AOIError, match=said) as caught:
        AOI.of(box, crs=crs)
    assert caught.value.hint
    if box is BOX:
        with pytest.raises(AOIError, match=said):
            AOI.of(BOX).to_crs(crs)


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=40)
    | st.from_regex(r"\A[\[{]?[-.,\deE +]{1,20}[\]}]?\Z")
    | st.from_regex(r"\A(SRID=\d+;)?(POINT|POLYGON) ?[-Z(), \d.]{1,20}\Z")
)
def test_any_text_is_an_area_or_an_error_of_ours(text):
    with contextlib.suppress(AOIError):
        AOIs.of("x" if text == "-" else text)
