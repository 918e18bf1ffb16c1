"""``multisat run``: recipes from files."""

import json

import geopandas
import pytest
import xarray as xr

import multisat as ms

PC = ("-p", "planetary-computer")
NDVI = ms.Recipe().mask("clear").index("NDVI").composite("month", "median")


@pytest.fixture
def recipe(tmp_path):
    NDVI.save(tmp_path / "ndvi.json")
    NDVI.zonal("mean", "valid").save(tmp_path / "zonal.json")
    return tmp_path / "ndvi.json"


def test_pixels_are_those_of_python(verb, recipe, field, box, tmp_path):
    done = verb("run", recipe, field, "2023-05/2023-06", *PC, "-o", "ndvi.nc", "--preview", "ndvi.png")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.split() == ["ndvi.nc", "ndvi.png"]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in box.environment.items():
            patch.setenv(name, value)
        here = NDVI.run(box.places["munich"], "2023-05/2023-06", on="planetary-computer")
    with xr.open_dataset(tmp_path / "ndvi.nc") as there:
        xr.testing.assert_equal(
            there["NDVI"].drop_vars("spatial_ref", errors="ignore"), here["NDVI"].drop_vars("spatial_ref")
        )


def test_a_recipe_with_zonal_gives_a_table(verb, recipe, forests, tmp_path):
    done = verb(
        "run", "zonal.json", forests, "2023-05", *PC, "--id", "forest", "--only", "283", "-o", "out.gpkg"
    )
    assert done.exit_code == 0, done.stderr
    assert geopandas.read_file(tmp_path / "out.gpkg")["id"].tolist() == ["283"]


def test_a_dry_run_reads_nothing(verb, recipe, field):
    done = verb("run", recipe, field, "2023", *PC, "--dry-run", "-o", "ndvi.nc")
    assert (done.exit_code, done.files) == (0, [])
    assert "periods: 12" in done.stdout


REFUSED = {
    "no file": (("nofile.json", "x.nc"), "cannot read the recipe nofile.json"),
    "no JSON": (("broken.json", "x.nc"), "cannot read the recipe broken.json"),
    "unknown word": (("odd.json", "x.nc"), "the recipe has colour (words are bands, mask"),
    "pixels as a table": (("ndvi.json", "x.csv"), 'add "zonal" to it'),
    "a table as pixels": (("zonal.json", "x.nc"), "no table has that ending"),
    "several times in one tif": (("ndvi.json", "x.tif"), "x.tif would hold 12 times"),
    "picture of a table": (("zonal.json", "x.csv", "--preview", "x.png"), "a table has no picture"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_before_it_is_read(verb, recipe, field, tmp_path, case):
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "odd.json").write_text(json.dumps({**NDVI.to_dict(), "colour": "red"}))
    (name, out, *more), said = REFUSED[case]
    done = verb("run", name, field, "2023", *PC, "-o", out, *more)
    assert (done.exit_code, done.stdout, done.files) == (2, "", [])
    assert said in done.stderr
