"""Films: one frame per step, one stretch, and a clear word where there is no encoder."""

from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest
import rioxarray  # noqa: F401 - registers the .rio accessor
import xarray as xr
from PIL import Image, ImageSequence

from multisat.errors import NothingFound, UsageError
from multisat.view.movie import check_movie, write_movie


def cube(*steps, **names):
    """A synthetic cube of steps of shape (y, x), one variable by default."""
    values = np.stack(steps).astype("float32")
    rows, columns = values.shape[1:]
    coords = {
        "time": pd.date_range("2023-05-01", periods=len(steps), freq="MS").to_numpy(),
        "y": 5400000 - 10.0 * np.arange(rows) - 5,
        "x": 600000 + 10.0 * np.arange(columns) + 5,
    }
    variables = {
        name: (("time", "y", "x"), values * factor) for name, factor in (names or {"NDVI": 1}).items()
    }
    return xr.Dataset(variables, coords).rio.write_crs(32632)


def frames(path):
    with Image.open(path) as file:
        return [
            (np.asarray(one.convert("RGB")), one.info["duration"]) for one in ImageSequence.Iterator(file)
        ]


SLOPE = np.linspace(0, 0.9, 24 * 30).reshape(24, 30)


def test_a_frame_for_each_step_and_the_last_one_longer(tmp_path):
    path = write_movie(cube(SLOPE, SLOPE / 2, SLOPE / 3), tmp_path / "a.gif", seconds=0.5)
    assert [duration for _, duration in frames(path)] == [500, 500, 1500]
    assert [one.name for one in tmp_path.iterdir()] == ["a.gif"]


def test_it_looks_as_it_should(tmp_path, golden):
    hole = np.where(SLOPE > 0.8, np.nan, SLOPE)
    path = write_movie(cube(SLOPE, hole, blue=0.1, green=0.12, red=0.2), tmp_path / "a.gif")
    golden(np.concatenate([picture for picture, _ in frames(path)], axis=1), "movie")


def test_equal_values_have_equal_colours_in_every_frame(tmp_path):
    """The last step is far brighter, and does not darken the others; its lower half is as before."""
    bright = SLOPE.copy()
    bright[:12] = 5.0
    pictures = [picture for picture, _ in frames(write_movie(cube(SLOPE, bright), tmp_path / "a.gif"))]
    height = (pictures[0].shape[0] - 26) // 2
    assert (pictures[0][height:-26] == pictures[1][height:-26]).all()
    assert not (pictures[0][:height] == pictures[1][:height]).all()


def test_empty_steps_are_left_out(tmp_path):
    path = write_movie(cube(SLOPE, SLOPE * np.nan, SLOPE / 2), tmp_path / "a.gif")
    assert len(frames(path)) == 2
    with pytest.raises(NothingFound, match="no time step has a value"):
        write_movie(cube(SLOPE * np.nan), tmp_path / "b.gif")
    assert not (tmp_path / "b.gif").exists()


@pytest.mark.parametrize(
    ("name", "seconds", "word"),
    [
        ("a.avi", 1, "no film ends in .avi"),
        ("a.gif", 0, "cannot last 0 seconds"),
        ("s3://b/a.gif", 1, "address"),
    ],
)
def test_what_cannot_be_written_is_said(tmp_path, name, seconds, word):
    with pytest.raises(UsageError, match=word):
        check_movie(name if "://" in name else tmp_path / name, seconds)


def test_one_picture_is_no_film(tmp_path):
    with pytest.raises(UsageError, match="one picture makes no film"):
        write_movie(cube(SLOPE).isel(time=0), tmp_path / "a.gif")


def test_mp4_is_written_where_there_is_an_encoder(tmp_path):
    if find_spec("imageio_ffmpeg") is None:
        with pytest.raises(UsageError, match="imageio-ffmpeg is not installed"):
            write_movie(cube(SLOPE, SLOPE), tmp_path / "a.mp4")
    else:
        path = write_movie(cube(SLOPE, SLOPE / 2), tmp_path / "a.mp4")
        assert path.read_bytes()[4:8] == b"ftyp"


@pytest.mark.parametrize("more", [(), ("-i", "NDVI", "--period", "none")])
def test_the_command(verb, more, tmp_path):
    done = verb("movie", "field.geojson", "2023-05/2023-06", "--resolution", 60, *more, "-o", "a.gif")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.split() == ["a.gif"]
    found = frames(tmp_path / "a.gif")
    assert len(found) == (4 if more else 2)  # one of five overpasses is overcast
    assert found[0][0].shape[1] >= 450


def test_the_command_asks_nobody_for_what_it_cannot_write(verb, box):
    before = len(box.requests)
    done = verb("movie", "field.geojson", "2023-05", "-o", "a.mov")
    assert done.exit_code == 2
    assert verb("movie", "field.geojson", "2023-05", "--dry-run", "-o", "a.gif").stdout.startswith("read: ")
    assert not [one for one in box.requests[before:] if one.path.startswith("/files/")]
