"""``multisat change``: radar before and after a synthetic storm."""

import numpy as np
import pytest
import rasterio
import xarray as xr
from matplotlib import pyplot as plt

STORM = "2023-06-28"


def test_a_storm_as_a_geotiff_with_a_picture(verb, field, tmp_path):
    done = verb("change", field, STORM, "--days", 24, "-o", "storm.tif", "--preview", "storm.png")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.split() == ["storm.tif", "storm.png"]
    assert "before: 3 scenes of relative orbit 119 (descending)" in done.stderr
    assert "2023-07-04, 2023-07-10, 2023-07-16" in done.stderr
    with rasterio.open(tmp_path / "storm.tif") as file:
        change = file.read(file.descriptions.index("vv_change") + 1)
        assert file.descriptions.index("count_after")
        assert file.crs.to_epsg() == 32632
    assert change.min() == pytest.approx(-3, abs=0.3)
    assert change.max() == pytest.approx(0, abs=0.3)
    picture = plt.imread(tmp_path / "storm.png")  # (y, x, colour), 0 to 1
    assert (picture[..., 0] - picture[..., 2] > 0.2).mean() > 0.05  # what is lost is red


def test_one_band_of_another_orbit_clipped(verb, field, tmp_path):
    done = verb("change", field, STORM, "--days", 24, "-b", "vh", "--orbit", 44, "--clip", "-o", "storm.nc")
    assert done.exit_code == 0, done.stderr
    assert "relative orbit 44 (ascending)" in done.stderr
    with xr.open_dataset(tmp_path / "storm.nc") as cube:
        assert set(cube.data_vars) >= {"vh_before", "vh_after", "vh_change", "count_before", "count_after"}
        outside = np.isnan(cube["vh_change"].values)
        assert 0.01 < outside.mean() < 0.1
        assert (cube["count_after"].values[outside] == 0).all()


def test_a_dry_run_says_which_looks_and_reads_nothing(verb, field, tmp_path):
    done = verb("change", field, STORM, "--days", 24, "--dry-run", "-o", "storm.tif")
    assert (done.exit_code, done.files) == (0, [])
    assert "before: 3 scenes of relative orbit 119" in done.stdout
    assert "2023-06-28," not in done.stdout
    assert not (tmp_path / "storm.tif").exists()


REFUSED = {
    "no radar": (("-b", "red", "-o", "x.tif"), 2, "use vv, vh, hh or hv"),
    "a folder": (("-o", "storm"), 2, "name one file: .tif, .nc or .zarr"),
    "no such orbit": (("--orbit", "66", "-o", "x.tif"), 2, "orbits with both: 44, 119"),
    "no looks": (("--days", "2", "-o", "x.tif"), 4, "no scene of sentinel-1-rtc"),
    "no days": (("--days", "0", "-o", "x.tif"), 2, "--days"),
    "no such picture": (("-o", "x.tif", "--preview", "x.xyz"), 2, "use .png"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_with_the_next_step(verb, field, case):
    options, code, said = REFUSED[case]
    done = verb("change", field, STORM, *options)
    assert (done.exit_code, done.stdout, done.files) == (code, "", [])
    assert said in done.stderr


def test_a_file_that_is_gone_is_done_in_part(verb, field, box):
    from multisat.sandbox import Fault

    box.inject(Fault(provider="files", kind="404", match="20230704"))
    try:
        done = verb("change", field, STORM, "--days", 24, "-b", "vv", "-o", "x.tif")
    finally:
        box.clear_faults()
    assert (done.exit_code, done.stdout.split()) == (5, ["x.tif"])
    assert "left out" in done.stderr
