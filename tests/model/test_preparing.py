"""Geometries that threads share are never prepared: GEOS builds what they are prepared with without a lock."""

import ast
from pathlib import Path

import pytest
import shapely

import multisat
from multisat.model import AOI, Request
from multisat.model.preparing import copied, prepared
from multisat.screening.pieces import windows
from multisat.stac.matching import Matcher
from multisat.zones import hexagons

SOURCES = Path(multisat.__file__).parent


@pytest.fixture
def area():
    return AOI.of((11.4, 48.3, 11.6, 48.4))


def test_an_area_is_not_its_owners_geometry():
    """Who gave it may prepare it at any time, while searches ask it in their threads."""
    given = shapely.box(11.4, 48.3, 11.6, 48.4)
    shapely.prepare(given)
    area = AOI.of(given)
    assert not shapely.is_prepared(area.geometry)
    assert not shapely.is_prepared(area.lonlat)
    assert area.geometry.equals(given)


def test_a_search_prepares_a_geometry_of_its_own(area):
    Matcher(Request(aoi=area, time=None, collections=("cop-dem-30",))).select([])
    assert not shapely.is_prepared(area.lonlat)


def test_hexagons_leave_their_area_as_it_is(area):
    there = AOI.of(area.to_crs("EPSG:32632"), crs="EPSG:32632")
    assert len(hexagons(there, 2000)) > 1
    assert not shapely.is_prepared(there.geometry)


def test_windows_leave_their_outline_as_it_is():
    outline = shapely.Point(0, 0).buffer(3000)
    assert len(windows(outline, outline)) > 1
    assert not shapely.is_prepared(outline)


def test_copies_are_exact():
    for text in ("POINT EMPTY", "MULTIPOINT ((1 2), (3 4))", "POLYGON ((0 0, 0.1 0, 0.3 1e-7, 0 0))"):
        shape = shapely.from_wkt(text)
        assert shapely.equals_exact(copied(shape), shape)
        assert shapely.is_prepared(prepared(shape))
        assert not shapely.is_prepared(shape)


def test_nobody_else_prepares():
    """But for what a function has just made itself."""
    own = {"screening/passes.py", "sandbox/matching.py", "model/preparing.py"}
    calls = {path.relative_to(SOURCES).as_posix() for path in SOURCES.rglob("*.py") if _prepares(path)}
    assert calls == own


def _prepares(path):
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == "prepare"
        and isinstance(node.value, ast.Name)
        and node.value.id == "shapely"
        for node in ast.walk(ast.parse(path.read_text()))
    )
