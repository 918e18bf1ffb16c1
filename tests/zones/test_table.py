"""Tables: columns, files, cubes along areas."""

import json
import sys
from datetime import UTC, datetime

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from multisat.cube.warnings import MultisatWarning
from multisat.errors import UsageError
from multisat.model import AOI, AOIs, TimeRange
from multisat.zones import check_table, table, to_xarray, write_table

PERIODS = [TimeRange.of("2023-05"), TimeRange.of("2023-06")]
NUMBERS = {0: {"ndvi_mean": np.array([0.25, np.nan])}, 1: {"ndvi_mean": np.array([0.5, 0.75])}}


def parks(crs=("EPSG:32632", "EPSG:32632"), **attributes):
    boxes = [shapely.box(500000 + 100 * i, 5000000, 500050 + 100 * i, 5000050) for i in range(2)]
    near = [shapely.box(9 + i, 45, 9.5 + i, 45.5) for i in range(2)]
    shapes = [near[i] if c == "EPSG:4326" else boxes[i] for i, c in enumerate(crs)]
    return AOIs(
        tuple(
            AOI(geometry=s, crs=c, name=f"p{i}", properties={n: v[i] for n, v in attributes.items()})
            for i, (s, c) in enumerate(zip(shapes, crs, strict=True))
        )
    )


@pytest.fixture
def rows():
    return table(parks(name=["North", "South"], trees=[12, None], tags=[["a"], {"b": 1}]), NUMBERS, PERIODS)


def test_there_is_a_row_per_area_and_period(rows):
    assert list(rows.columns) == ["id", "name", "trees", "tags", "start", "end", "ndvi_mean", "geometry"]
    assert rows["id"].tolist() == ["p0", "p0", "p1", "p1"]
    assert rows["name"].tolist() == ["North", "North", "South", "South"]
    assert rows["tags"].tolist()[1:3] == ['["a"]', '{"b":1}']
    assert rows["start"].tolist() == [datetime(2023, 5, 1, tzinfo=UTC), datetime(2023, 6, 1, tzinfo=UTC)] * 2
    assert rows["end"].tolist()[:2] == [datetime(2023, 6, 1, tzinfo=UTC), datetime(2023, 7, 1, tzinfo=UTC)]
    np.testing.assert_array_equal(rows["ndvi_mean"], [0.25, np.nan, 0.5, 0.75])
    assert rows.crs == "EPSG:32632"
    assert rows.geometry[2].equals(shapely.box(500100, 5000000, 500150, 5000050))


def test_areas_without_results_are_left_out():
    assert table(parks(), {1: NUMBERS[1]}, PERIODS)["id"].tolist() == ["p1", "p1"]
    assert len(table(parks(), {}, PERIODS)) == 0


def test_open_periods_have_no_time():
    found = table(parks(), {0: {"v_mean": np.ones(1)}}, [TimeRange.of("2023-05-01/..")])
    assert found["end"].isna().all()
    assert found["start"][0] == datetime(2023, 5, 1, tzinfo=UTC)


def test_attributes_give_way_to_columns():
    areas = parks(id=["p0", "p1"], start=[1, 2], ndvi_mean=["a", "b"], feature_start=[5, 6])
    with pytest.warns(MultisatWarning) as told:
        found = table(areas, NUMBERS, PERIODS)
    assert [str(w.message) for w in told] == [
        "the attribute start of the areas is called feature_start in the table",
        "the attribute ndvi_mean of the areas is called feature_ndvi_mean in the table",
        "the attribute feature_start of the areas is called feature_feature_start in the table",
    ]
    assert list(found.columns[:4]) == ["id", "feature_start", "feature_ndvi_mean", "feature_feature_start"]
    assert found["feature_feature_start"].tolist() == [5, 5, 6, 6]


def test_an_id_attribute_that_is_not_the_id_is_kept():
    with pytest.warns(UserWarning, match="the attribute id of the areas is called feature_id"):
        assert table(parks(id=[7, 8]), NUMBERS, PERIODS)["feature_id"].tolist() == [7, 7, 8, 8]


def test_several_crs_end_in_longitude_and_latitude():
    with pytest.warns(UserWarning, match="the areas have 2 CRSs"):
        found = table(parks(("EPSG:32632", "EPSG:4326")), NUMBERS, PERIODS)
    assert found.crs == "EPSG:4326"
    assert found.geometry[0].centroid.x == pytest.approx(9.0003, abs=1e-3)


def test_csv_is_plain_text(rows, tmp_path):
    path = write_table(rows, tmp_path / "new" / "parks.csv")
    assert path.read_text().splitlines()[:3] == [
        "id,name,trees,tags,start,end,ndvi_mean",
        'p0,North,12.0,"[""a""]",2023-05-01T00:00:00Z,2023-06-01T00:00:00Z,0.25',
        'p0,North,12.0,"[""a""]",2023-06-01T00:00:00Z,2023-07-01T00:00:00Z,',
    ]
    assert [p.name for p in path.parent.iterdir()] == ["parks.csv"]


@pytest.mark.parametrize("name", ["parks.parquet", "parks.geoparquet", "parks.gpkg"])
def test_vector_files_come_back_as_they_were(rows, tmp_path, name):
    path = write_table(rows, tmp_path / name)
    read = geopandas.read_file(path) if path.suffix == ".gpkg" else geopandas.read_parquet(path)
    assert list(read.columns) == list(rows.columns)
    assert read.crs == rows.crs
    assert read.geometry.geom_equals(rows.geometry).all()
    for column in ("id", "name", "tags", "ndvi_mean"):
        pd.testing.assert_series_equal(read[column], rows[column], check_dtype=False)
    for column in ("start", "end"):
        assert (read[column] == rows[column]).all()
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_geopackage_takes_columns_with_its_own_names(tmp_path):
    found = table(parks(fid=[3, 3], geom=["a", "b"]), NUMBERS, PERIODS)
    read = geopandas.read_file(write_table(found, tmp_path / "t.gpkg"))
    assert read["fid"].tolist() == [3, 3, 3, 3]
    assert read["geom"].tolist() == ["a", "a", "b", "b"]


def test_what_a_format_cannot_hold_is_said_and_the_old_file_stays(tmp_path):
    found = table(parks(Name=["a", "b"], name=["c", "d"]), NUMBERS, PERIODS)
    old = tmp_path / "t.gpkg"
    old.write_text("old")
    with pytest.raises(UsageError, match="does not tell name in capitals"):
        write_table(found, old)
    assert old.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["t.gpkg"]


def test_what_cannot_be_written_is_refused_before_work(rows, tmp_path):
    for path, message in (
        ("t.xlsx", "no table has that ending"),
        ("s3://bucket/t.csv", "address"),
        (tmp_path, "no table"),
    ):
        with pytest.raises(UsageError, match=message):
            check_table(path)
    (tmp_path / "f.csv").mkdir()
    with pytest.raises(UsageError, match="is a folder"):
        check_table(tmp_path / "f.csv")
    with pytest.raises(UsageError, match="needs outlines"):
        write_table(pd.DataFrame(rows.drop(columns="geometry")), tmp_path / "t.gpkg")


def test_a_table_becomes_a_cube_with_a_geometry_index(rows):
    cube = to_xarray(rows)
    assert dict(cube.sizes) == {"geometry": 2, "time": 2}
    np.testing.assert_array_equal(cube["ndvi_mean"], [[0.25, np.nan], [0.5, 0.75]])
    assert cube["name"].values.tolist() == ["North", "South"]
    assert cube["id"].values.tolist() == ["p0", "p1"]
    assert cube["time"].values.astype("M8[D]").astype(str).tolist() == ["2023-05-01", "2023-06-01"]
    assert cube["end"].values.astype("M8[D]").astype(str).tolist() == ["2023-06-01", "2023-07-01"]
    assert cube.xvec.is_geom_variable("geometry")
    assert cube["geometry"].crs == "EPSG:32632"
    inside = cube.xvec.query("geometry", shapely.Point(500120, 5000010))
    assert inside["id"].values.tolist() == ["p1"]


def test_rows_may_be_missing_and_shuffled(rows):
    cube = to_xarray(rows.iloc[[3, 0, 2]])
    assert cube["id"].values.tolist() == ["p1", "p0"]
    np.testing.assert_array_equal(cube["ndvi_mean"], [[0.5, 0.75], [0.25, np.nan]])


def test_without_xvec_geometry_is_a_plain_coordinate(rows, monkeypatch):
    monkeypatch.setitem(sys.modules, "xvec", None)
    with pytest.warns(
        UserWarning, match=r"does not know its CRS: xvec is not installed .*multisat-eo\[zonal\]"
    ):
        cube = to_xarray(rows)
    assert type(cube.xindexes["geometry"]).__name__ == "PandasIndex"
    assert cube["geometry"].values[1].equals(rows.geometry[2])


def test_only_such_tables_become_cubes(rows):
    with pytest.raises(UsageError, match="lacks end, start"):
        to_xarray(rows.drop(columns=["start", "end"]))
    with pytest.raises(UsageError, match="lacks outlines"):
        to_xarray(pd.DataFrame(rows.drop(columns="geometry")))
    with pytest.raises(UsageError, match="two rows"):
        to_xarray(pd.concat([rows, rows]))


def test_attributes_that_nothing_can_hold_are_text():
    areas = AOIs.of(
        json.dumps(
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [9, 45]},
                "properties": {"a": {"b": [1]}},
            }
        )
    )
    assert table(areas, {0: {"v_mean": np.ones(2)}}, PERIODS)["a"].tolist() == ['{"b":[1]}'] * 2
