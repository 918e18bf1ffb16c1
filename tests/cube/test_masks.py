"""Masks by meaning, against tables written down from the format documents and against the weather."""

import numpy as np
import pytest
from pyproj import Transformer

import multisat as ms
from multisat.cube import MultisatWarning
from multisat.cube.masking import bad_pixels
from multisat.sandbox import truth
from multisat.vocab.masks import QUALITY_LAYERS, mask_words

SCL = {
    0: "nodata", 1: "saturated", 2: "", 3: "shadow", 4: "", 5: "", 6: "water", 7: "uncertain",
    8: "cloud", 9: "cloud", 10: "cirrus", 11: "snow",
}  # fmt: skip
"""Sen2Cor's classes in the words of masks."""
QA_PIXEL = ["nodata", "adjacent", "cirrus", "cloud", "shadow", "snow", "", "water"]
"""Landsat's bits 0 to 7; 6 is clear, those above are levels of confidence."""
FMASK = ["", "cloud", "adjacent", "shadow", "snow", "water", "", ""]
"""Fmask's bits; 255 is fill whatever its bits say."""
STRICT = {"nodata", "saturated", "shadow", "uncertain", "cloud", "cirrus", "adjacent"}
LOOSE = {"nodata", "saturated", "shadow", "cloud"}
WORDS = sorted({*SCL.values(), *QA_PIXEL, *FMASK} - {""})


def said(layer, value):
    """Return the words one stored number says."""
    if layer == "scl":
        return {SCL.get(value, "")}
    if layer == "fmask" and value == 255:
        return {"nodata"}
    if layer == "qa_pixel" and value & 1:
        return {"nodata"}
    names = QA_PIXEL if layer == "qa_pixel" else FMASK
    return {name for bit, name in enumerate(names) if value >> bit & 1}


@pytest.mark.parametrize(("layer", "dtype"), [("scl", "uint8"), ("fmask", "uint8"), ("qa_pixel", "uint16")])
@pytest.mark.parametrize(
    ("mask", "wanted"), [("clear", STRICT), ("loose", LOOSE), *((word, {"nodata", word}) for word in WORDS)]
)
def test_every_number_a_layer_can_hold(layer, dtype, mask, wanted):
    values = np.arange(np.iinfo(dtype).max + 1, dtype=dtype)
    bad = bad_pixels(QUALITY_LAYERS[layer], values, mask_words(mask))
    np.testing.assert_array_equal(bad, [bool(said(layer, int(v)) & wanted) for v in values])


SCENES = {
    "scl": ("sentinel-2-l2a", "2023-05-14"),
    "qa_pixel": ("landsat-c2-l2", "2023-05-10"),
    "fmask": ("hls-s30", "2023-05-14"),
}
TOLD = {"cloud": truth.CLOUD, "shadow": truth.SHADOW, "water": truth.WATER}


@pytest.fixture(scope="module", params=SCENES)
def sky(box, request):
    """A scene of each layer with the weather at the pixel centres of its native 20 or 30 m grid."""
    collection, day = SCENES[request.param]
    (scene,) = ms.search(box.places["munich"], day, collections=collection)
    cube = ms.load(scene, ["swir16"], aoi=box.places["munich"])
    to = Transformer.from_crs(cube.rio.crs, "EPSG:4326", always_xy=True)
    weather = truth.weather(*to.transform(*np.meshgrid(cube.x, cube.y)), scene.datetime.date())
    return request.param, scene, weather


@pytest.mark.parametrize("words", ["loose", "cloud", "shadow", "water", ["cloud", "water"], "cloud, shadow"])
def test_the_mask_is_what_the_words_mean(box, sky, words):
    _layer, scene, weather = sky
    cube = ms.load(scene, ["swir16"], aoi=box.places["munich"], mask=words)
    names = mask_words(words)
    hidden = np.isin(weather, [code for word, code in TOLD.items() if word in names])
    assert 0 < hidden.mean() < 1
    np.testing.assert_array_equal(cube["mask"].values[0].astype(bool), hidden)
    np.testing.assert_array_equal(cube.swir16.isnull().values[0], hidden)
    assert cube.attrs["mask"] == cube["mask"].attrs["classes"] == ", ".join(names)


def test_hidden_numbers_change_nothing_else(box, sky):
    _, scene, weather = sky
    bare = ms.load(scene, ["swir16"], aoi=box.places["munich"])
    cube = ms.load(scene, ["swir16"], aoi=box.places["munich"], mask="cloud")
    assert "mask" not in bare
    seen = weather != truth.CLOUD
    np.testing.assert_array_equal(bare.swir16.values[0][seen], cube.swir16.values[0][seen])


def test_stored_numbers_are_not_masked_only_told(box, sky):
    _, scene, _ = sky
    bare = ms.load(scene, ["swir16"], aoi=box.places["munich"], raw=True)
    told = ms.load(scene, ["swir16"], aoi=box.places["munich"], raw=True, mask="clear")
    np.testing.assert_array_equal(bare.swir16.values, told.swir16.values)
    assert told["mask"].any()


@pytest.mark.parametrize("words", ["adjacent", "cloud,adjacent", "cloud , adjacent", ["cloud", "adjacent"]])
def test_a_word_no_layer_can_tell_is_an_error(box, words):
    found = ms.search(box.places["munich"], "2023-05-04", collections="sentinel-2-l2a")
    with pytest.raises(ms.UsageError, match="no scene can tell adjacent"):
        found.load(["red"], mask=words)


def test_a_word_only_some_layers_can_tell_is_said(box):
    found = ms.search(box.places["munich"], "2023-05-14", collections=["sentinel-2-l2a", "hls"])
    with pytest.warns(MultisatWarning, match="hls-s30 scenes cannot tell cirrus"):
        cube = found.load(["red"], mask="cirrus")
    masked = dict(zip(cube.collection.values, cube["mask"].any(("y", "x")).values, strict=True))
    assert masked == {"sentinel-2-l2a": True, "hls-s30": False}


def test_a_scene_without_its_quality_layer_is_said(write, scene, plain):
    red, _ = write("red")
    scl, _ = write("scl", size=20, count=300, dtype="uint8", values=np.full((300, 300), 9, "uint8"))
    from multisat.cube import load

    both = [scene("told", red=red, scl=scl), scene("bare", minute=30, red=red)]
    with pytest.warns(MultisatWarning, match="1 of the sentinel-2-l2a scenes have no scl"):
        cube = load(both, ["red"], access=plain, mask="clear", groupby="scene")
    assert cube["mask"].all(("y", "x")).values.tolist() == [True, False]


def test_radar_has_no_mask_and_the_cube_says_so(box):
    found = ms.search(box.places["munich"], "2023-06-10", collections="sentinel-1-rtc")
    cube = found.load(["vv"], mask="clear")
    assert cube.attrs["not_masked"] == ["sentinel-1-rtc"]
    assert not cube["mask"].any()


def test_halves_hide_only_what_both_hide(box):
    """No data in one half is no reason to hide what the other half saw."""
    found = ms.search(box.places["munich"], "2023-07-03", collections="sentinel-2-l2a")
    cube = found.load(["swir16"], mask="cloud")
    to = Transformer.from_crs(cube.rio.crs, "EPSG:4326", always_xy=True)
    weather = truth.weather(*to.transform(*np.meshgrid(cube.x, cube.y)), found.scenes[0].datetime.date())
    np.testing.assert_array_equal(cube["mask"].values[0].astype(bool), weather == truth.CLOUD)
