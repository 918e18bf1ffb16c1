"""Recipes as tables: one row per feature and period, judged by cutting every pixel with the feature."""

import geopandas
import numpy as np
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import shape

import multisat as ms
from multisat.sandbox.places import FORESTS

NDVI = ms.Recipe().mask("clear").index("NDVI").composite("month", "mean")
PC = {"on": "planetary-computer"}


@pytest.fixture(scope="module")
def forests(tmp_path_factory):
    """Six synthetic forests as a GeoPackage, forest 283 among them."""
    path = tmp_path_factory.mktemp("areas") / "forests.gpkg"
    geopandas.GeoDataFrame.from_features(FORESTS["features"][14:], crs=4326).to_file(path, layer="forests")
    return path


@pytest.fixture(scope="module")
def table(box, forests):
    recipe = NDVI.zonal("mean", "median", "min", "count", "valid")
    return recipe.run(ms.AOIs.of(str(forests), id="forest"), "2023-05/2023-07", **PC)


def by_hand(outline, cube):
    """Share of each pixel inside an outline (y, x): pixels are cut one by one."""
    to = Transformer.from_crs(4326, cube.rio.crs, always_xy=True)
    there = shapely.transform(
        outline.segmentize(1e-4), lambda p: np.column_stack(to.transform(p[:, 0], p[:, 1]))
    )
    x, y = np.meshgrid(cube.x, cube.y)
    squares = shapely.box(x - 5, y - 5, x + 5, y + 5)
    return shapely.area(shapely.intersection(squares, there)) / 100


def test_statistics_are_those_of_the_pixels_by_exact_shares(forests, table):
    assert len(table) == 6 * 3
    areas = ms.AOIs.of(str(forests), id="forest")
    cube = NDVI.run(areas["283"], "2023-05/2023-07", **PC)
    share = by_hand(areas["283"].geometry, cube)
    mine = table[table["id"] == "283"]
    for number, row in enumerate(mine.itertuples()):
        values = cube["NDVI"].values[number].astype(float)
        known = np.isfinite(values) & (share > 0)
        weight = share[known]
        assert row.NDVI_mean == pytest.approx((values[known] * weight).sum() / weight.sum(), abs=1e-7)
        assert row.NDVI_min == pytest.approx(values[known].min(), abs=1e-7)
        assert row.NDVI_count == pytest.approx(weight.sum(), rel=1e-6)
        assert row.NDVI_valid == pytest.approx(weight.sum() / share.sum(), rel=1e-6)
    assert 0 < mine["NDVI_valid"].min() < 1  # clouds over a part of it


def test_a_table_says_which_feature_when_and_where(table):
    assert list(table.columns[:5]) == ["id", "forest", "kind", "start", "end"]
    assert table["id"].drop_duplicates().tolist() == ["214", "230", "251", "268", "283", "297"]
    assert [f"{one:%Y-%m-%d}" for one in table["start"][:3]] == ["2023-05-01", "2023-06-01", "2023-07-01"]
    assert [f"{one:%Y-%m-%d}" for one in table["end"][:3]] == ["2023-06-01", "2023-07-01", "2023-08-01"]
    assert str(table["start"].dt.tz) == "UTC"
    assert table.crs.to_epsg() == 4326
    assert table.geometry.iloc[0].equals(shape(FORESTS["features"][14]["geometry"]))
    assert {"NDVI_mean", "NDVI_median", "NDVI_min", "NDVI_count", "NDVI_valid"} < set(table.columns)


def test_only_some_features_and_a_file(box, forests, tmp_path):
    found = ms.zonal(
        str(forests), "2023-05", NDVI, id="forest", stats="mean", only=["283"], out=tmp_path / "one.csv", **PC
    )
    assert found["id"].tolist() == ["283"]
    head, row = (tmp_path / "one.csv").read_text().splitlines()
    assert head.startswith("id,forest,kind,start,end,NDVI_mean")
    assert row.startswith("283,283,spruce,2023-05-01T00:00:00Z,2023-06-01T00:00:00Z,0.")
    rest = ms.zonal(str(forests), "2023-05", NDVI, id="forest", stats="mean", start=5, **PC)
    assert rest["id"].tolist() == ["283", "297"]


def test_without_a_composite_there_is_a_row_per_overpass(box, forests):
    areas = ms.AOIs.of(str(forests), id="forest").only(["283"])
    found = ms.Recipe().mask("clear").index("NDVI").zonal("mean").run(areas, "2023-05/2023-06", **PC)
    assert [f"{one:%Y-%m-%dT%H:%M}" for one in found["start"]] == [
        "2023-05-04T10:10",
        "2023-05-14T10:10",
        "2023-06-03T10:10",
        "2023-06-13T10:10",
        "2023-06-23T10:10",
    ]
    assert found["end"].isna().all()
    assert found["cloud"].between(0, 1).all()
    assert (found["cloud"].iloc[3], np.isnan(found["NDVI_mean"].iloc[3])) == (1.0, True)  # all cloud


def test_a_table_has_no_chunks(box, forests):
    with pytest.raises(ms.UsageError, match="a table has no chunks"):
        NDVI.zonal().run(str(forests), "2023-05", chunks={"x": 64}, **PC)


def test_an_ending_no_table_has_is_refused_before_anything_is_asked(forests, reached, tmp_path):
    with reached() as seen, pytest.raises(ms.UsageError, match="no table has that ending"):
        ms.zonal(str(forests), "2023-05", NDVI, out=tmp_path / "table.tif")
    assert seen.searches == []
