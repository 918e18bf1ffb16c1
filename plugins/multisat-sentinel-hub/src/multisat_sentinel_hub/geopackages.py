"""GeoPackages in the user's bucket: what a job is asked for, and what it says it will make."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyogrio import list_layers
from pyogrio.errors import DataSourceError
from pyogrio.raw import read, write

from multisat.cube.block import Block
from multisat.model import Grid


def packed(parts: Mapping[str, Block]) -> bytes:
    """Return parts of a grid as features, each with its name and its size in pixels."""
    grids = [Grid.from_geobox(part.geobox) for part in parts.values()]
    boxes = shapely.to_wkb(np.array([shapely.box(*grid.bounds) for grid in grids]))
    columns = {
        "identifier": np.array(list(parts)),
        "width": np.array([part.width for part in parts.values()], dtype=np.int32),
        "height": np.array([part.height for part in parts.values()], dtype=np.int32),
    }
    with tempfile.TemporaryDirectory(prefix="multisat-") as folder:
        path = Path(folder) / "areas.gpkg"
        write(
            path,
            boxes,
            field_data=list(columns.values()),
            fields=list(columns),
            geometry_type="Polygon",
            crs=grids[0].crs,
            driver="GPKG",
        )
        return path.read_bytes()


def sizes(manifest: bytes) -> dict[str, int]:
    """Return the pixels of each feature by the manifest of an analysis; what it does not tell is left out."""
    with tempfile.TemporaryDirectory(prefix="multisat-") as folder:
        path = Path(folder) / "manifest.gpkg"
        path.write_bytes(manifest)
        try:
            layers = [str(name) for name, _ in list_layers(path)]
            return {name: size for layer in layers for name, size in _sizes(path, layer)}
        except (DataSourceError, KeyError):
            return {}


def _sizes(path: Path, layer: str) -> Sequence[tuple[str, int]]:
    meta, _, _, columns = read(path, layer=layer, read_geometry=False)
    rows: dict[str, Any] = dict(zip(meta["fields"], columns, strict=True))
    found = zip(rows["identifier"], rows["width"], rows["height"], strict=True)
    return [(str(name), int(width) * int(height)) for name, width, height in found]
