"""One truth through every archive, collection, baseline and flag: the same reflectance each time."""

from collections import defaultdict

import numpy as np
import pytest
from pyproj import Transformer

import multisat as ms
from multisat.sandbox import truth

WORST = 0.002
"""Largest error of NDVI at a clear land pixel."""


@pytest.fixture(scope="module")
def copies(box):
    """Every copy of every optical scene over Munich and the Cape, by what is particular about it."""
    found = defaultdict(list)
    for place in ("munich", "cape"):
        for scene in ms.search(
            box.places[place], "2021/2023", collections=["sentinel-2-l2a", "landsat-c2-l2", "hls"]
        ):
            for copy in scene.copies:
                flag = copy.item["properties"].get("earthsearch:boa_offset_applied")
                kind = (copy.provider, copy.native_id, copy.platform, copy.processing_baseline, flag)
                found[kind].append((place, copy))
    return found


def ndvi_and_truth(scene, area):
    """Return loaded NDVI and the truth at pixel centres, where the sky is clear over land."""
    cube = ms.load(scene, ["red", "nir"], aoi=area, errors="raise")
    x, y = np.meshgrid(cube.x, cube.y)
    lon, lat = Transformer.from_crs(cube.rio.crs, "EPSG:4326", always_xy=True).transform(x, y)
    day = scene.datetime.date()
    red, nir = (truth.ground(band, lon, lat, day) for band in ("red", "nir08"))
    seen = cube.red.notnull().values[0] & (truth.weather(lon, lat, day) == truth.CLEAR)
    loaded = ms.ndvi(cube).values[0]
    return loaded[seen], ((nir - red) / (nir + red))[seen]


def test_every_kind_of_copy_gives_the_same_ndvi(box, copies, optical):
    assert {kind[:2] for kind in copies} >= optical
    baselines = {(kind[0], kind[3], kind[4]) for kind in copies if kind[1] == "sentinel-2-l2a"}
    assert baselines >= {
        ("earth-search", "03.00", False),
        ("earth-search", "05.09", True),
        ("earth-search", "05.09", False),
        ("earth-search", "05.10", True),
        ("planetary-computer", "03.00", None),
        ("planetary-computer", "05.09", None),
    }
    worst = {}
    for kind, scenes in copies.items():
        readable = [(p, s) for p, s in scenes if "red" in s.bands and truth.amount(s.datetime.date()) < 1]
        for place, scene in dict(readable).items():  # the last of each place
            loaded, true = ndvi_and_truth(scene, box.places[place])
            assert loaded.size > 1000
            worst[kind] = max(worst.get(kind, 0), float(np.abs(loaded - true).max()))
    print("\n".join(f"{error:.6f} {kind}" for kind, error in sorted(worst.items(), key=lambda w: -w[1])))
    assert max(worst.values()) < WORST
    assert len(worst) == len(copies) - sum(all("red" not in s.bands for _, s in v) for v in copies.values())


def test_without_the_reasons_the_numbers_would_be_wrong(box, copies):
    """The test above can fail: stored numbers, or the declared offset, give another NDVI."""
    applied = next(v for k, v in copies.items() if k[4] is True)
    place, scene = applied[0]
    _, true = ndvi_and_truth(scene, box.places[place])
    raw = ms.load(scene, ["red", "nir"], aoi=box.places[place], raw=True)
    declared = raw.astype("float64") * 0.0001 - 0.1
    wrong = ms.ndvi(declared).values[0]
    assert np.nanmax(np.abs(wrong - np.median(true))) > 0.1


def test_negative_reflectance_is_kept(box):
    area = box.places["munich"]
    for provider, collection in (
        ("earth-search", "sentinel-2-c1-l2a"),
        ("planetary-computer", "sentinel-2-l2a"),
        ("nasa-cmr", "hls-s30"),
    ):
        scenes = ms.search(area, "2023-05-04", collections=collection, providers=provider)
        cube = ms.load(scenes.scenes[0], ["swir16"], aoi=area)
        assert float(cube.swir16.min()) == pytest.approx(-0.003, abs=1e-4)


def test_thermal_is_kelvin_and_radar_is_linear_power(box):
    area = box.places["munich"]
    for collection, copies in (("landsat-c2-l2", 2), ("hls-l30", 2)):
        found = ms.search(area, "2023-05-10", collections=collection)
        assert len(found.scenes[0].copies) == copies
        for copy in found.scenes[0].copies:
            cube = ms.load(copy, ["lwir11"], aoi=area, mask="clear")
            assert 285 < float(cube.lwir11.min()) < float(cube.lwir11.max()) < 306
            assert cube.lwir11.attrs["units"] == "K"
    radar = ms.search(area, "2023-06-10", collections="sentinel-1-rtc").load(["vv", "vh"])
    assert 0.05 < float(radar.vv.min()) < float(radar.vv.max()) < 0.15
    assert 0.01 < float(radar.vh.min()) < float(radar.vh.max()) < 0.04
    height = ms.search(area, collections="cop-dem-30").load(["elevation"])
    assert 430 < float(height.elevation.min()) < float(height.elevation.max()) < 570


@pytest.mark.parametrize(
    ("collection", "day"),
    [("sentinel-2-l2a", "2023-05-14"), ("landsat-c2-l2", "2023-05-10"), ("hls-s30", "2023-05-14")],
)
def test_the_clear_mask_is_the_weather(box, collection, day):
    """SCL, QA_PIXEL and Fmask tell the same sky."""
    area = box.places["munich"]
    (scene,) = ms.search(area, day, collections=collection)
    cube = ms.load(
        scene, ["red"], aoi=area, mask="clear", resolution=20 if collection.startswith("sent") else None
    )
    x, y = np.meshgrid(cube.x, cube.y)
    lon, lat = Transformer.from_crs(cube.rio.crs, "EPSG:4326", always_xy=True).transform(x, y)
    sky = truth.weather(lon, lat, scene.datetime.date())
    hidden = np.isin(sky, [truth.CLOUD, truth.SHADOW, truth.CIRRUS])
    assert 0.02 < hidden.mean() < 0.98
    np.testing.assert_array_equal(cube["mask"].values[0].astype(bool), hidden)
    np.testing.assert_array_equal(cube.red.isnull().values[0], hidden)
