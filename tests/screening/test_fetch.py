"""Clean overpasses as files, clipped to the polygon."""

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.features import geometry_mask

import multisat as ms
from multisat.sandbox import Fault

BANDS = ["red", "green", "blue"]


@pytest.fixture(scope="module")
def areas():
    shape = shapely.Point(11.507, 48.321).buffer(0.006)
    return ms.AOIs(
        (
            ms.AOI(geometry=shape, name="Park / No. 1"),
            ms.AOI(geometry=shapely.box(18.77, -33.63, 18.78, -33.62), name="cape"),
        )
    )


@pytest.fixture(scope="module")
def clean(box, areas):
    return ms.screen(areas, "2023-05", collections="sentinel-2-l2a", providers="earth-search").best(1)


def test_files_that_others_open(areas, clean, tmp_path):
    files = clean.fetch(BANDS, tmp_path / "out")
    assert [(one.aoi, one.status, one.error) for one in files] == [
        ("Park / No. 1", "done", None),
        ("cape", "done", None),
    ]
    assert [one.path.name for one in files][1] == f"cape_20230504_{clean[1].scenes[0].id}.tif"
    assert {p.name for p in (tmp_path / "out").glob("*.tif")} == {one.path.name for one in files}
    for one, zone in zip(files, (32632, 32734), strict=True):
        with rasterio.open(one.path) as file:
            assert (file.crs.to_epsg(), file.res, file.descriptions) == (zone, (10.0, 10.0), tuple(BANDS))
            assert np.isnan(file.nodata)
            there = areas[one.aoi].to_crs(f"EPSG:{zone}")
            outside = geometry_mask([there], file.shape, file.transform)
            red = file.read(1)
        np.testing.assert_array_equal(np.isnan(red), outside)
        assert 0 < red[~outside].mean() < 1


def test_numbers_are_those_of_a_load(areas, clean, tmp_path):
    (first, *_) = clean.fetch("red", tmp_path, dtype="int16")
    cube = ms.load(clean[0].scenes, ["red"], aoi=areas[0]).multisat.clip(areas[0])
    with rasterio.open(first.path) as file:
        assert file.dtypes == ("int16",)
        red = np.where(file.read(1) == file.nodata, np.nan, file.read(1) * file.scales[0])
    np.testing.assert_allclose(red, cube.red.values[0], atol=6e-5)


def test_what_is_there_is_not_read_again(clean, tmp_path, paths):
    first = clean.fetch(BANDS, tmp_path)
    first[1].path.unlink()
    with paths() as seen:
        again = clean.fetch(BANDS, tmp_path)
    assert [one.status for one in again] == ["there", "done"]
    assert seen.names == {"red.tif", "green.tif", "blue.tif"}
    assert seen.requests <= 2 * 3 + 3


def test_other_bands_are_not_taken_for_these(clean, tmp_path):
    (first, _) = clean.fetch("red", tmp_path)
    before = first.path.read_bytes()
    (again, _) = clean.fetch("nir", tmp_path)
    assert (again.status, first.path.read_bytes()) == ("failed", before)
    assert "holds red" in again.error


def test_a_mask_makes_holes(clean, tmp_path, box, areas):
    cloudy = ms.screen(areas[0], "2023-05-14", collections="sentinel-2-l2a", providers="earth-search")
    (bare,) = cloudy.fetch("red", tmp_path / "bare")
    (masked,) = cloudy.fetch("red", tmp_path / "masked", mask="clear")
    shares = []
    for one in (bare, masked):
        with rasterio.open(one.path) as file:
            shares.append(np.isfinite(file.read(1)).sum())
    assert 100 * shares[1] / shares[0] == pytest.approx(cloudy[0].shares["clear"], abs=1.5)


def test_a_file_that_fails_is_listed(box, clean, tmp_path):
    box.inject(Fault(provider="files", kind="404", match=f"{clean[1].scenes[0].id}/red"))
    alone = type(clean).of(
        [type(row)(**{n: getattr(row, n) for n in row.__slots__} | {"scenes": tuple(s.copies[0] for s in row.scenes)}) for row in clean],
        areas=clean.areas, mask=clean.mask, access=clean.access,
    )  # fmt: skip
    told = []
    good, bad = alone.fetch("red", tmp_path, progress=lambda *now: told.append(now))
    assert (good.status, bad.status, told) == ("done", "failed", [(1, 2), (2, 2)])
    assert "404" in bad.error
    assert not bad.path.exists()
    box.clear_faults()
    assert [one.status for one in alone.fetch("red", tmp_path)] == ["there", "done"]


def test_a_polygon_between_pixel_centres(box, tmp_path):
    tiny = ms.AOI(geometry=shapely.Point(11.507, 48.321).buffer(1e-5), name="tiny")
    row = ms.screen(tiny, "2023-05-04", collections="sentinel-2-l2a", providers="earth-search")
    assert row[0].shares["covered"] == 100.0
    (refused,) = row.fetch("red", tmp_path)
    assert "all_touched" in refused.error
    (done,) = row.fetch("red", tmp_path, all_touched=True)
    assert done.status == "done"


@pytest.mark.parametrize(
    ("bands", "options"),
    [("rot", {}), ("red", {"mask": "fog"}), ("red", {"workers": 0}), ("red", {"workers": 99})],
)
def test_bad_input_is_refused_at_once(clean, tmp_path, bands, options):
    with pytest.raises(ms.UsageError):
        clean.fetch(bands, tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()
