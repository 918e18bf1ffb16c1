"""Items as others keep them: catalogues of files, one GeoJSON, GeoParquet; and cubes that multisat wrote."""

import json
from datetime import datetime

import numpy as np
import pytest

import multisat as ms
from multisat.vocab.archives import EARTH_SEARCH, PLANETARY_COMPUTER

MUNICH = (11.495, 48.312, 11.52, 48.33)


def test_a_static_catalogue_is_the_items_in_it(ask, item, put):
    put("catalog.json", {"type": "Catalog", "id": "all", "stac_version": "1.0.0", "links": []})
    put("s2/collection.json", {"type": "Collection", "id": "sentinel-2-l2a", "links": []})
    put("s2/a/a.json", item("a"))
    put("s2/b/b.json", item("b"))
    search = ask()
    assert sorted(scene.id for scene in search.scenes) == ["a", "b"]
    assert search.notes == ()
    assert search.matched() == 2


def test_addresses_begin_at_their_item(ask, item, put, folder):
    put(
        "deep/er/one.json",
        item(assets={"red": {"href": "../red.tif"}, "nir": {"href": "file:///data/a%20b.tif"}}),
    )
    (scene,) = ask().scenes
    assert scene.assets["red"].href == str(folder / "deep" / "red.tif")
    assert scene.assets["nir"].href == "/data/a b.tif"


def test_foreign_items_are_read_by_the_keys_they_have(ask, item, put):
    put("es.json", item("es"))
    esa = {"B04": {"href": "B04.tif"}, "B08": {"href": "B08.tif"}, "SCL": {"href": "SCL.tif"}}
    put("esa.json", item("esa", assets=esa))
    found = {scene.id: scene for scene in ask().scenes}
    assert set(found["es"].bands) == {"red", "scl"}
    assert set(found["esa"].bands) == {"red", "nir", "scl"}
    assert {scene.native_id for scene in found.values()} == {"sentinel-2-l2a"}
    assert {scene.collection for scene in found.values()} == {EARTH_SEARCH[0].collection}
    assert {scene.collection for scene in found.values()} == {PLANETARY_COMPUTER[0].collection}


def test_the_archive_an_item_names_decides_how_it_is_read(ask, item, put):
    said = item()["properties"] | {"earthsearch:boa_offset_applied": True}
    for archive in ("earth-search", "planetary-computer"):
        both = {"red": {"href": "r.tif"}, "B04": {"href": "B04.tif"}}
        put(f"{archive}.json", item(archive, assets=both, properties={**said, "multisat:provider": archive}))
    red = {scene.id: scene.assets["red"] for scene in ask().scenes}
    assert (red["earth-search"].key, red["earth-search"].offset) == ("red", 0.0)
    assert (red["planetary-computer"].key, red["planetary-computer"].offset) == ("B04", -0.1)


def test_an_item_with_files_here_comes_before_the_same_one_without(ask, item, put, folder):
    away = {key: {"href": f"https://example.com/{key}.tif"} for key in ("red", "scl")}
    put("a-found.geojson", {"type": "FeatureCollection", "features": [item(assets=away)]})
    put("b/item.json", item())
    (scene,) = ask().scenes
    assert scene.assets["red"].href == str(folder / "b" / "red.tif")


def parquet(path, items):
    """Write items as the STAC-GeoParquet specification says; fields that an item lacks are null."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    from shapely.geometry import shape

    def row(one):
        top = {key: one[key] for key in ("type", "stac_version", "id", "collection", "links", "assets")}
        west, south, east, north = one["bbox"]
        box = {"xmin": west, "ymin": south, "xmax": east, "ymax": north}
        said = one["properties"] | {"datetime": datetime.fromisoformat(one["properties"]["datetime"])}
        return {**top, "bbox": box, "geometry": shape(one["geometry"]).wkb, **said}

    pq.write_table(pa.Table.from_pylist([row(one) for one in items]), path, row_group_size=2)


def test_a_table_holds_the_same_scenes_as_files(ask, item, put, folder):
    items = [
        item(str(n), f"2023-05-{n + 1:02d}T10:10:31.024Z", cloud=None if n == 2 else n * 10.0)
        for n in range(5)
    ]
    items[3]["assets"] = {"red": {"href": "https://example.com/red.tif", "proj:shape": [10, 10]}}
    put("all.geojson", {"type": "FeatureCollection", "features": items})
    loose = [scene.to_item() for scene in ask().scenes]
    (folder / "all.geojson").unlink()
    parquet(folder / "all.parquet", items)
    packed = [scene.to_item() for scene in ask().scenes]
    assert len(packed) == 5
    for one, other in zip(packed, loose, strict=True):
        assert one["assets"] == other["assets"]
        assert one["geometry"] == json.loads(json.dumps(one["geometry"]))
        assert one["bbox"] == other["bbox"]
        assert one["properties"].get("eo:cloud_cover") == other["properties"]["eo:cloud_cover"]
        when = [datetime.fromisoformat(each["properties"]["datetime"]) for each in (one, other)]
        assert when[0] == when[1]


def test_a_table_that_is_no_stac_is_passed_over(ask, item, put, folder):
    import pyarrow as pa
    import pyarrow.parquet as pq

    put("one.json", item())
    pq.write_table(pa.table({"x": [1, 2]}), folder / "numbers.parquet")
    search = ask()
    assert len(search.scenes) == 1
    assert search.notes == ()


def test_cubes_come_only_if_they_are_asked_for(downloaded, local, folder, ask):
    _, _, _, cube = downloaded
    cube[["red"]].multisat.to_cog(folder / "red")
    assert ask().scenes == []
    found = ms.search(MUNICH, "2023", collections="multisat-cubes", providers="local")
    assert len(found) == 2
    again = found.load(["red"])
    np.testing.assert_array_equal(again["red"].values, cube["red"].values)
    assert "multisat wrote" in again["red"].attrs["why"]


def test_packed_cubes_are_scaled_as_their_item_says(downloaded, local, folder):
    _, _, _, cube = downloaded
    cube[["red"]].isel(time=[0]).multisat.to_cog(folder / "packed", dtype="int16")
    found = ms.search(MUNICH, "2023", collections="multisat-cubes", providers="local")
    again, truth = found.load(["red"])["red"].values, cube["red"].values[:1]
    np.testing.assert_array_equal(np.isnan(again), np.isnan(truth))
    assert np.nanmax(np.abs(again - truth)) <= 0.00005 + 1e-7


def test_a_cube_of_several_bands_is_found_and_not_misread(downloaded, local, folder):
    _, _, _, cube = downloaded
    cube[["red", "nir"]].isel(time=[0]).multisat.to_cog(folder / "both")
    (scene,) = ms.search(MUNICH, "2023", collections="multisat-cubes", providers="local")
    assert scene.bands == ()


@pytest.mark.parametrize("name", ["odd#1", "a b", "50%25"])
def test_names_of_folders_may_be_odd(ask, item, put, raster, local, folder, name):
    put(f"{name}/one.json", item())
    raster(folder / name / "red.tif", 2000)
    (scene,) = ask().scenes
    found = ms.search(MUNICH, "2023", collections="sentinel-2-l2a", providers="local")
    assert scene in list(found)
    assert float(found.load(["red"], raw=True).red.max()) == 2000
