"""``multisat series``: a row per place and overpass."""

import pandas as pd
import pytest
import shapely

PC = ("-p", "planetary-computer")


def test_a_field_through_time_with_its_clouds(verb, field, tmp_path):
    done = verb("series", field, "2023-05/2023-06", *PC, "-o", "ndvi.csv")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.split() == ["ndvi.csv"]
    table = pd.read_csv(tmp_path / "ndvi.csv", parse_dates=["start"])
    assert [f"{one:%m-%d}" for one in table["start"]] == ["05-04", "05-14", "06-03", "06-13", "06-23"]
    assert table["cloud"][0] == 0
    assert table["cloud"][3] == pytest.approx(1)  # the day that is all cloud
    assert table["NDVI_mean"].isna().tolist() == [False, False, False, True, False]
    clear = table[table["NDVI_mean"].notna()]
    assert (clear["NDVI_valid"] + clear["cloud"]).tolist() == pytest.approx([1] * 4, abs=1e-6)


def test_a_point_in_bands_of_another_sensor(verb, tmp_path):
    done = verb(
        "series",
        "11.5,48.32",
        "2023",
        "-b",
        "red,nir",
        "-c",
        "landsat-c2-l2",
        "--mask",
        "none",
        "-o",
        "p.csv",
    )
    assert done.exit_code == 0, done.stderr
    table = pd.read_csv(tmp_path / "p.csv")
    assert len(table) > 3
    assert table["red_mean"].notna().tolist() == (table["red_count"] == 1).tolist()
    assert table["red_mean"].notna().sum() > 2  # Landsat 7 has stripes without data
    assert {"red_mean", "red_count", "red_valid", "nir_mean"} < set(table.columns)


def test_it_stays_true_to_the_pixel_of_a_point(verb, tmp_path):
    import multisat as ms

    done = verb(
        "series", "11.5,48.32", "2023-05-04", *PC, "-b", "red", "--mask", "none", "-s", "mean", "-o", "p.csv"
    )
    assert done.exit_code == 0, done.stderr
    mine = pd.read_csv(tmp_path / "p.csv")["red_mean"].item()
    found = ms.search(
        "11.5,48.32", "2023-05-04", providers="planetary-computer", collections="sentinel-2-l2a"
    )
    cube = found.load(["red"])
    x, y = shapely.get_coordinates(ms.AOI.of("11.5,48.32").to_crs("EPSG:32632"))[0]
    assert mine == pytest.approx(float(cube["red"].sel(x=x, y=y, method="nearest").item()), abs=1e-7)


def test_a_dry_run_reads_nothing(verb, field):
    done = verb("series", field, "2023", *PC, "--dry-run", "-o", "x.csv")
    assert (done.exit_code, done.files) == (0, [])
    assert "a table of 1 features x time steps" in done.stdout


def test_an_ending_no_table_has_is_refused(verb, field):
    done = verb("series", field, "2023", "-o", "x.nc")
    assert (done.exit_code, done.asked) == (2, 0)
    assert "no table has that ending" in done.stderr
