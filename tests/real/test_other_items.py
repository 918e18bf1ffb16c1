"""HLS, Sentinel-1, elevation, and collections outside the vocabulary; values read off the raw JSON."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

pytestmark = pytest.mark.fixtures

S1_PAGE = "earth-search/search-sentinel-1-grd+sentinel-2-c1-l2a+sentinel-2-l1c+sentinel-2-l-1.json"
HLS_ITEM = "hls/item-l30-T19LDD.json"
DEM_PAGE = "earth-search/search-cop-dem-glo-30-2.json"
GRANULE = "HLS.L30.T19LDD.2022165T144027.v2.0"
HLS_COLLECTIONS = [
    ("planetary-computer", "hls2-l30"),
    ("nasa-cmr", "HLSL30_2.0"),
    ("nasa-cmr", "HLSL30.v2.0"),
]


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


SLICES = {
    "S1A_IW_GRDH_1SSH_20250731T135702_20250731T135722_060328_077F7E": (
        utc(2025, 7, 31, 13, 57, 12, 200811),
        utc(2025, 7, 31, 14, 45, 26),
        "0C44",
    ),
    "S1A_IW_GRDH_1SSH_20250731T135637_20250731T135702_060328_077F7E": (
        utc(2025, 7, 31, 13, 56, 49, 755330),
        utc(2025, 7, 31, 14, 46, 37),
        "35B5",
    ),
    "S1A_IW_GRDH_1SSH_20250731T135608_20250731T135637_060328_077F7E": (
        utc(2025, 7, 31, 13, 56, 22, 732385),
        utc(2025, 7, 31, 14, 46, 33),
        "E763",
    ),
}


@pytest.mark.parametrize("name", SLICES)
def test_sentinel1_slices(item, read, agrees, name):
    middle, made, checksum = SLICES[name]
    folder = f"s3://sentinel-s1-l1c/GRD/2025/7/31/IW/SH/{name}_{checksum}"
    scene = read("earth-search", item(S1_PAGE, name))
    agrees(
        scene,
        {
            "collection": "sentinel-1-grd",
            "platform": "sentinel-1a",
            "tile": None,
            "relative_orbit": 56,
            "orbit_state": "ascending",
            "cloud_cover": None,
            "datetime": middle,
            "generated": made,
            "acquisition.name": name,
            "acquisition.part": None,
            "bands": ("hh",),
            "assets": {
                "hh": {
                    "key": "hh",
                    "href": f"{folder}/measurement/iw-hh.tiff",
                    "dtype": "uint16",
                    "nodata": 0,
                    "scale": 1,
                    "offset": 0,
                    # The item's proj:* fields are made from its bounding box; the file has GCPs only.
                    "grid": None,
                    "why": "uncalibrated",
                }
            },
        },
    )


@pytest.mark.parametrize("provider", ["earth-search", "planetary-computer"])
def test_a_dual_polarised_sentinel1_item(item, read, provider):
    name = "S1A_IW_GRDH_1SDV_20210809T173953_20210809T174018_039156_049F13"
    scene = read(provider, item("sentinel-1/item-grd-iw.json"), collection="sentinel-1-grd")
    assert set(scene.bands) == {"vv", "vh"}
    assert (scene.relative_orbit, scene.orbit_state) == (59, "ascending")
    assert scene.acquisition.name == name
    assert scene.generated == utc(2021, 8, 9, 20, 19, 58)
    assert {asset.grid for asset in scene.assets.values()} == {None}
    reprocessed = {**scene.item, "id": f"{name}_0001"}
    assert read(provider, reprocessed).acquisition == scene.acquisition


def as_published(one):
    """The item with the asset keys the services use: the second-last piece of each file name."""
    assets = {asset["href"].split(".")[-2]: asset for asset in one["assets"].values()}
    return {**one, "assets": assets}


@pytest.mark.parametrize(("provider", "collection"), HLS_COLLECTIONS)
def test_hls_identity_and_grid_from_the_granule_name(item, read, agrees, provider, collection):
    one = as_published(item(HLS_ITEM))
    bare = {name: one["properties"][name] for name in ("datetime", "start_datetime", "eo:cloud_cover")}
    for properties in (one["properties"], bare, {**bare, "proj:code": 32719}):
        scene = read(provider, {**one, "properties": properties}, collection)
        agrees(
            scene,
            {
                "collection": "hls-l30",
                "tile": "19LDD",
                "cloud_cover": 73,
                "datetime": utc(2022, 6, 14, 14, 40, 27, 710686),
                "acquisition.collection": "hls-l30",
                "acquisition.name": GRANULE,
            },
        )
        for asset in scene.assets.values():
            assert asset.grid.crs == "EPSG:32619"
            assert asset.grid.transform == (30, 0, 399960, 0, -30, -1599960)
            assert asset.grid.shape == (3660, 3660)
    assert item(HLS_ITEM)["properties"]["proj:epsg"] == 32619


def test_hls_bands(item, read, agrees):
    scene = read("planetary-computer", as_published(item(HLS_ITEM)), "hls2-l30")
    assert scene.platform == "landsat-9"
    assert set(scene.bands) == {
        *("coastal", "blue", "green", "red", "nir08", "cirrus", "swir16", "swir22"),
        *("lwir11", "lwir12", "fmask", "sun_zenith", "sun_azimuth", "view_zenith", "view_azimuth"),
    }
    stored = {"dtype": "int16", "nodata": -9999}
    expected = {
        "nir08": {"key": "B05", **stored, "scale": 0.0001, "offset": 0, "unit": "1"},
        "lwir11": {"key": "B10", **stored, "scale": 0.01, "offset": 273.15, "unit": "K"},
        "fmask": {"key": "Fmask", "dtype": "uint8", "nodata": 255, "scale": 1, "offset": 0, "unit": ""},
        "sun_zenith": {"key": "SZA", "dtype": "uint16", "nodata": 40000, "scale": 0.01, "unit": "degree"},
    }
    agrees(scene, {"assets": expected})


def test_hls_item_of_the_package_has_other_keys_and_so_no_bands(item, read):
    scene = read("planetary-computer", item(HLS_ITEM), "hls2-l30")
    assert scene.bands == ()
    assert scene.acquisition.name == GRANULE


def test_elevation(item, read, agrees):
    name = "Copernicus_DSM_COG_10_S90_00_W180_00_DEM"
    pixel = 0.002777777777777778, 0.0002777777777777778
    asset = {
        "key": "data",
        "href": f"s3://copernicus-dem-30m/{name}/{name}.tif",
        "dtype": "float32",
        "nodata": None,
        "scale": 1,
        "offset": 0,
        "unit": "m",
        "grid.crs": "EPSG:4326",
        "grid.transform": (pixel[0], 0, -180.0013888888889, 0, -pixel[1], -88.99986111111112),
        "grid.shape": (3600, 360),
        "why": "metres",
    }
    identity = {"collection": "cop-dem-30", "tile": None, "acquisition.name": name, "cloud_cover": None}
    scene = read("earth-search", item(DEM_PAGE))
    agrees(scene, {**identity, "bands": ("elevation",), "assets": {"elevation": asset}})


UNKNOWN = {
    "aster-l1t",
    "naip",
    "landsat-8-c2-l2",
    "sentinel-2-l1c",
    "sentinel-s2-l2a-cogs",
    "sentinel1-rtc-aws",
    "landsat-c2l2-sr",
    "hls",
    "sentinel2-l2a-example",
    "sentinel1-grd",
    "",
}


@pytest.mark.parametrize("provider", ["earth-search", "planetary-computer", "nasa-cmr"])
def test_other_collections_become_scenes_without_bands(every_item, read, provider):
    seen = set()
    for path, one in every_item:
        if (one.get("collection") or "") not in UNKNOWN:
            continue
        scene = read(provider, one)
        seen.add(scene.collection)
        assert scene.bands == (), (path, one["id"])
        assert scene.id == one["id"]
        assert scene.collection == scene.native_id == scene.acquisition.collection
        assert scene.datetime.utcoffset().total_seconds() == 0
        assert not scene.geometry.is_empty
    assert seen == UNKNOWN
