"""``multisat composite``: one picture of many."""

import json

import numpy as np
import rasterio

PC = ("-p", "planetary-computer")


def test_a_year_of_a_city_as_a_cog_with_a_preview(verb, field, tmp_path):
    done = verb(
        "composite",
        field,
        "2023",
        *PC,
        "--period",
        "year",
        "--clip",
        "-o",
        "city.tif",
        "--preview",
        "city.png",
    )
    assert done.exit_code == 0, done.stderr
    assert done.stdout.split() == ["city.tif", "city.png"]
    with rasterio.open(tmp_path / "city.tif") as file:
        assert file.descriptions == ("red", "green", "blue", "count")
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        red, count = file.read(1), file.read(4)
    np.testing.assert_array_equal(np.isnan(red), count == 0)
    assert 0.03 < np.nanmean(red) < 0.2
    assert json.loads((tmp_path / "city.json").read_text())["stac_version"]


def test_bands_by_their_set_and_name_with_a_selection(verb, field, tmp_path):
    done = verb(
        "composite", field, "2023-06/2023-07", *PC, "-b", "rgb,nir", "--stat", "greenest", "--period", "quarter",
        "--resolution", 60, "-o", "quarters",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    assert len(done.stdout.split()) == 2
    with rasterio.open(tmp_path / done.stdout.split()[0]) as file:
        assert file.descriptions == ("red", "green", "blue", "nir", "count")


def test_a_dry_run_reads_nothing(verb, field, tmp_path):
    done = verb("composite", field, "2023", *PC, "--stat", "medoid", "--dry-run", "-o", "city.tif")
    assert (done.exit_code, done.files) == (0, [])
    assert "medoid of all clear looks" in done.stdout
    assert not (tmp_path / "city.tif").exists()


def test_a_band_that_is_none_is_refused_before_any_archive_is_asked(verb, field):
    done = verb("composite", field, "2023", "-b", "rgb,nirr", "-o", "city.tif")
    assert (done.exit_code, done.asked) == (2, 0)
    assert "no band is called 'nirr' (bands are: coastal" in done.stderr


def test_a_file_that_cannot_be_read_is_done_in_part(verb, field, box):
    from multisat.sandbox import Fault

    box.inject(Fault(provider="files", kind="404", match="20230504T101031_R022_T32UPU"))
    try:
        done = verb("composite", field, "2023-05", *PC, "-b", "red", "--resolution", 60, "-o", "x.tif")
        assert done.exit_code == 5, done.stderr
        assert done.stdout.split() == ["x.tif"]
        whole = verb("composite", field, "2023-05", *PC, "-b", "red", "--errors", "raise", "-o", "x.tif")
        assert (whole.exit_code, whole.stdout) == (5, "")
        assert "404" in whole.stderr
    finally:
        box.clear_faults()
