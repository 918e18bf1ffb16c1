"""One word for every format."""

import numpy as np
import pytest
import rasterio
import xarray as xr

import multisat as ms


def test_the_ending_chooses(cube, tmp_path):
    data = cube()
    assert ms.write(data, tmp_path / "a.nc") == [tmp_path / "a.nc"]
    assert ms.write(data, tmp_path / "a.zarr") == [tmp_path / "a.zarr"]
    assert ms.write(data, tmp_path / "a.zarr") == [tmp_path / "a.zarr"]
    assert len(ms.write(data, tmp_path / "folder")) == 3
    assert ms.write(data.isel(time=[0]), tmp_path / "new" / "a.TIF") == [tmp_path / "new" / "a.TIF"]
    assert ms.write(data.red.isel(time=0), tmp_path / "b.tiff") == [tmp_path / "b.tiff"]
    for path in (tmp_path / "new" / "a.TIF", tmp_path / "b.tiff"):
        with rasterio.open(path) as file:
            np.testing.assert_array_equal(file.read(1), data.red[0])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.png", "no format has that ending"),
        ("pixels.2023", "no format has that ending"),
        ("a.tif", "3 time steps"),
        ("s3://bucket/a.zarr", "address"),
    ],
)
def test_what_cannot_be_written_is_said(cube, tmp_path, name, said):
    with pytest.raises(ms.UsageError, match=said):
        ms.write(cube(), name if "://" in name else tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_names_that_are_taken(cube, tmp_path):
    (tmp_path / "a.nc").mkdir()
    (tmp_path / "plain").write_text("mine")
    for name in ("a.nc", "plain"):
        with pytest.raises(ms.UsageError):
            ms.write(cube(), tmp_path / name)
    with pytest.raises(ms.UsageError, match="one file"):
        ms.write(cube().isel(time=0), tmp_path)


@pytest.mark.parametrize("name", ["field.nc", "field.zarr"])
def test_the_command_line_writes_each(box, tmp_path, name):
    import orjson
    from click.testing import CliRunner

    from multisat.cli import main

    area = tmp_path / "field.geojson"
    area.write_bytes(orjson.dumps(box.places["munich"]))
    words = ["load", str(area), "2023-05", "-c", "sentinel-2-l2a", "-p", "earth-search", "-b", "red,nir"]
    done = CliRunner().invoke(main, [*words, "-o", str(tmp_path / name)])
    assert done.exit_code == 0, done.output
    assert done.stdout.split() == [str(tmp_path / name)]
    engine = "h5netcdf" if name.endswith("nc") else "zarr"
    with xr.open_dataset(tmp_path / name, engine=engine, decode_coords="all") as again:
        assert again.red.dims == ("time", "y", "x")
        assert again.rio.crs.to_epsg() == 32632
    done = CliRunner().invoke(main, [*words, "-o", str(tmp_path / "field.png")])
    assert done.exit_code == 2
