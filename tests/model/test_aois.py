"""Several areas: their names, their order, and how they come through standard input."""

import subprocess
import sys

import orjson
import pytest
import shapely

from multisat.model import AOI, AOIs

BOXES = [shapely.box(i, 48, i + 0.5, 49) for i in (11, 12, 13)]
POINT = {"type": "Point", "coordinates": [11, 48]}


def features(*members):
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "geometry": POINT, **m} for m in members],
    }


@pytest.mark.parametrize(
    ("members", "attribute", "names"),
    [
        ([{"id": 7}, {"id": "b"}], None, ["7", "b"]),
        ([{"id": 0}], None, ["0"]),
        ([{"properties": {"name": n}} for n in "xy"], None, ["x", "y"]),
        ([{"properties": {"Name": n}} for n in "xy"], None, ["x", "y"]),
        ([{"properties": {"fid": n, "name": "same"}} for n in (5, 6)], None, ["5", "6"]),
        ([{"properties": {"name": "same"}}] * 2, None, ["1", "2"]),
        ([{"id": "a"}, {"properties": None}], None, ["1", "2"]),
        ([{"properties": {"name": "field"}}], None, ["field"]),
        ([{"properties": {}}], None, [None]),
        ([{"id": 1, "properties": {"nr": 28}}, {"id": 2, "properties": {"nr": 0}}], "nr", ["28", "0"]),
    ],
)
def test_names(members, attribute, names):
    assert [a.name for a in AOIs.of(features(*members), id=attribute)] == names


def test_several_areas_are_a_sequence():
    areas = AOIs.of([AOI.of(BOXES[0], name="a"), AOI.of(BOXES[1], name="b"), AOI.of((11, 48), name="c")])
    assert [a.name for a in areas[1:]] == ["b", "c"]
    assert (areas["b"], len(areas), areas[-1].name) == (areas[1], 3, "c")
    assert repr(areas) == "<AOIs 3: a, b, c>"
    assert AOIs.of(areas) is areas
    assert areas[:1].union() is areas[0]
    assert hash(AOIs.of(list(areas))) == hash(areas)


PROGRAM = """
from multisat.errors import AOIError
from multisat.model import AOIs
try:
    print([a.name for a in AOIs.of('-')])
except AOIError as error:
    print(error)
"""


def test_standard_input_is_geojson_whole_or_by_lines():
    one, two = ({"type": "Feature", "id": n, "geometry": POINT, "properties": {}} for n in ("x", "y"))
    lines = [orjson.dumps(f).decode() for f in (one, two)]
    cases = {
        orjson.dumps(features({"id": "x"}), option=orjson.OPT_INDENT_2).decode(): "['x']",
        "\n".join(lines): "['x', 'y']",
        "\x1e" + "\n\x1e".join(lines) + "\n\n": "['x', 'y']",
        "[1, 2]": "'[1, 2]' is no GeoJSON object",
        f"{lines[0]}\n[1]": "'[1]' is no GeoJSON object",
        "hello": "standard input is no GeoJSON",
        "": "there are no features",
    }
    running = {
        text: subprocess.Popen([sys.executable, "-c", PROGRAM], stdin=-1, stdout=-1, stderr=-1, text=True)
        for text in cases
    }
    for text, process in running.items():
        out, err = process.communicate(text, timeout=60)
        assert not err
        assert out.startswith(cases[text])
