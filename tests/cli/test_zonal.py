"""``multisat zonal``: a row per feature and period."""

import geopandas
import pandas as pd
import pytest

PC = ("-p", "planetary-computer")
QUICK = (*PC, "--resolution", 20)


def test_forests_by_month_as_csv(verb, forests, tmp_path):
    done = verb(
        "zonal", forests, "2023-05/2023-06", *QUICK, "--id", "forest", "-i", "NDVI", "-i", "EVI", "--period", "month",
        "-s", "mean", "-s", "median", "-o", "out.csv",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    assert done.stdout.split() == ["out.csv"]
    table = pd.read_csv(tmp_path / "out.csv", parse_dates=["start"])
    assert len(table) == 6 * 2
    assert set(table.columns) > {"id", "kind", "NDVI_mean", "NDVI_median", "EVI_mean", "EVI_median"}
    assert table["NDVI_mean"].between(0, 1).all()


def test_one_forest_and_the_rest_of_a_list(verb, forests, tmp_path):
    one = verb("zonal", forests, "2023-05", *QUICK, "--id", "forest", "--only", "283", "-o", "one.csv")
    assert one.exit_code == 0, one.stderr
    assert pd.read_csv(tmp_path / "one.csv")["id"].tolist() == [283]
    rest = verb("zonal", forests, "2023-05", *QUICK, "--id", "forest", "--from", 5, "-o", "rest.parquet")
    assert rest.exit_code == 0, rest.stderr
    assert geopandas.read_parquet(tmp_path / "rest.parquet")["id"].tolist() == ["283", "297"]
    both = verb(
        "zonal", forests, "2023-05", *QUICK, "--id", "forest", "--from", 5, "--only", "297", "-o", "b.csv"
    )
    assert both.exit_code == 0, both.stderr
    assert pd.read_csv(tmp_path / "b.csv")["id"].tolist() == [297]


def test_hexagons_over_an_area(verb, field, tmp_path):
    done = verb(
        "zonal", field, "2023-05", *QUICK, "--hex-size", "500m", "--period", "all", "-o", "hexagons.gpkg"
    )
    assert done.exit_code == 0, done.stderr
    table = geopandas.read_file(tmp_path / "hexagons.gpkg")
    areas = table.to_crs(32632).area
    assert len(table) > 15
    assert areas.between(0.99 * 216506, 1.01 * 216506).all()  # sqrt(3) / 2 * 500 ** 2
    assert table["NDVI_valid"].max() > 0.99


def test_bands_with_a_mask_of_ones_own(verb, forests, tmp_path):
    done = verb(
        "zonal", forests, "2023-05", *QUICK, "--id", "forest", "--only", "283", "-b", "red,nir", "--mask", "cloud,shadow",
        "--dilate", 40, "--reduce", "max", "-s", "q90", "-o", "bands.csv",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    row = pd.read_csv(tmp_path / "bands.csv").iloc[0]
    assert row["red_q90"] < row["nir_q90"]


def test_a_dry_run_reads_nothing(verb, forests, tmp_path):
    done = verb(
        "zonal", forests, "2023", *PC, "--id", "forest", "--from", 5, "--dry-run", "-o", "rest.parquet"
    )
    assert (done.exit_code, done.files) == (0, [])
    assert "gives: a table of 2 features x 12" in done.stdout
    assert not (tmp_path / "rest.parquet").exists()


REFUSED = {
    "no such ending": (("-o", "x.tif"), "no table has that ending (use .csv"),
    "no such statistic": (("-s", "mode", "-o", "x.csv"), "use mean, median"),
    "no such feature": (("--id", "forest", "--only", "999", "-o", "x.csv"), "no area has the id 999"),
    "no name": (("--only", "283", "-o", "x.csv"), "--id says which attribute names them"),
    "no such attribute": (("--id", "forst", "-o", "x.csv"), "its attributes: forest, kind"),
    "too far": (("--from", "26", "-o", "x.csv"), "there are 6"),
    "no length": (("--hex-size", "5parsec", "-o", "x.csv"), "write metres"),
    "no such layer": (("--layer", "oaks", "-o", "x.csv"), "forests"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_before_any_archive_is_asked(verb, forests, case):
    options, said = REFUSED[case]
    done = verb("zonal", forests, "2023", *options)
    assert (done.exit_code, done.stdout, done.asked) == (2, "", 0)
    assert said in done.stderr
