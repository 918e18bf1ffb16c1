"""Areas in files: GeoPackage, GeoJSON, Shapefile, FlatGeobuf, KML, GeoParquet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from multisat.errors import AOIError
from multisat.model.aoi_check import known_crs
from multisat.model.projecting import LONLAT

if TYPE_CHECKING:
    from multisat.model.aoi_parse import Feature

_PARQUET = {".parquet", ".geoparquet"}
_JSON = {".json", ".geojson"}
"""Said to be in degrees where they do not say."""
_DEGREES = 360


def read_file(path: Path, *, layer: str | None = None, crs: str | None = None) -> list[Feature]:
    """Return the features of one layer of a file.

    Args:
        path: The file.
        layer: Its layer; may be left out if there is one.
        crs: CRS of its coordinates if the file does not say.

    Raises:
        AOIError: There is no such file or layer, it cannot be read, or a feature has no geometry.
    """
    if not _is_file(path):
        raise AOIError(f"there is no file {str(path)[:200]!r}", hint="give a file, a bbox, GeoJSON or WKT")
    if path.suffix.lower() in _PARQUET:
        return _read_parquet(path, crs)
    return _read_vector(path, _layer(path, layer), crs)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file() or (path.is_dir() and path.suffix.lower() == ".gdb")
    except OSError:  # longer than a name can be
        return False


def _layer(path: Path, layer: str | None) -> str:
    import pyogrio
    from pyogrio.errors import DataSourceError

    try:
        names = [str(name) for name, _ in pyogrio.list_layers(path)]
    except DataSourceError as error:
        raise AOIError(f"cannot read {path}: {error}", hint="give a vector file GDAL reads") from None
    if layer is None and len(names) == 1:
        return names[0]
    if layer not in names:
        said = (
            "which of several layers is meant is not said"
            if layer is None
            else f"no layer is called {layer!r}"
        )
        raise AOIError(f"{path}: {said}", hint=f"layers: {', '.join(names) or 'none'}")
    return layer


def _read_vector(path: Path, layer: str, crs: str | None) -> list[Feature]:
    import pyogrio.raw
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

    from multisat.model.aoi_parse import Feature, plain

    try:
        meta, fids, shapes, columns = pyogrio.raw.read(path, layer=layer, return_fids=True)
    except (DataSourceError, DataLayerError, FeatureError) as error:
        raise AOIError(f"cannot read {path}: {error}", hint="give a vector file GDAL reads") from None
    if shapes is None:
        raise AOIError(f"{path} has no geometries", hint="give a file with points, lines or polygons")
    geometries = shapely.from_wkb(shapes)
    declared = None if path.suffix.lower() in _JSON and crs and meta.get("crs") == LONLAT else meta.get("crs")
    code = _crs(declared, crs, geometries, path)
    names = [str(name) for name in meta["fields"]]
    found = []
    for number, geometry in enumerate(geometries):
        if geometry is None:
            raise AOIError(f"{path}: feature {fids[number]} has no geometry", hint="leave it out of the file")
        values = {n: c[number] for n, c in zip(names, columns, strict=True)}
        found.append(Feature(geometry=geometry, crs=code, properties=plain(values)))
    return found


def _crs(declared: str | None, given: str | None, geometries: Any, path: Path) -> str:  # noqa: ANN401 - array
    if declared:
        return known_crs(declared)
    if given:
        return given
    coordinates = shapely.get_coordinates(geometries)
    if coordinates.size and abs(coordinates).max() > _DEGREES:
        raise AOIError(f"{path} does not say its CRS, and it is not degrees", hint="name it with crs=")
    return LONLAT


def _read_parquet(path: Path, crs: str | None) -> list[Feature]:
    from multisat.model.aoi_parse import features

    try:
        import geopandas
    except ImportError as error:
        raise AOIError("reading GeoParquet needs geopandas", hint='pip install "multisat-eo[geo]"') from error
    try:
        frame = geopandas.read_parquet(path)
    except (ValueError, OSError) as error:
        raise AOIError(f"cannot read {path}: {error}", hint="give a GeoParquet file") from None
    return features(frame, crs=crs)
