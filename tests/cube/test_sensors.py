"""Several sensors, tiles, halves and zones in one cube."""

import numpy as np
import pytest

import multisat as ms
from multisat.cube import MultisatWarning


def test_mixed_sensors_land_on_one_grid_and_say_where_they_are_from(box):
    sensors = ["sentinel-2-l2a", "landsat-c2-l2", "hls"]
    found = ms.search(box.places["munich"], "2023-05", collections=sensors)
    with pytest.warns(MultisatWarning, match="lack the band lwir11"):
        cube = found.load(["red", "nir", "lwir11"], mask="clear")
    assert cube.rio.resolution() == (10, -10)
    assert sorted(set(cube.collection.values)) == ["hls-l30", "hls-s30", "landsat-c2-l2", "sentinel-2-l2a"]
    thermal = cube.lwir11.notnull().any(("y", "x")).values
    np.testing.assert_array_equal(thermal, np.isin(cube.collection.values, ["hls-l30", "landsat-c2-l2"]))
    means = ms.ndvi(cube).mean(("y", "x")).values
    assert np.ptp(means) < 0.06  # one field within a month
    assert "B8A" in cube.nir.attrs["source_bands"]  # the near infrared of HLS S30 that pairs with L30


def test_two_halves_of_a_tile_are_one_step_without_a_hole(box):
    found = ms.search(box.places["munich"], "2023-07-03", collections="sentinel-2-l2a")
    assert len(found) == 2
    whole = found.load(["red"])
    assert whole.sizes["time"] == 1
    assert whole.red.notnull().all()
    assert ms.load(found.scenes[0], ["red"], aoi=box.places["munich"]).red.isnull().any()


def test_two_tiles_of_an_overpass_are_one_step(box):
    found = ms.search(box.places["overlap"], "2023", collections="sentinel-2-l2a")
    assert {s.tile for s in found} == {"32UPU", "32UQU"}
    cube = found.load(["red"])
    assert cube.sizes["time"] == 1
    assert cube.red.notnull().all()


def test_an_area_across_the_antimeridian_is_one_cube(box):
    found = ms.search(box.places["taveuni"], "2023", collections="sentinel-2-l2a")
    cube = found.load(["red"])
    assert cube.sizes["time"] == 1
    assert cube.red.notnull().all()
    width = abs(float(cube.x[-1] - cube.x[0]))
    assert 3000 < width < 3500  # 0.03 degrees at 17 degrees south


def test_the_scan_gaps_of_landsat_7_are_no_data(box):
    found = ms.search(box.places["munich"], "2023-07-05", collections="landsat-c2-l2")
    share = float(found.load(["red"]).red.isnull().mean())
    assert share == pytest.approx(5 / 24, abs=0.02)


def test_scenes_without_any_of_the_bands_make_no_empty_steps(box):
    found = ms.search(
        box.places["munich"], "2023-06-10/2023-06-19", collections=["sentinel-1-rtc", "landsat-c2-l2"]
    )
    assert len({s.collection for s in found}) == 2
    with pytest.warns(MultisatWarning, match="1 scenes of sentinel-1-rtc: they have none of red"):
        cube = found.load(["red"])
    assert cube.red.notnull().any(("y", "x")).all()
    assert not any("sentinel-1" in c for c in cube.collection.values)
    with pytest.raises(ms.NothingFound, match="no scene has any of the bands vv"):
        ms.search(box.places["munich"], "2023-05", collections="hls").load(["vv"])


def test_radar_keeps_its_own_grid(box):
    found = ms.search(box.places["munich"], "2023-06-10", collections="sentinel-1-rtc")
    cube = found.load(["vv"])
    assert float(cube.x[0] - 5) % 10 == pytest.approx(3.7)
