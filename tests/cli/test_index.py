"""``multisat index``: files that other programs open, and what is refused before it costs."""

import numpy as np
import pytest
import rasterio
import xarray as xr
from matplotlib import pyplot as plt

PC = ("-p", "planetary-computer")
QUICK = (*PC, "--mask", "none", "--resolution", 60)


@pytest.mark.slow
def test_monthly_ndvi_as_netcdf_with_a_picture(run, field, tmp_path):
    done = run(
        "index", field, "2023-05/2023-06", *PC, "--period", "month", "-o", "ndvi.nc", "--preview", "ndvi.png"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["ndvi.nc", "ndvi.png"]
    cube = xr.open_dataset(tmp_path / "ndvi.nc", decode_coords="all")
    assert list(cube.data_vars) == ["NDVI", "count"]
    assert [str(one)[:10] for one in cube.time.values] == ["2023-05-01", "2023-06-01"]
    assert cube.rio.crs.to_epsg() == 32632
    assert 0 < float(cube.NDVI.mean()) < 1
    picture = plt.imread(tmp_path / "ndvi.png")  # (y, x, colour), 0 to 1
    assert picture.shape[1] > 400
    assert np.ptp(picture[..., 0]) > 0.5  # there is something to see
    cube.close()


def test_several_indices_in_one_file_per_period(verb, field, tmp_path):
    done = verb(
        "index",
        field,
        "2023-05/2023-06",
        *QUICK,
        "-i",
        "NDVI",
        "-i",
        "ratio=nir/red",
        "--stat",
        "q90",
        "-o",
        "out",
    )
    assert done.exit_code == 0, done.stderr
    assert len(done.stdout.split()) == 2
    with rasterio.open(tmp_path / done.stdout.split()[0]) as file:
        assert file.descriptions == ("NDVI", "ratio", "count")
        assert file.res == (60, 60)
        ndvi, ratio = (file.read(band) for band in (1, 2))
    assert ndvi.max() < 1 < ratio.max()


@pytest.mark.parametrize(("period", "times"), [("none", 2), ("all", 1), ("16d", 2), ("dekad", 3)])
def test_every_period(verb, field, tmp_path, period, times):
    done = verb("index", field, "2023-05", *QUICK, "--period", period, "-o", "out.nc")
    assert done.exit_code == 0, done.stderr
    with xr.open_dataset(tmp_path / "out.nc") as cube:
        assert cube.sizes["time"] == times


def test_one_period_is_one_geotiff_clipped(verb, field, tmp_path):
    done = verb("index", field, "2023-05", *PC, "--period", "all", "--clip", "-o", "one.tif")
    assert done.exit_code == 0, done.stderr
    with rasterio.open(tmp_path / "one.tif") as file:
        assert file.descriptions == ("NDVI", "count")
        outside = np.isnan(file.read(1))
        assert 0.01 < outside.mean() < 0.1  # corners of a box in degrees
        assert (file.read(2)[outside] == 0).all()


def test_a_gaussian_over_the_mask_takes_more_away(verb, field, tmp_path):
    seen = []
    for number, how in enumerate([("--mask", "cloud"), ("--mask", "cloud", "--kernel", "11,1.6,0.1")]):
        done = verb("index", field, "2023-05-14", *PC, *how, "--period", "all", "-o", f"{number}.tif")
        assert done.exit_code == 0, done.stderr
        with rasterio.open(tmp_path / f"{number}.tif") as file:
            seen.append(np.isfinite(file.read(1)))
    assert seen[1].sum() < seen[0].sum()
    assert not (seen[1] & ~seen[0]).any()


def test_a_dry_run_tells_and_reads_nothing(verb, field, tmp_path):
    done = verb(
        "index", field, "2023", *PC, "--kernel", "11,1.6,0.1", "--mask", "cloud", "--dry-run", "-o", "ndvi.nc"
    )
    assert (done.exit_code, done.files) == (0, [])
    for text in ("read: 8 scenes", "sigma 1.6", "NDVI = (nir - red)", "periods: 12", "cost: about"):
        assert text in done.stdout
    assert not (tmp_path / "ndvi.nc").exists()


def test_a_cap_is_held_before_anything_is_read(verb, field, tmp_path):
    done = verb("index", field, "2023", *PC, "--cap", "1MB", "-o", "ndvi.nc")
    assert (done.exit_code, done.files) == (2, [])
    assert "more than the cap of 1MB" in done.stderr


REFUSED = {
    "several times in one tif": (("-o", "x.tif"), "x.tif would hold 12 times (name a folder"),
    "overpasses in one tif": (("--period", "none", "-o", "x.tif"), "x.tif would hold"),
    "no such ending": (("-o", "x.xyz"), "no format has that ending (use .tif"),
    "no such picture": (("-o", "x.nc", "--preview", "x.xyz"), "no picture has that ending (use .png"),
    "no such index": (("-i", "NDVY", "-o", "x.nc"), "NDVI"),
    "nameless": (("-i", "nir/red", "-o", "x.nc"), 'name="ratio"'),
    "no such period": (("--period", "fortnight", "-o", "x.nc"), 'use "day", "dekad", "month"'),
    "no such reducer": (("--stat", "average", "-o", "x.nc"), "use median, mean"),
    "kernel in words": (("--kernel", "wide", "-o", "x.nc"), "write it like 11,1.6,0.1"),
    "even kernel": (("--kernel", "10,1.6,0.1", "-o", "x.nc"), "use an odd number"),
    "kernel without a mask": (("--mask", "none", "--dilate", "20", "-o", "x.nc"), "a margin needs a mask"),
    "no such class": (("--mask", "fog", "-o", "x.nc"), "no mask or class"),
    "no such cap": (("--cap", "3apples", "-o", "x.nc"), "cap one of bytes"),
    "no such feature": (("--only", "283", "-o", "x.nc"), "--id says which attribute names them"),
    "no such collection": (("-c", "sentinel-9", "-o", "x.nc"), "sentinel-9"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_with_the_next_step_before_it_costs(verb, field, case):
    options, said = REFUSED[case]
    done = verb("index", field, "2023", *PC, *options)
    assert (done.exit_code, done.stdout, done.files) == (2, "", [])
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_found_and_no_answer_have_codes_of_their_own(verb, field, box):
    from multisat.sandbox import Fault

    none = verb("index", field, "2019", *PC, "-o", "x.nc")
    assert (none.exit_code, "widen the time range" in none.stderr) == (4, True)
    box.inject(Fault(provider="planetary-computer", kind="404"))
    try:
        failed = verb("index", field, "2023", *PC, "-o", "x.nc")
        assert failed.exit_code == 6
        part = verb("index", field, "2023-05", "-p", "earth-search", *QUICK, "--period", "all", "-o", "x.tif")
        assert part.exit_code == 5, part.stderr
        assert part.stdout.split() == ["x.tif"]
        assert "planetary-computer did not give its whole list" in part.stderr
    finally:
        box.clear_faults()
