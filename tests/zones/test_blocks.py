"""Blocks: each once, in any order and size, and the same numbers to the last bit."""

import numpy as np
import pandas as pd
import pytest
import shapely
import xarray as xr

from multisat.cube.block import Block
from multisat.errors import NothingFound, UsageError
from multisat.model import AOI, AOIs, Grid
from multisat.zones import Accumulator, blocks, most_held, summarise, table, wanted, weigh

STATS = ["mean", "sum", "min", "max", "std", "count", "valid", "median", "q10", "share"]
pytestmark = pytest.mark.filterwarnings("ignore:areas without a pixel")


@pytest.fixture
def arrays(grid):
    rng = np.random.default_rng(4)
    ndvi = rng.random((3, *grid.shape), dtype=np.float32)
    ndvi[rng.random(ndvi.shape) < 0.2] = np.nan
    scl = rng.integers(0, 12, ndvi.shape, dtype=np.uint8)
    return {"ndvi": ndvi, "scl": scl, "mask": (scl > 7).astype(np.uint8)}


@pytest.mark.parametrize("size", [300, 512, 1000])
def test_numbers_are_equal_to_the_last_bit_for_any_size(zones, grid, rows, arrays, size):
    small = rows(zones(1), grid, arrays, STATS, size=1)
    pd.testing.assert_frame_equal(small, rows(zones(1), grid, arrays, STATS, size=size), check_exact=True)


def test_numbers_are_equal_for_any_order(zones, grid, rows, arrays, cut, months):
    weights = weigh(zones(1), grid)
    backwards = reversed(list(cut(weights, arrays)))
    found = summarise(weights, backwards, months(3), STATS)
    pd.testing.assert_frame_equal(rows(zones(1), grid, arrays, STATS), found, check_exact=True)


def test_an_area_has_the_same_numbers_beside_others(zones, grid, rows, arrays):
    areas = zones(1)
    whole = rows(areas, grid, arrays, STATS)
    for one in (areas[4], areas[8]):
        alone = rows(one, grid, arrays, STATS)
        beside = whole[whole["id"] == one.name].reset_index(drop=True)
        pd.testing.assert_frame_equal(alone, beside, check_exact=True)


def test_areas_over_each_other_are_worked_on_in_groups(grid, rows, arrays):
    square = shapely.box(500000, 4997500, 502500, 5000000)
    many = AOIs(tuple(AOI(geometry=square, crs=grid.crs, name=str(i)) for i in range(5)))
    found = rows(many, grid, arrays, ["mean", "median", "share"])
    first = found[found["id"] == "0"].drop(columns="id").reset_index(drop=True)
    for name in "1234":
        other = found[found["id"] == name].drop(columns="id").reset_index(drop=True)
        pd.testing.assert_frame_equal(first, other, check_exact=True)


def test_long_series_are_worked_on_a_few_dates_at_a_time(rows, months):
    grid = Grid(crs="EPSG:32632", transform=(10, 0, 500000, 0, -10, 5000000), shape=(256, 256))
    rng = np.random.default_rng(0)
    values, codes = rng.random((12, 256, 256)), rng.integers(1, 4, (12, 256, 256))
    square = shapely.box(*grid.bounds)
    areas = AOIs(tuple(AOI(geometry=square, crs=grid.crs, name=n) for n in "ab"))
    assert 12 * 2 * 256 * 256 > 2**20
    found = rows(areas, grid, {"v": values, "c": codes}, ["mean", "std", "max", "share"], classes={"c": None})
    for name in "ab":
        mine = found[found["id"] == name]
        np.testing.assert_allclose(mine["v_mean"], values.mean(axis=(1, 2)), rtol=1e-12)
        np.testing.assert_allclose(mine["v_std"], values.std(axis=(1, 2)), rtol=1e-12)
        np.testing.assert_array_equal(mine["v_max"], values.max(axis=(1, 2)))
        np.testing.assert_allclose(mine["c_share_2"], (codes == 2).mean(axis=(1, 2)), rtol=1e-12)


@pytest.mark.parametrize("size", [1, 256, 400, 5000])
def test_blocks_hold_every_pixel_of_every_area_once(zones, grid, size):
    weights = weigh(zones(2), grid)
    parts = blocks(weights, size)
    seen = np.zeros(grid.shape, dtype=int)
    for part in parts:
        b = part.block
        seen[b.row : b.row + b.height, b.column : b.column + b.width] += 1
    assert seen.max() == 1
    for number in range(len(weights.zones)):
        r, c, _ = weights.pixels(number)
        assert (seen[r, c] == 1).all()
        for part in parts:
            b = part.block
            inside = (r >= b.row) & (r < b.row + b.height) & (c >= b.column) & (c < b.column + b.width)
            assert inside.any() == (number in part.zones)
    corners = [(p.block.row, p.block.column) for p in parts]
    assert corners == sorted(corners)


def test_blocks_without_areas_are_left_out(grid):
    spot = AOI(geometry=shapely.Point(505000, 4994000).buffer(100), crs=grid.crs)
    (only,) = blocks(weigh(spot, grid), 256)
    assert (only.block.row, only.block.column, only.block.shape) == (512, 256, (188, 256))


def test_what_is_held_is_foretold(zones, grid):
    weights = weigh(zones(2), grid)
    parts = blocks(weights, 256)
    inside = [{i for i, p in enumerate(parts) if z in p.zones} for z in range(len(weights.zones))]
    sizes = [len(weights.pixels(z)[0]) for z in range(len(weights.zones))]
    held = [
        sum(s for s, at in zip(sizes, inside, strict=True) if at and min(at) <= step <= max(at))
        for step in range(len(parts))
    ]
    assert most_held(weights, parts) == max(held)


def accumulator(areas, grid, steps=1):
    weights = weigh(areas, grid)
    return weights, Accumulator(weights, wanted(["v"], ["mean", "median"]), steps)


def cube(block, steps=1, name="v"):
    return xr.Dataset({name: (("time", "y", "x"), np.ones((steps, *block.shape)))})


def test_areas_are_complete_when_their_last_block_is_there(grid):
    left, right = shapely.box(500100, 4999000, 500200, 4999100), shapely.box(500100, 4999000, 503200, 4999100)
    areas = AOIs((AOI(geometry=left, crs=grid.crs, name="l"), AOI(geometry=right, crs=grid.crs, name="r")))
    weights, pixels = accumulator(areas, grid)
    first, second = (part.block for part in blocks(weights, 256))
    assert pixels.complete == ()
    pixels.add(first, cube(first))
    assert pixels.complete == (0,)
    assert {n: v.tolist() for n, v in pixels.finish(0).items()} == {"v_mean": [1.0], "v_median": [1.0]}
    with pytest.raises(UsageError, match="finished before"):
        pixels.finish(0)
    with pytest.raises(UsageError, match="blocks of area r are missing"):
        pixels.finish(1)
    with pytest.raises(UsageError, match="row 0, column 0 was added before"):
        pixels.add(first, cube(first))
    pixels.add(second, cube(second))
    assert pixels.complete == (1,)


def test_blocks_that_do_not_fit_are_refused(zones, grid):
    weights, pixels = accumulator(zones(0), grid, steps=2)
    good = blocks(weights, 256)[0].block
    for wrong, name in ((cube(good, 1), "time steps"), (cube(good, 2, "w"), "no variable v")):
        with pytest.raises(UsageError, match=name):
            pixels.add(good, wrong)
    off = Block(whole=weights.geobox, row=0, column=100, height=256, width=256)
    with pytest.raises(UsageError, match="multiples of 256"):
        pixels.add(off, cube(off, 2))
    with pytest.raises(UsageError, match="hold nothing"):
        blocks(weights, 0)


def test_a_missing_block_is_an_error(zones, grid, arrays, cut, months):
    weights = weigh(zones(0), grid)
    with pytest.raises(UsageError, match="are missing"):
        summarise(weights, list(cut(weights, arrays))[1:], months(3), ["mean"])


def test_areas_that_all_lie_outside_are_an_error(grid, months):
    weights = weigh(AOI(geometry=shapely.box(0, 0, 10, 10), crs=grid.crs), grid)
    assert blocks(weights) == []
    assert most_held(weights, []) == 0
    with pytest.raises(NothingFound, match="touches the grid"):
        summarise(weights, [], months(1), ["mean"])


def test_periods_must_be_as_many_as_time_steps(zones, grid, months):
    with pytest.raises(UsageError, match="3 periods, but numbers for 2"):
        table(zones(0), {0: {"v_mean": np.ones(2)}}, months(3))
