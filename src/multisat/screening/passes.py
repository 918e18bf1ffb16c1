"""Which overpasses show which areas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import shapely

from multisat.cube.overpasses import overpasses
from multisat.cube.selecting import worth_reading
from multisat.errors import UsageError
from multisat.model import AOI, AOIs, Scene
from multisat.screening.overpass import Pass
from multisat.stac.footprints import footprints
from multisat.vocab.masks import QUALITY_LAYERS

_AREA = 2
"""Dimensions of a polygon."""


def polygons(areas: AOIs) -> AOIs:
    """Return polygons, each with a name: those without one are called after their number from 1.

    Args:
        areas: Areas of any kind.

    Raises:
        UsageError: One is no polygon.
    """
    found = [one if one.name is not None else one.renamed(str(n)) for n, one in enumerate(areas, 1)]
    for one in found:
        _check(one)
    return AOIs(tuple(found))


def _check(area: AOI) -> None:
    if shapely.get_dimensions(area.geometry) != _AREA:
        kind = area.geometry.geom_type.lower()
        raise UsageError(f"area {area.name} is a {kind}, which has no shares", hint="buffer it to a polygon")


def passes_of(scenes: Sequence[Scene], areas: AOIs) -> list[Pass]:
    """Return the overpasses that touch an area, oldest first.

    Args:
        scenes: Scenes of any archives; those without a quality layer are left out with a warning.
        areas: Polygons.

    Raises:
        NothingFound: None touches an area, or none has a quality layer.
    """
    unique = list({scene.uid: scene for scene in scenes}.values())
    touching = worth_reading(unique, areas.union(), tuple(QUALITY_LAYERS))
    shares = _shares(touching, areas)
    return [_pass(group, shares) for group in overpasses(touching)]


def _shares(scenes: Sequence[Scene], areas: AOIs) -> dict[tuple[str, str, str], dict[int, float]]:
    """Return the share of each area that each scene's footprint covers, where it covers any."""
    outlines = shapely.make_valid(footprints(scenes))
    shapes = np.array([area.lonlat for area in areas])
    index, number = shapely.STRtree(outlines).query(shapes, predicate="intersects")
    shapely.prepare(outlines)
    shares = np.ones(len(index))
    cut = ~shapely.covers(outlines[number], shapes[index])
    inside = shapely.intersection(shapes[index[cut]], outlines[number[cut]])
    shares[cut] = shapely.area(inside) / shapely.area(shapes[index[cut]])
    found: dict[tuple[str, str, str], dict[int, float]] = defaultdict(dict)
    for area, scene, share in zip(index.tolist(), number.tolist(), shares.tolist(), strict=True):
        if share > 0:
            found[scenes[scene].uid][area] = share
    return found


def _pass(group: Sequence[Scene], shares: dict[tuple[str, str, str], dict[int, float]]) -> Pass:
    touched: dict[int, dict[int, float]] = defaultdict(dict)
    for number, scene in enumerate(group):
        for index, share in shares[scene.uid].items():
            touched[index][number] = share
    return Pass(scenes=tuple(group), touched=dict(touched))
