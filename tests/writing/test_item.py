"""STAC items beside rasters say where, when and what, and lead only to their own file."""

import datetime as dt
import json

import numpy as np
import pystac
import pytest
import rasterio
from affine import Affine
from pystac.validation import validate_dict
from shapely.geometry import shape

import multisat as ms
from multisat.writing import write_cog


def item_beside(path):
    item = pystac.Item.from_file(path.with_suffix(".json"))
    # The core schema comes with pystac, those of extensions are on the network.
    validate_dict({**json.loads(path.with_suffix(".json").read_text()), "stac_extensions": []})
    return item


def test_an_item_says_where_when_and_what(cube, tmp_path):
    data = cube()
    first, second, _ = write_cog(data, tmp_path)
    item = item_beside(first)
    assert item.id == first.stem
    assert item.datetime == dt.datetime(2023, 5, 4, 10, 16, 43, 24000, tzinfo=dt.UTC)
    assert item.properties["platform"] == "sentinel-2a"
    assert item.properties["proj:code"] == "EPSG:32632"
    assert item.properties["proj:shape"] == [20, 30]
    assert item.properties["proj:transform"] == [10, 0, 684910, 0, -10, 5356050]
    assert item.properties["eo:cloud_cover"] == 12.5
    assert item.properties["multisat:sources"] == ["S2A_1", "S2A_2"]
    assert item.properties["processing:software"] == {"multisat-eo": ms.__version__}
    asset = item.assets["data"]
    assert asset.href == f"./{first.name}"
    assert asset.media_type == pystac.MediaType.COG
    assert asset.roles == ["data"]
    bands = asset.extra_fields["bands"]
    assert [b["name"] for b in bands] == ["red", "nir", "mask"]
    assert bands[0]["nodata"] == "nan"
    assert (bands[0]["unit"], bands[0]["raster:scale"], bands[0]["raster:offset"]) == ("1", 1, 0)
    assert "eo:cloud_cover" not in item_beside(second).properties
    with rasterio.open(item.assets["data"].get_absolute_href()) as file:
        west, south, east, north = rasterio.warp.transform_bounds(
            file.crs, 4326, *file.bounds, densify_pts=65
        )
    np.testing.assert_allclose(item.bbox, [west, south, east, north], atol=1e-7)
    assert shape(item.geometry).is_valid
    assert len(item.geometry["coordinates"][0]) > 100


def test_scale_and_no_data_are_those_of_the_file(cube, tmp_path):
    (path,) = write_cog(cube(shape=(1, 4, 4)), tmp_path, dtype="int16")
    band = item_beside(path).assets["data"].extra_fields["bands"][0]
    assert (band["data_type"], band["nodata"], band["raster:scale"]) == ("int16", -32768, 0.0001)
    (path,) = write_cog(cube(shape=(1, 4, 4), raw=True), tmp_path / "raw")
    red, _, mask = item_beside(path).assets["data"].extra_fields["bands"]
    assert (red["nodata"], red["raster:offset"]) == (0, -0.1)
    assert "nodata" not in mask


def test_a_crs_without_a_code_is_told_as_text(cube, crs, tmp_path):
    (path,) = write_cog(cube("custom", shape=(1, 4, 4)), tmp_path)
    item = item_beside(path)
    assert item.properties["proj:code"] is None
    assert rasterio.crs.CRS.from_wkt(item.properties["proj:wkt2"]) == crs("custom")


def test_an_outline_across_the_antimeridian_is_split(cube, tmp_path):
    data = cube(shape=(1, 20, 30)).drop_vars("spatial_ref")
    at = Affine(1000, 0, 810000, 0, -1000, 8100000)
    data = data.assign_coords(x=at.c + (np.arange(30) + 0.5) * 1000, y=at.f - (np.arange(20) + 0.5) * 1000)
    (path,) = write_cog(data.rio.write_crs(32760).rio.write_transform(at), tmp_path)
    item = item_beside(path)
    west, south, east, north = item.bbox
    assert item.geometry["type"] == "MultiPolygon"
    assert -180 < east < -179 < 179 < west < 180
    assert south < north


def test_time_of_a_composite(cube, tmp_path):
    median = cube().red.median("time", keep_attrs=True)
    (path,) = write_cog(median, tmp_path / "red.tif")
    assert [p.name for p in tmp_path.iterdir()] == ["red.tif"]
    (path,) = write_cog(median, tmp_path / "red.tif", period="2023-05/2023-09")
    common = item_beside(path).common_metadata
    assert common.start_datetime == dt.datetime(2023, 5, 1, tzinfo=dt.UTC)
    assert dt.datetime(2023, 9, 30, 23, 59, tzinfo=dt.UTC) < common.end_datetime
    assert common.end_datetime < dt.datetime(2023, 10, 1, tzinfo=dt.UTC)
    write_cog(median, path)
    assert [p.name for p in tmp_path.iterdir()] == ["red.tif"]
    with pytest.raises(ms.UsageError, match="open"):
        write_cog(median, path, period="2023-05/..")


def test_signatures_stay_out(cube, tmp_path):
    signed = "https://host.example/red.tif?sig=s3cr3t&se=2023"
    data = cube().assign_coords(item=("time", [signed] * 3), platform=("time", [signed] * 3))
    data.red.attrs |= {"why": signed, "source_bands": signed, "long_name": signed}
    for path in write_cog(data, tmp_path):
        assert b"s3cr3t" not in path.read_bytes()
        assert "s3cr3t" not in path.with_suffix(".json").read_text()


def test_a_file_of_the_users_is_not_replaced(cube, tmp_path):
    mine = tmp_path / "field.json"
    mine.write_text('{"type": "Feature", "properties": {}}')
    one = cube().isel(time=0)
    with pytest.raises(ms.UsageError, match="no item of multisat"):
        write_cog(one, tmp_path / "field.tif")
    assert [p.name for p in tmp_path.iterdir()] == ["field.json"]
    write_cog(one, tmp_path / "field.tif", item=False)
    assert mine.read_text().endswith("{}}")


def test_an_item_can_be_left_out(cube, tmp_path):
    assert sorted(tmp_path.iterdir()) == []
    assert write_cog(cube(), tmp_path, item=False) == sorted(tmp_path.iterdir())
