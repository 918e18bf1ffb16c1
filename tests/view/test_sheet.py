"""The contact sheet, from the synthetic world of the sandbox."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

import multisat as ms
from multisat.errors import NothingFound, UsageError
from multisat.model import AOIs
from multisat.view.sheet import draw_sheet, sheet
from multisat.view.thumbnails import coarse, thumbnails


@pytest.fixture(scope="module")
def pictures(screening):
    return thumbnails(screening, pixels=60, max_cloud=30)


def test_it_looks_as_it_should(pictures, screening, golden):
    golden(draw_sheet(pictures, screening.areas[0]), "sheet")


def test_each_overpass_says_what_the_screening_says(pictures, screening):
    told = [(f"{one.row.time:%m-%d}", one.kept) for one in pictures]
    truth = [(f"{row.time:%m-%d}", row.shares["cloud"] <= 30) for row in screening]
    assert told == truth
    assert {kept for _, kept in told} == {True, False}
    figure = draw_sheet(pictures, screening.areas[0])
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles[0] == "2023-05-04  sentinel-2a\ncloud 0 %, clear 100 %: kept"
    assert "cloud 100 %, clear 0 %: dropped" in titles[3]


def test_cloud_is_bright_and_the_same_field_has_the_same_colour(pictures):
    """The overcast day is white all over; the clear day is the ground, and neither moves the other."""
    clear, overcast = pictures[0].picture, pictures[3].picture
    assert overcast.min() == 255
    assert 60 < clear.mean() < 200
    assert (clear == 255).all(axis=2).mean() < 0.03  # hardly any ground is brighter than the brightest colour
    assert len(np.unique(clear.reshape(-1, 3), axis=0)) > 10


def test_pictures_are_no_larger_than_asked(pictures, box):
    assert max(pictures[0].picture.shape) <= 62
    area = ms.AOI.of((0, 0, 1, 0.5))
    assert coarse(area, 100) == 1120  # a degree of the equator in a hundred pixels, rounded up to tens
    assert coarse(ms.AOI.of((0, 0, 0.001, 0.001)), 100) == 10
    assert coarse(ms.AOI.of((0, 60, 1, 60.1)), 100) == pytest.approx(560, abs=10)


def test_a_sheet_is_about_one_area(screening):
    two = replace(screening, areas=AOIs((screening.areas[0], screening.areas[0].renamed("two"))))
    with pytest.raises(UsageError, match="2 areas on one sheet"):
        sheet(two)


def test_a_lost_overpass_is_shown_as_such(screening):
    """What could not be screened has a frame that says so; without any overpass there is no sheet."""
    lost = replace(screening[1], read=(), shares=dict.fromkeys(screening[1].shares), error="gone")
    part = replace(screening, rows=screening.rows[:1] + screening.rows[2:], failed=(lost,))
    figure = sheet(part, pixels=20)
    assert [("not read" in axes.get_title(loc="left")) for axes in figure.axes] == [
        False,
        True,
        False,
        False,
        False,
    ]
    with pytest.raises(NothingFound, match="no overpass that was read"):
        sheet(replace(screening, rows=(), failed=(lost,)))


def test_the_command(verb, tmp_path):
    done = verb("sheet", "field.geojson", "2023-05", "--pixels", 40, "-o", "out/sheet.png")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.split() == ["out/sheet.png"]
    with Image.open(tmp_path / "out/sheet.png") as file:
        assert min(file.size) > 200
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["sheet.png"]


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("field.geojson", "2023-05", "-o", "sheet.txt"), 2, "no picture is called sheet.txt"),
        (("11.5,48.3", "2023-05", "-o", "sheet.png"), 2, "is a point"),
        (("field.geojson", "2019-05", "-o", "sheet.png"), 4, "no scene matches"),
    ],
)
def test_what_cannot_be_drawn_is_said(verb, arguments, code, word):
    done = verb("sheet", *arguments)
    assert (done.exit_code, done.stdout) == (code, "")
    assert word in done.stderr
