"""Shares of classes and of cloud, judged by exactextract's frac and by counting."""

import json

import exactextract
import numpy as np
import pytest
import shapely
from exactextract.raster import NumPyRasterSource

from multisat.errors import UsageError
from multisat.model import AOI
from multisat.vocab.masks import QUALITY_LAYERS
from multisat.zones import wanted

pytestmark = pytest.mark.filterwarnings("ignore:areas without a pixel")


@pytest.fixture
def scl(grid):
    """Classes in large patches, so that some areas have few."""
    y, x = np.mgrid[: grid.shape[0], : grid.shape[1]]
    one = ((y // 90) * 5 + x // 70) % 12
    return np.stack([one, (one + 5) % 12]).astype(np.uint8)


@pytest.fixture
def frac(grid):
    def ask(values, shapes, nodata):
        raster = NumPyRasterSource(values, *grid.bounds, nodata=nodata)
        features = [
            {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(s))}
            for s in shapes
        ]
        found = exactextract.exact_extract(raster, features, ["unique", "frac"])
        return [dict(zip(f["properties"]["unique"], f["properties"]["frac"], strict=True)) for f in found]

    return ask


def test_every_code_has_its_share(zones, shapes, grid, rows, scl, frac):
    table = rows(zones(0), grid, {"scl": scl}, ["share", "valid"], classes={"scl": None})
    codes = [name for name in table.columns if name.startswith("scl_share_")]
    assert codes == [f"scl_share_{code}" for code in range(1, 12)]
    for step, layer in enumerate(scl):
        found = table[table["start"].dt.month == step + 1]
        for (_, row), truth in zip(found.iterrows(), frac(layer, shapes(0), 0), strict=True):
            for name in codes:
                share = truth.get(int(name.rpartition("_")[2]), 0.0) if truth else np.nan
                assert row[name] == pytest.approx(share, abs=1e-6, nan_ok=True)


def test_quality_layers_are_told_in_words(grid, rows, scl):
    box = AOI(geometry=shapely.box(500000, 4995000, 503000, 4999000), crs=grid.crs)
    table = rows(box, grid, {"scl": scl}, ["share"])
    inside = scl[:, 100:500, :300].reshape(2, -1)
    known = inside != 0
    for word, codes in QUALITY_LAYERS["scl"].values.items():
        truth = (np.isin(inside, codes) & known).sum(axis=1) / known.sum(axis=1)
        np.testing.assert_allclose(table[f"scl_share_{word}"], truth, rtol=1e-12)
    assert "scl_share_nodata" not in table.columns


def test_bits_are_told_in_words_and_may_overlap(grid, rows):
    values = np.full((1, *grid.shape), 1, dtype=np.uint16)
    values[0, :, :100], values[0, :, 100:200] = 1 << 3, (1 << 3) | (1 << 4)
    box = AOI(geometry=shapely.box(500000, 4995000, 504000, 4999000), crs=grid.crs)
    table = rows(box, grid, {"qa_pixel": values}, ["share", "valid"])
    assert table["qa_pixel_share_cloud"][0] == pytest.approx(1)
    assert table["qa_pixel_share_shadow"][0] == pytest.approx(0.5)
    assert table["qa_pixel_valid"][0] == pytest.approx(0.5)


def test_classes_may_be_named(grid, rows):
    cover = np.full((1, *grid.shape), 10.0, dtype=np.float32)
    cover[0, :, :100], cover[0, :, 100:200], cover[0, :, 200:300] = 1, 2, np.nan
    box = AOI(geometry=shapely.box(500000, 4995000, 504000, 4999000), crs=grid.crs)
    names = {"landcover": {"forest": [1, 2], "water": [10], "ice": [99]}}
    table = rows(box, grid, {"landcover": cover}, ["share"], classes=names)
    shares = {n: round(float(table[f"landcover_share_{n}"][0]), 9) for n in ("forest", "water", "ice")}
    assert shares == {"forest": round(2 / 3, 9), "water": round(1 / 3, 9), "ice": 0}


def test_a_class_elsewhere_has_the_share_0(grid, rows, zones):
    cover = np.zeros((1, *grid.shape), dtype=np.int16)
    cover[0, :, 300:] = -5
    cover[0, 350:] = -1
    areas = [shapely.box(500000, 4999000, 500500, 4999500), shapely.box(504000, 4999000, 504500, 4999500)]
    areas += [shapely.box(500000, 4994000, 500500, 4994500)]
    found = rows(
        [AOI(geometry=a, crs=grid.crs) for a in areas],
        grid,
        {"c": cover},
        ["share"],
        classes={"c": None},
        attrs={"c": {"nodata": -1}},
    )
    assert found["c_share_0"].tolist()[:2] == [1, 0]
    assert found["c_share_-5"].tolist()[:2] == [0, 1]
    assert found[["c_share_0", "c_share_-5"]].iloc[2].isna().all()
    assert [n for n in found.columns if "share" in n] == ["c_share_-5", "c_share_0"]


def test_layers_that_are_no_classes_are_refused(grid, rows):
    box = AOI(geometry=shapely.box(*grid.bounds), crs=grid.crs)
    many = np.arange(700 * 620, dtype=np.int32).reshape(1, 700, 620)
    for values, words in ((many, "over 256 codes"), (many / 7, "no codes")):
        with pytest.raises(UsageError, match=words):
            rows(box, grid, {"c": values}, ["share"], classes={"c": None})


def test_cloud_and_no_data_stand_beside_every_value(grid, rows):
    left = grid.bounds[0]
    mask = np.zeros((2, *grid.shape), dtype=np.float32)
    mask[0, :, :100] = 1
    mask[1, :, :50] = np.nan
    ndvi = np.where(mask == 0, 0.5, np.nan).astype(np.float32)
    box = AOI(geometry=shapely.box(left - 1000, 4995000, left + 3000, 4999000), crs=grid.crs)
    table = rows(box, grid, {"ndvi": ndvi, "mask": mask}, ["mean", "valid"])
    assert table["cloud"].tolist() == pytest.approx([0.25, 0])
    assert table["nodata"].tolist() == pytest.approx([0.25, 0.375])
    assert table["ndvi_valid"].tolist() == pytest.approx([0.5, 0.625])
    assert not [name for name in table.columns if name.startswith("mask")]


def test_a_mask_of_ones_and_zeros_is_as_good(grid, rows):
    mask = np.zeros((1, *grid.shape), dtype=bool)
    mask[0, :, 25:] = True
    box = AOI(geometry=shapely.box(500000, 4999000, 500500, 4999500), crs=grid.crs)
    table = rows(box, grid, {"v": np.ones(mask.shape), "mask": mask}, ["mean"])
    assert table[["cloud", "nodata"]].iloc[0].tolist() == pytest.approx([0.5, 0])


def test_statistics_fit_what_a_variable_is():
    both = wanted(["ndvi", "scl"], ["mean", "share", "count"])
    assert [(w.variable, w.moments, w.share) for w in both] == [
        ("ndvi", ("mean", "count"), False),
        ("scl", ("count",), True),
    ]
    own = wanted(["ndvi", "red"], {"red": "q10"})
    assert [(w.variable, dict(w.quantiles)) for w in own] == [("red", {"q10": 0.1})]


@pytest.mark.parametrize(
    ("stats", "classes", "message"),
    [
        (["average"], None, "no statistic is called 'average'"),
        (["q101"], None, "no statistic is called 'q101'"),
        ([], None, "no statistic is named"),
        (["mean", "share"], None, "no variable has share"),
        ({"nir": ["mean"]}, None, "no variable nir"),
        ({"ndvi": ["share"]}, None, "no layer of classes"),
        (["mean"], {"cover": None}, "no variable cover"),
        ({"ndvi": ["median"]}, {"ndvi": None}, "holds codes, which have no median"),
    ],
)
def test_statistics_out_of_place_are_refused(stats, classes, message):
    with pytest.raises(UsageError, match=message):
        wanted(["ndvi"], stats, classes=classes)
