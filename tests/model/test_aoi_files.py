"""Areas in files and from standard input: layers, names, systems, and files that are none."""

import geopandas
import orjson
import pandas as pd
import pyogrio
import pytest
import shapely

from multisat.errors import AOIError
from multisat.model import AOI, AOIs

BOXES = [shapely.box(i, 48, i + 0.5, 49) for i in (11, 12, 13)]
POINT = {"type": "Point", "coordinates": [11, 48]}


@pytest.fixture
def frame():
    return geopandas.GeoDataFrame(
        {"nr": [283, 16, 7], "kind": ["oak", "pine", "oak"]}, geometry=BOXES, crs=4326
    )


def written(frame, path):
    frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_file(path)
    return path


@pytest.mark.parametrize("crs", [4326, 32632, 4258])
@pytest.mark.parametrize("ending", ["gpkg", "geojson", "json", "shp", "fgb", "parquet", "gml"])
def test_files_with_many_features(frame, tmp_path, ending, crs):
    path = written(frame.to_crs(crs), tmp_path / f"forests.{ending}")
    areas = AOIs.of(str(path) if crs == 4326 else path, id="nr")
    assert sorted(a.name for a in areas) == ["16", "283", "7"]
    assert {a.crs for a in areas} == {f"EPSG:{crs}"}
    assert (areas["283"].properties["kind"], areas["283"].properties["nr"]) == ("oak", 283)
    assert areas["283"].lonlat.symmetric_difference(BOXES[0]).area < 2e-3
    assert len(areas.only(["7", "16"])) == 2
    assert areas.union().lonlat.area == pytest.approx(1.5, rel=2e-3)
    assert [a.name for a in AOIs.from_dict(orjson.loads(orjson.dumps(areas.to_dict())))] == [
        a.name for a in areas
    ]


@pytest.mark.parametrize("ending", ["gpkg", "shp", "parquet"])
def test_names_that_cannot_be(frame, tmp_path, ending):
    path = written(frame, tmp_path / f"forests.{ending}")
    with pytest.raises(AOIError, match=r"feature 1 has no attribute 'species' \(its attributes: nr, kind\)"):
        AOIs.of(path, id="species")
    with pytest.raises(AOIError, match=r"two areas are called oak \(name them by another attribute\)"):
        AOIs.of(path, id="kind")
    areas = AOIs.of(path)
    with pytest.raises(AOIError, match=r"no area is called 99 \(there are 1, 2, 3\)"):
        areas.only(["99", "1"])
    with pytest.raises(AOIError, match="no area is called 283"):
        areas["283"]
    with pytest.raises(AOIError, match="3 features where one"):
        AOI.of(path)


def test_layers_must_be_named_where_there_are_several(frame, tmp_path):
    path = tmp_path / "two.gpkg"
    frame.to_file(path, layer="oaks")
    frame[:1].to_file(path, layer="pines")
    with pytest.raises(AOIError, match=r"several layers.*\(layers: oaks, pines\)"):
        AOIs.of(path)
    assert len(AOIs.of(path, layer="pines")) == 1
    assert len(AOIs.of(path, layer="oaks", id="nr")) == 3
    with pytest.raises(AOIError, match=r"no layer is called 'elms' \(layers: oaks, pines\)"):
        AOIs.of(path, layer="elms")


def test_kml(frame, tmp_path):
    ring = "11,48,0 12,48,0 12,49,0 11,49,0 11,48,0"
    polygon = f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
    places = "".join(f"<Placemark><name>field {n}</name>{polygon}</Placemark>" for n in ("one", "two"))
    text = f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{places}</Document></kml>'
    (tmp_path / "field.kml").write_text(text)
    areas = AOIs.of(tmp_path / "field.kml")
    assert [a.name for a in areas] == ["field one", "field two"]
    assert areas[0].lonlat.equals(shapely.box(11, 48, 12, 49))
    pyogrio.write_dataframe(frame, tmp_path / "written.kml", driver="KML")
    assert len(AOIs.of(tmp_path / "written.kml")) == 3


def test_attributes_of_files_are_json_values(frame, tmp_path):
    frame["seen"] = pd.to_datetime(["2023-05-01T10:00", None, None])
    frame["tall"] = [1.5, None, 2.0]
    for ending in ("gpkg", "parquet"):
        first, second, _ = AOIs.of(written(frame, tmp_path / f"a.{ending}"), id="nr")
        assert first.properties["seen"].startswith("2023-05-01T10:00:00")
        assert (second.properties["seen"], second.properties["tall"]) == (None, None)


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "parquet"])
def test_a_feature_without_geometry_is_named(frame, tmp_path, ending):
    frame.loc[1, "geometry"] = None
    path = written(frame, tmp_path / f"holes.{ending}")
    with pytest.raises(AOIError, match=r"(feature|row) [12] has no geometry"):
        AOIs.of(path)


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "fgb", "parquet"])
def test_a_file_without_features(frame, tmp_path, ending):
    with pytest.raises(AOIError, match="no features"):
        AOIs.of(written(frame[:0], tmp_path / f"none.{ending}"))


@pytest.mark.parametrize(
    "name", ["notes.txt", "cut.gpkg", "cut.geojson", "cut.parquet", "cut.shp", "empty.fgb"]
)
def test_a_file_that_cannot_be_read(tmp_path, name):
    (tmp_path / name).write_bytes(b"" if name.startswith("empty") else b"hello {")
    with pytest.raises(AOIError, match="cannot read") as caught:
        AOIs.of(tmp_path / name)
    assert caught.value.hint
    with pytest.raises(AOIError, match=r"there is no file '.*gone\.gpkg'"):
        AOIs.of(tmp_path / "gone.gpkg")


def test_a_table_without_geometries(tmp_path):
    (tmp_path / "table.csv").write_text("a,b\n1,2\n")
    with pytest.raises(AOIError, match="has no geometries"):
        AOIs.of(tmp_path / "table.csv")
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "table.parquet")
    with pytest.raises(AOIError, match="cannot read"):
        AOIs.of(tmp_path / "table.parquet")


def test_a_file_that_does_not_say_its_system(frame, tmp_path):
    for crs, name in ((32632, "metres.fgb"), (4326, "degrees.fgb")):
        bare = frame.to_crs(crs).set_crs(None, allow_override=True)
        with pytest.warns(UserWarning, match="'crs' was not provided"):
            pyogrio.write_dataframe(bare, tmp_path / name)
    with pytest.raises(AOIError, match=r"does not say its CRS, and it is not degrees \(name it with crs=\)"):
        AOIs.of(tmp_path / "metres.fgb")
    assert {a.crs for a in AOIs.of(tmp_path / "metres.fgb", crs="EPSG:32632")} == {"EPSG:32632"}
    assert {a.crs for a in AOIs.of(tmp_path / "degrees.fgb")} == {"EPSG:4326"}
    assert {a.crs for a in AOIs.of(written(frame, tmp_path / "said.gpkg"), crs="EPSG:32632")} == {"EPSG:4326"}


def test_geojson_in_metres_is_told_its_system(frame, tmp_path):
    data = frame.to_crs(32632).to_geo_dict()
    data.pop("crs", None)
    (tmp_path / "metres.geojson").write_bytes(orjson.dumps(data))
    with pytest.raises(AOIError, match="out of range"):
        AOIs.of(tmp_path / "metres.geojson")
    areas = AOIs.of(tmp_path / "metres.geojson", crs="EPSG:32632")
    assert areas[0].lonlat.symmetric_difference(BOXES[0]).area < 2e-3
