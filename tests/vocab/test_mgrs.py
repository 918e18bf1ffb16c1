"""Corners of MGRS tiles, against PROJ and against tiles whose corners are published."""

from __future__ import annotations

import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from multisat.vocab.mgrs import tile_origin

BANDS = "CDEFGHJKLMNPQRSTUVWX"
COLUMNS = {1: "ABCDEFGH", 2: "JKLMNPQR", 0: "STUVWXYZ"}
ROWS = "ABCDEFGHJKLMNPQRSTUV"


@functools.cache
def northern(zone):
    return Transformer.from_crs("EPSG:4326", f"EPSG:{32600 + zone}", always_xy=True)


def tile_of(longitude, latitude):
    """The tile a place lies in, by the published lettering, and its UTM coordinates."""
    zone = int((longitude + 180) // 6) + 1
    x, y = northern(zone).transform(longitude, latitude)
    row = ROWS[(int(y // 100_000) + (5 if zone % 2 == 0 else 0)) % 20]
    column = COLUMNS[zone % 3][int(x // 100_000) - 1]
    return f"{zone:02d}{BANDS[int((latitude + 80) // 8)]}{column}{row}", x, y


# Beyond 56 degrees north, Norway and Svalbard have zones of their own widths.
@given(st.floats(-180, 179.999), st.floats(-79.9, 55.9))
def test_a_place_lies_in_its_tile(longitude, latitude):
    tile, x, y = tile_of(longitude, latitude)
    origin = tile_origin(tile)
    assert origin.zone == int(tile[:2])
    assert origin.south is (tile[2] < "N")
    assert 0 <= x - origin.x < 100_000 + 60
    assert -60 < origin.y - y <= 100_000 + 60


@pytest.mark.parametrize(
    ("tile", "zone", "south", "x", "y"),
    [
        ("19LDD", 19, True, 399960, -1599960),
        ("T19LDD", 19, True, 399960, -1599960),
        ("MGRS-1WCP", 1, False, 300000, 7400040),
        ("13TDE", 13, False, 399960, 4500000),
        ("20EPT", 20, True, 600000, 3300040 - 10_000_000),
        ("34LBP", 34, True, 199980, 8900020 - 10_000_000),
    ],
)
def test_published_corners(tile, zone, south, x, y):
    origin = tile_origin(tile)
    assert (origin.zone, origin.south, origin.x, origin.y) == (zone, south, x, y)


@pytest.mark.parametrize("text", ["", "no tile", "00UFU", "61CAA", "99WCP", "31UFUX", "WRS2-033032"])
def test_what_is_no_tile_has_no_corner(text):
    assert tile_origin(text) is None


@given(st.text(max_size=12) | st.from_regex(r"\d{1,2}[A-Z]{3}", fullmatch=True))
def test_no_text_makes_it_fail(text):
    origin = tile_origin(text)
    assert origin is None or 1 <= origin.zone <= 60
