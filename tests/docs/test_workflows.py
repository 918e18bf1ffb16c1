"""The six workflows as scripts: five lines each, run against the sandbox, and what they leave behind."""

import ast
import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import rasterio
import xarray as xr
from matplotlib import pyplot as plt
from pyproj import Transformer

from multisat.sandbox import truth

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400), pytest.mark.xdist_group("workflows")]
"""One process runs all scripts once."""
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
RUNS = {
    "one_window": ("11.507", "48.321", "2023-05/2023-07", "window.tif"),
    "parks": ("parks.geojson", "2023", "parks"),
    "gaussian_mask": ("field.geojson", "2023-05/2023-09", "soft"),
    "forests": ("forests.gpkg", "city.geojson", "2023-05/2023-09", "tables"),
    "city": ("city.geojson", "2023", "city"),
    "storm": ("field.geojson", "2023-06-28", "storm"),
}
DRIVER = """
import json, runpy, sys
for path, arguments in json.loads(sys.argv[1]):
    print("##", path)
    sys.argv = [path, *arguments]
    runpy.run_path(path, run_name="__main__")
"""
"""Runs scripts one after another in one process, for most of a script's time is imports."""


@pytest.fixture(scope="module")
def made(sandbox, areas, fonts, tmp_path_factory):
    """The folder in which all scripts ran, and what each printed."""
    folder = shutil.copytree(areas, tmp_path_factory.mktemp("made"), dirs_exist_ok=True)
    jobs = json.dumps([(str(EXAMPLES / f"{name}.py"), arguments) for name, arguments in RUNS.items()])
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, jobs],
        cwd=folder,
        env={**os.environ, **sandbox.environment, "HOME": str(folder), "MPLCONFIGDIR": fonts},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    printed = [part.splitlines() for part in done.stdout.split("## ")[1:]]
    return Path(folder), {Path(lines[0]).stem: lines[1:] for lines in printed}


@pytest.mark.parametrize("name", RUNS)
def test_five_lines_and_one_command(name):
    """``main`` may read its arguments and print beside; the command stands in the docstring and in the docs."""
    text = (EXAMPLES / f"{name}.py").read_text()
    body = next(one for one in ast.parse(text).body if isinstance(one, ast.FunctionDef)).body[1:]
    lines = [one for one in body if not _is_beside(one)]
    assert len(lines) <= 5
    command = next(line.split()[:2] for line in text.splitlines() if line.startswith("    multisat "))
    assert " ".join(command) in (EXAMPLES.parent / "docs/workflows.md").read_text()


def _is_beside(statement):
    """Whether a line reads arguments, or prints."""
    value = getattr(statement, "value", None)
    called = getattr(getattr(value, "func", None), "id", "")
    reads = isinstance(value, ast.Tuple) or called == "Path"
    return called == "print" or isinstance(statement, ast.For) or reads


@pytest.mark.parametrize("name", RUNS)
def test_every_script_prints_what_it_made(made, name):
    folder, printed = made
    paths = [folder / line for line in printed[name] if Path(line).suffix and "://" not in line]
    assert paths
    assert [path for path in paths if not path.stat().st_size] == []


def test_a_window_of_the_clearest_scene(made):
    folder, printed = made
    assert any(line.startswith("red ") and line.endswith("/red.tif") for line in printed["one_window"])
    with rasterio.open(folder / "window.tif") as file:
        assert file.descriptions == ("red",)
        assert 850 < (file.bounds.right - file.bounds.left) < 950
        red = file.read(1)
    assert np.isfinite(red).all()
    assert 0.01 < red.mean() < 0.2


def test_only_clear_parks_are_fetched(made):
    folder, _ = made
    overview = pd.read_csv(folder / "parks/overview.csv")
    assert set(overview["aoi"]) == {f"park-{number}" for number in range(1, 10)}
    clear = overview[(overview["cloud"] <= 5) & (overview["covered"] >= 99)]
    clips = sorted((folder / "parks/clips").glob("*.tif"))
    assert 0 < len(clips) == len(clear) < len(overview)
    for path in clips:
        with rasterio.open(path) as file:
            assert file.descriptions == ("red", "green", "blue")
            assert 0.2 < np.isnan(file.read(1)).mean() < 0.6  # outside of the polygon
    assert np.ptp(plt.imread(folder / "parks/clouds.png")[..., 0]) > 0.5


def test_months_with_a_soft_margin(made):
    folder, _ = made
    with xr.open_dataset(folder / "soft/ndvi.nc") as cube:
        assert [str(one)[:7] for one in cube.time.values] == [
            "2023-05",
            "2023-06",
            "2023-07",
            "2023-08",
            "2023-09",
        ]
        means = cube["NDVI"].mean(("y", "x")).values
        assert int(np.nanargmax(means)) in {1, 2}  # greenest in midsummer, as the synthetic world is made
        assert (cube["count"].isel(time=-1) == 0).all()


def test_forests_one_forest_the_rest_and_hexagons(made):
    folder, _ = made
    whole, rest, one = (pd.read_csv(folder / f"tables/{name}.csv") for name in ("forests", "rest", "one"))
    assert len(whole) == 20 * 5
    assert rest["id"].unique().tolist() == [230, 251, 268, 283, 297]
    assert one["id"].unique().tolist() == [283]
    pd.testing.assert_frame_equal(one, whole[whole["id"] == 283].reset_index(drop=True), atol=1e-9)
    assert {"NDVI_mean", "NDVI_median", "EVI_mean", "EVI_median"} < set(whole.columns)
    cells = geopandas.read_file(folder / "tables/hexagons.gpkg")
    assert cells["NDVI_mean"].notna().mean() > 0.5


def test_a_city_clipped_without_clouds(made):
    folder, _ = made
    with rasterio.open(folder / "city/city.tif") as file:
        assert file.descriptions == ("red", "green", "blue", "count")
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        red, count = file.read(1), file.read(4)
    assert np.nanmax(red) < 0.3  # clouds have 0.62
    assert 0.15 < (count == 0).mean() < 0.5  # outside of the city
    assert plt.imread(folder / "city/city.png").shape[0] > 400


def test_a_storm_is_where_it_was(made):
    folder, printed = made
    assert printed["storm"][0] == "relative orbit 119"
    with rasterio.open(folder / "storm/storm.tif") as file:
        change = file.read(file.descriptions.index("vv_change") + 1)
        rows, columns = np.indices(change.shape)
        x, y = file.transform * (columns + 0.5, rows + 0.5)
    lon, lat = Transformer.from_crs(32632, 4326, always_xy=True).transform(x, y)
    np.testing.assert_array_equal(change < -2, truth.is_felled(lon, lat, date(2023, 7, 4)))
