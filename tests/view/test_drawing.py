"""HTML and SVG: escaped, well formed, and true to scale."""

import re
import xml.etree.ElementTree as ET

import pytest
import shapely

from multisat.drawing import Html, Outline, card, facts, in_one_frame, map_of, table

HOSTILE = '<script>alert("&")</script>'
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    "made",
    [
        card(HOSTILE, HOSTILE),
        table([HOSTILE], [[HOSTILE], [None]]),
        facts({HOSTILE: HOSTILE}),
        map_of([Outline(geometry=shapely.box(0, 0, 1, 1), label=HOSTILE, colour=HOSTILE)]),
    ],
)
def test_every_text_is_escaped(made, harmless):
    harmless(made)
    assert isinstance(made, Html)
    assert "&lt;script&gt;alert(&quot;&amp;&quot;)" in made


def test_what_is_left_out_is_said():
    assert "… and 7 more" in table(["a"], [[1]], left_out=7)
    assert "more" not in table(["a"], [[1]])
    assert facts({"there": 0, "not there": None, "empty": ""}).count("<tr>") == 1


def shapes(svg):
    """Points of each drawn outline in pixels, and the dots."""
    root = ET.fromstring(svg)
    groups = root.findall(f"{SVG}svg/{SVG}g")
    lines = [re.findall(r"([-.\d]+) ([-.\d]+)", g.find(f"{SVG}path").get("d")) for g in groups]
    dots = [[(float(c.get("cx")), float(c.get("cy"))) for c in g.findall(f"{SVG}circle")] for g in groups]
    return [[(float(x), float(y)) for x, y in line] for line in lines], dots


def test_a_square_on_the_ground_is_a_square_on_the_map():
    """At 60 degrees north two degrees of longitude are as long as one of latitude; north is up."""
    (line,), _ = shapes(map_of([Outline(geometry=shapely.box(10, 59.5, 12, 60.5))]))
    xs, ys = zip(*line, strict=True)
    assert max(xs) - min(xs) == pytest.approx(max(ys) - min(ys), rel=0.01)
    north = map_of([Outline(geometry=shapely.Point(10, 60)), Outline(geometry=shapely.Point(10, 61))])
    ((_, low),), ((_, high),) = shapes(north)[1]
    assert high < low


def test_everything_lies_inside_the_frame():
    svg = map_of([Outline(geometry=shapely.box(-3, 40, 5, 41)), Outline(geometry=shapely.Point(8, 43))])
    inner = ET.fromstring(svg).find(f"{SVG}svg")
    wide, tall = float(inner.get("width")), float(inner.get("height"))
    lines, dots = shapes(svg)
    for x, y in [*lines[0], *dots[1]]:
        assert 0 < x < wide
        assert 0 < y < tall


def test_a_map_goes_on_beyond_180():
    """Pieces on both sides of ±180 lie beside each other, however the others are."""
    west, east = shapely.box(179.9, -17, 180, -16.9), shapely.box(-180, -17, -179.9, -16.9)
    both = shapely.union_all([west, east])
    for shapes_ in ([both], [west, east]):
        bounds = shapely.total_bounds(in_one_frame(shapes_))
        assert bounds == pytest.approx([179.9, -17, 180.1, -16.9])
    assert in_one_frame([shapely.box(-1, 0, 1, 1)])[0].bounds == (-1, 0, 1, 1)
    assert "-179.9" in map_of([Outline(geometry=both)])


def test_small_things_are_dots_and_nothing_is_no_map():
    _, dots = shapes(
        map_of([Outline(geometry=shapely.box(0, 0, 50, 50)), Outline(geometry=shapely.box(9, 9, 9.01, 9.01))])
    )
    assert [len(found) for found in dots] == [0, 1]
    assert map_of([]) == ""
    assert map_of([Outline(geometry=shapely.Polygon())]) == ""
