"""``.multisat`` on cubes: cut to a polygon, write, look."""

import subprocess
import sys

import numpy as np
import pytest
import shapely
import xarray as xr
from odc.geo.geobox import GeoBox
from rasterio.features import geometry_mask

import multisat as ms
import multisat.accessor


def triangle(data, crs="EPSG:32632"):
    """A triangle in the middle, in the data's own CRS."""
    x, y = data.x.values, data.y.values
    bit = (x[1] - x[0]) / 10
    ring = [(x[4] + bit, y[15] + 2 * bit), (x[22] + 3 * bit, y[12]), (x[9], y[3] + bit)]
    return ms.AOI(geometry=shapely.Polygon(ring), crs=crs)


def inside(data, area):
    centres = shapely.points(*np.meshgrid(data.x.values, data.y.values))
    return shapely.contains(area.geometry, centres)


@pytest.mark.parametrize("lazy", [False, True])
def test_clip_keeps_pixels_whose_centre_is_inside(cube, transform, lazy):
    data = cube()
    area = triangle(data)
    cut = (data.chunk(time=1, y=8) if lazy else data).multisat.clip(area)
    assert bool(cut.chunks) == lazy
    same = data.sel(x=cut.x, y=cut.y)
    keep = inside(same, area)
    assert keep.sum() == inside(data, area).sum()
    np.testing.assert_array_equal(cut.red, same.red.where(keep))
    np.testing.assert_array_equal(cut["mask"], same["mask"].where(keep, 1))
    assert cut["mask"].dtype == data["mask"].dtype
    assert cut.red.dtype == np.float32
    assert cut.red.attrs == data.red.attrs
    left, _, _, top = area.geometry.bounds
    assert 0 <= left - cut.rio.bounds()[0] < 10
    assert 0 <= cut.rio.bounds()[3] - top < 10
    assert cut.rio.transform().c == transform("utm").c + 10 * (data.x.values.tolist().index(cut.x.values[0]))
    assert cut.rio.crs == data.rio.crs
    np.testing.assert_array_equal(cut.time, data.time)


def test_clip_of_an_array_and_all_touched(cube):
    data = cube()
    area = triangle(data)
    cut = data.red.multisat.clip(area)
    assert cut.name == "red"
    assert isinstance(cut, xr.DataArray)
    np.testing.assert_array_equal(cut, data.multisat.clip(area).red)
    wide = data.red.multisat.clip(area, all_touched=True)
    assert wide.notnull().sum() > cut.notnull().sum()
    assert data.red.rename(None).multisat.clip(area).name is None


def test_whole_numbers_become_their_no_data(cube):
    data = cube(raw=True).assign(
        count=(("y", "x"), np.ones((20, 30), dtype="uint8")), mean=("time", [1, 2, 3])
    )
    data.scl.attrs["nodata"] = 255
    area = triangle(data)
    cut = data.multisat.clip(area)
    out = ~inside(cut, area)
    assert (cut.red.values[:, out] == 0).all()
    assert (cut.scl.values[:, out] == 255).all()
    assert (cut.red.dtype, cut.scl.dtype) == (np.uint16, np.uint8)
    assert np.isnan(cut["count"].values[out]).all()
    np.testing.assert_array_equal(cut["mean"], data["mean"])


def test_areas_of_any_kind_and_crs(cube):
    data = cube("degrees")
    ring = triangle(data, "EPSG:4326").geometry
    expected = data.multisat.clip(ring)
    metres = ms.AOI(geometry=ms.AOI.of(ring).to_crs("EPSG:32632"), crs="EPSG:32632")
    for area in (ring.wkt, ring.__geo_interface__, metres):
        again = data.multisat.clip(area)
        assert again.sizes == expected.sizes
        np.testing.assert_array_equal(again.red, expected.red)


def test_clip_agrees_with_rasterio_on_holes_and_parts(cube):
    data = cube()
    x, y = data.x.values, data.y.values
    ring = shapely.Point(x[12], y[9]).buffer(70).difference(shapely.Point(x[12], y[9]).buffer(33))
    parts = shapely.union_all([ring, shapely.box(x[25] - 1, y[18] - 1, x[27] + 1, y[17] + 1)])
    cut = data.red.multisat.clip(ms.AOI(geometry=parts, crs="EPSG:32632"))
    outside = geometry_mask([parts], data.red.shape[1:], data.rio.transform())
    np.testing.assert_array_equal(cut, data.red.where(~outside).sel(x=cut.x, y=cut.y))


def test_clip_across_the_antimeridian_in_degrees():
    x, y = np.arange(-179.5, 180), np.arange(9.5, -10, -1)
    world = xr.DataArray(np.ones((20, 360), dtype="f4"), {"y": y, "x": x}, ("y", "x"), "one").rio.write_crs(
        4326
    )
    cut = world.multisat.clip((175, -5, -175, 5))
    assert cut.sizes == {"y": 10, "x": 360}
    assert int(cut.sum()) == 100
    ahead = world.assign_coords(x=x + 180).multisat.clip((175, -5, -175, 5))
    assert (ahead.sizes, int(ahead.sum())) == ({"y": 10, "x": 10}, 100)


@pytest.mark.parametrize(
    ("area", "said"),
    [
        ((5, 40, 6, 41), "does not touch"),
        ("POINT (11.49003 48.3297)", "touch|centre"),
    ],
)
def test_nothing_inside_is_said(cube, area, said):
    with pytest.raises(ms.UsageError, match=said):
        cube().multisat.clip(area)


def test_a_small_field_needs_all_touched(cube):
    data = cube()
    corner = shapely.box(*(float(v) for v in (data.x[5] + 1, data.y[5] + 1, data.x[5] + 3, data.y[5] + 3)))
    area = ms.AOI(geometry=corner, crs="EPSG:32632")
    with pytest.raises(ms.UsageError, match="all_touched"):
        data.multisat.clip(area)
    cut = data.multisat.clip(area, all_touched=True)
    assert cut.sizes == {"time": 3, "y": 1, "x": 1}
    np.testing.assert_array_equal(cut.red[:, 0, 0], data.red[:, 5, 5])
    assert cut.multisat.geobox.shape == (1, 1)


def test_clipped_cubes_are_written_in_their_place(cube, tmp_path):
    data = cube()
    cut = data.multisat.clip(triangle(data))
    (path, *_) = cut.multisat.to_cog(tmp_path / "cog")
    with xr.open_dataset(path, engine="rasterio") as again:
        np.testing.assert_array_equal(again.band_data[0], cut.red[0])
        np.testing.assert_allclose(again.x, cut.x)
    with xr.open_dataset(cut.multisat.to_netcdf(tmp_path / "a.nc"), engine="h5netcdf") as again:
        np.testing.assert_array_equal(again.red, cut.red)
    with xr.open_zarr(cut.red.multisat.to_zarr(tmp_path / "a.zarr")) as again:
        np.testing.assert_array_equal(again.red, cut.red)


def test_place_and_index(cube, transform, crs):
    data = cube()
    assert data.multisat.crs == "EPSG:32632"
    assert data.red.multisat.geobox == GeoBox((20, 30), transform("utm"), "EPSG:32632")
    np.testing.assert_array_equal(data.multisat.ndvi(), ms.ndvi(data))
    with pytest.raises(ms.UsageError, match="red and nir"):
        data[["red"]].multisat.ndvi()


def test_plot_gives_a_figure(cube):
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    data = cube()
    for one in (data, data.red, data.red[0], ms.ndvi(data), data.assign(green=data.red, blue=data.nir)):
        figure = one.multisat.plot()
        assert len([a for a in figure.axes if a.images]) == one.sizes.get("time", 1)
        plt.close(figure)
    with pytest.raises(ms.UsageError, match="no variable"):
        data.multisat.plot("swir")


def test_it_is_there_once_something_was_loaded_and_not_before():
    code = "import multisat, sys; assert 'xarray' not in sys.modules; multisat.load; assert 'xarray' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert multisat.accessor.MultisatAccessor is type(xr.Dataset().multisat)


def test_loaded_cubes_have_it(box):
    found = ms.search(box.places["munich"], "2023-05-04", collections="sentinel-2-l2a")
    cut = found.load(["red"]).multisat.clip(box.places["munich"])
    assert cut.red.notnull().any()
