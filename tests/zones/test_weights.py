"""The share of each pixel an area covers, judged by shapely's intersections."""

import numpy as np
import pytest
import shapely
from affine import Affine
from odc.geo.geobox import GeoBox
from pyproj import Transformer
from shapely import affinity

from multisat.errors import AOIError
from multisat.model import AOI, AOIs, Grid
from multisat.zones import weigh


def pixels_of(grid, rows, columns):
    """Pixels as polygons in the CRS of a grid."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    at = np.stack([columns, rows], axis=1)[:, np.newaxis] + corners
    x, y = Affine(*grid.transform) * (at[..., 0].astype(float), at[..., 1].astype(float))
    return shapely.polygons(np.stack([x, y], axis=-1))


def near(shape, grid):
    """Rows and columns of all pixels in the box around a shape, one more on each side."""
    x, y = ~Affine(*grid.transform) * np.array(shapely.box(*shape.bounds).exterior.coords.xy)
    low = [max(0, int(np.floor(v.min())) - 1) for v in (y, x)]
    high = [min(n, int(np.ceil(v.max())) + 1) for v, n in zip((y, x), grid.shape, strict=True)]
    r, c = np.mgrid[low[0] : max(low[0], high[0]), low[1] : max(low[1], high[1])]
    return r.ravel(), c.ravel()


def truth_of(shape, grid, rows, columns):
    """Share of each pixel inside a shape, by cutting those on its outline."""
    pixels = pixels_of(grid, rows, columns)
    shapely.prepare(shape)
    truth = shapely.contains(shape, pixels).astype(float)
    crossed = shapely.intersects(shape, pixels) & (truth == 0)
    whole = abs(Affine(*grid.transform).determinant)
    truth[crossed] = shapely.area(shapely.intersection(pixels[crossed], shape)) / whole
    return truth


def agree(weights, number, shape, grid):
    rows, columns, shares = weights.pixels(number)
    every = near(shape, grid)
    truth = truth_of(shape, grid, *every)
    found = np.zeros(grid.shape)
    found[rows, columns] = shares
    np.testing.assert_allclose(found[every], truth, atol=2e-6)
    assert found.sum() == pytest.approx(truth.sum(), abs=1e-5 * max(1, len(rows)) ** 0.5)
    assert len({*zip(rows.tolist(), columns.tolist(), strict=True)}) == len(rows)
    assert (shares > 0).all()
    assert (shares <= 1).all()


@pytest.mark.parametrize("seed", range(2))
def test_shares_are_those_of_exact_intersections(zones, shapes, grid, seed):
    weights = weigh(zones(seed), grid)
    for number, shape in enumerate(shapes(seed)):
        agree(weights, number, shape, grid)
        assert weights.area[number] == pytest.approx(shape.area / 100, rel=1e-9)


def test_pixels_come_row_by_row_across_tiles(zones, grid):
    weights = weigh(zones(0), grid)
    for number in range(len(weights.zones)):
        rows, columns, _ = weights.pixels(number)
        assert (np.diff(rows * grid.shape[1] + columns) > 0).all()


@pytest.mark.parametrize(
    "transform",
    [(10, 0, 500000, 0, 10, 4994000), (-10, 0, 506000, 0, -10, 5000000), (8, 6, 500000, 6, -8, 4996000)],
    ids=["south up", "east to west", "turned"],
)
def test_grids_may_lie_any_way(transform):
    grid = Grid(crs="EPSG:32632", transform=transform, shape=(300, 270))
    inside = Affine(*transform) * (140, 140)
    shape = shapely.Point(inside).buffer(411).difference(shapely.Point(inside).buffer(99))
    weights = weigh(AOI(geometry=shape, crs=grid.crs), grid)
    agree(weights, 0, shape, grid)


def test_an_area_in_another_crs_lies_where_proj_puts_it(grid):
    to_lonlat = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    shape = shapely.Point(503000, 4996500).buffer(1234, quad_segs=64)
    lonlat = shapely.transform(shape, lambda p: np.column_stack(to_lonlat.transform(*p.T)))
    agree(weigh(lonlat, grid), 0, shape, grid)


def test_edges_on_pixel_edges_touch_no_neighbour():
    fine = Grid(crs="EPSG:4326", transform=(0.1, 0, 5.3, 0, -0.1, 50.7), shape=(40, 40))
    box = shapely.box(5.3 + 0.1 * 3, 50.7 - 0.1 * 9, 5.3 + 0.1 * 7, 50.7 - 0.1 * 4)
    rows, columns, shares = weigh(box, fine).pixels(0)
    assert sorted({*rows}) == [4, 5, 6, 7, 8]
    assert sorted({*columns}) == [3, 4, 5, 6]
    np.testing.assert_allclose(shares, 1, atol=1e-6)


def test_an_area_across_180_degrees_keeps_both_sides():
    world = GeoBox((180, 360), Affine(1, 0, -180, 0, -1, 90), "EPSG:4326")
    area = AOI.of([177.5, -3, -178, 1])
    weights = weigh(area, world)
    rows, columns, shares = weights.pixels(0)
    assert {*columns.tolist()} == {357, 358, 359, 0, 1}
    assert {*rows.tolist()} == {89, 90, 91, 92}
    assert weights.area[0] == pytest.approx(4.5 * 4)
    assert shares.sum() == pytest.approx(4.5 * 4)
    assert shares[columns == 357] == pytest.approx(0.5)


def test_large_areas_are_cut_into_strips_without_a_seam():
    wide = Grid(crs="EPSG:32632", transform=(10, 0, 0, 0, -10, 6000000), shape=(2000, 3000))
    shape = shapely.Point(15000, 5990000).buffer(9876).difference(shapely.box(14003, 5980000, 14990, 5995555))
    weights = weigh(AOI(geometry=shape, crs=wide.crs), wide)
    assert weights.sizes.sum() > 2**21
    rows, columns, shares = weights.pixels(0)
    assert shares.sum(dtype=np.float64) == pytest.approx(shape.area / 100, rel=1e-8)
    edge = (shares < 1) & (rows % 256 < 2)
    assert edge.sum() > 50
    np.testing.assert_allclose(shares[edge], truth_of(shape, wide, rows[edge], columns[edge]), atol=2e-6)
    np.testing.assert_allclose(shares[::997], truth_of(shape, wide, rows[::997], columns[::997]), atol=2e-6)


def test_points_take_the_pixel_they_lie_in(grid):
    at = {"inside": (500055, 4999985), "corner": (500010, 4999990), "far edge": (506200, 4999985)}
    areas = AOIs(tuple(AOI(geometry=shapely.Point(p), crs=grid.crs, name=n) for n, p in at.items()))
    weights = weigh(areas, grid)
    found = [tuple(v.tolist() for v in weights.pixels(n)) for n in range(3)]
    assert found == [([1], [5], [1.0]), ([1], [1], [1.0]), ([], [], [])]
    assert weights.area.tolist() == [1, 1, 1]


def test_several_points_in_a_pixel_count_once(grid):
    points = shapely.MultiPoint([(500055, 4999985), (500056, 4999981), (500075, 4999985), (1, 1)])
    weights = weigh(AOI(geometry=points, crs=grid.crs), grid)
    rows, columns, shares = weights.pixels(0)
    assert (rows.tolist(), columns.tolist(), shares.tolist()) == ([1, 1], [5, 7], [1, 1])
    assert weights.area[0] == 3


def test_points_and_polygons_may_be_mixed(grid, shapes):
    shape = shapes(5)[0]
    point = AOI(geometry=shapely.Point(500055, 4999985), crs=grid.crs, name="p")
    areas = AOIs(
        (AOI(geometry=shape, crs=grid.crs, name="a"), point, AOI(geometry=shape, crs=grid.crs, name="b"))
    )
    weights = weigh(areas, grid)
    for one, other in zip(weights.pixels(0), weights.pixels(2), strict=True):
        np.testing.assert_array_equal(one, other)
    assert weights.pixels(1)[0].tolist() == [1]


def test_lines_are_refused_by_name(grid):
    line = AOI(geometry=shapely.LineString([(500000, 4999000), (501000, 4999500)]), crs=grid.crs, name="path")
    with pytest.raises(AOIError, match=r"path.*line.*buffer"):
        weigh(line, grid)


def test_areas_wholly_outside_have_no_pixels_but_an_area(grid):
    outside = affinity.translate(shapely.box(*grid.bounds), xoff=90000)
    weights = weigh(AOI(geometry=outside, crs=grid.crs), grid)
    assert len(weights.pixels(0)[0]) == 0
    assert weights.area[0] == pytest.approx(700 * 620)


def test_on_a_grid_in_degrees_areas_outside_have_no_pixels():
    fine = Grid(crs="EPSG:4326", transform=(0.1, 0, 5, 0, -0.1, 50), shape=(40, 40))
    weights = weigh([shapely.box(-70, 10, -69, 11), shapely.Point(-70, 10), shapely.box(6, 48, 7, 49)], fine)
    assert [len(weights.pixels(n)[0]) for n in range(3)] == [0, 0, 100]
    assert weights.area.tolist() == pytest.approx([100, 1, 100])


def test_an_area_the_crs_does_not_reach_is_named(grid):
    half = Grid(crs="+proj=gnom +lat_0=90 +lon_0=0", transform=(1000, 0, 0, 0, -1000, 0), shape=(10, 10))
    with pytest.raises(AOIError, match="south"):
        weigh(AOI.of([0, -60, 10, -50], name="south"), half)
