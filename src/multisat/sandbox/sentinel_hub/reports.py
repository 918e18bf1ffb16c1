"""What a batch job writes about itself: the manifest of its features, and how far each of them is."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Sequence

import numpy as np

from multisat.sandbox.sentinel_hub.features import WIDEST, Feature
from multisat.sandbox.sentinel_hub.grids import PixelGrid, grid_of
from multisat.sandbox.sentinel_hub.jobs import DONE, States


def manifest(rows: Sequence[tuple[Feature, str, str]]) -> bytes:
    """Return a GeoPackage of features with the files they are to become: one layer for each CRS.

    Args:
        rows: Feature, id of an output, and where its file is to go.
    """
    from pyogrio.raw import write
    from shapely import to_wkb
    from shapely.geometry import MultiPolygon

    whole = io.BytesIO()
    for place, crs in enumerate(sorted({feature.crs for feature, _, _ in rows})):
        mine = [row for row in rows if row[0].crs == crs]
        grids = [_grid(feature) for feature, _, _ in mine]
        shapes = [
            f.shape if f.shape.geom_type == "MultiPolygon" else MultiPolygon([f.shape]) for f, _, _ in mine
        ]
        columns = {
            "outputId": [name for _, name, _ in mine],
            "identifier": [feature.name for feature, _, _ in mine],
            "path": [path for _, _, path in mine],
            "width": [grid.width if grid else 0 for grid in grids],
            "height": [grid.height if grid else 0 for grid in grids],
        }
        write(
            whole,
            to_wkb(np.array(shapes, dtype=object)),
            field_data=[np.array(values) for values in columns.values()],
            fields=list(columns),
            layer=f"feature_{crs.partition(':')[2]}",
            driver="GPKG",
            geometry_type="MultiPolygon",
            crs=crs,
            append=place > 0,
        )
    return whole.getvalue()


def _grid(feature: Feature) -> PixelGrid | None:
    return grid_of(feature.bounds, feature.output, most=WIDEST) if feature.output else None


def execution(features: Sequence[Feature], states: States) -> bytes:
    """Return an SQLite database that says how far each feature is."""
    with sqlite3.connect(":memory:") as base:
        base.execute(
            "CREATE TABLE features (id INTEGER, name TEXT, status TEXT, error TEXT, delivered BOOLEAN)"
        )
        for one in features:
            state, message = states[one.name]
            row = (one.number, one.name, state, message or None, state == DONE)
            base.execute("INSERT INTO features VALUES (?, ?, ?, ?, ?)", row)
        base.commit()
        return base.serialize()
