"""An area of interest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry import mapping

from multisat.errors import AOIError
from multisat.model import antimeridian
from multisat.model.aoi_check import checked, known_crs
from multisat.model.aoi_parse import from_geojson, plain
from multisat.model.projecting import LONLAT, area_m2, moved, to_lonlat

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

BBox = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True, eq=False)
class AOI:
    """A valid, non-empty geometry with a CRS. Immutable and hashable.

    Attributes:
        geometry: Points, lines or polygons in ``crs``, x (or longitude) first. Outlines that cross
            ±180 degrees may go beyond it.
        crs: Such as ``"EPSG:4326"``.
        name: Id of the feature it came from, or None.
        properties: Attributes of the feature it came from, as JSON values.
        notes: What was mended, in sentences.
    """

    geometry: BaseGeometry
    crs: str = LONLAT
    name: str | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        geometry, crs, notes = checked(self.geometry, self.crs)
        object.__setattr__(self, "geometry", geometry)
        object.__setattr__(self, "crs", crs)
        object.__setattr__(self, "properties", plain(self.properties))
        object.__setattr__(self, "notes", (*self.notes, *(n for n in notes if n not in self.notes)))

    @classmethod
    def of(cls, value: object, *, crs: str | None = None, name: str | None = None) -> AOI:
        """Make an area from what a user writes.

        Args:
            value: A bbox (west, south, east, north in degrees; west > east crosses ±180), a point
                (longitude, latitude), shapely geometry, GeoJSON, WKT, a one-row GeoDataFrame,
                text of any of these, or a file with one feature.
            crs: CRS of the coordinates where the value does not say; longitude, latitude if None.
            name: Name to give it.

        Raises:
            AOIError: It is no area, or it is several; the message says why.
        """
        from multisat.model.aois import AOIs

        if isinstance(value, AOI) and name is None:
            return value
        found = AOIs.of(value, crs=crs)
        if len(found) != 1:
            raise AOIError(
                f"{len(found)} features where one area is wanted",
                hint="use AOIs.of(...) for all of them, or name one",
            )
        one = found[0]
        return one if name is None else one.renamed(name)

    def renamed(self, name: str) -> AOI:
        """Return the same area under another name.

        Args:
            name: The new name.
        """
        return AOI(
            geometry=self.geometry, crs=self.crs, name=name, properties=self.properties, notes=self.notes
        )

    @cached_property
    def lonlat(self) -> BaseGeometry:
        """The geometry in EPSG:4326 (longitude first), cut at ±180 if it crosses.

        Edges of other CRSs are densified first, so that they stay true to a metre or so.
        """
        return antimeridian.split(to_lonlat(self.geometry, self.crs))

    @property
    def parts(self) -> tuple[BaseGeometry, ...]:
        """Polygons, lines or points of ``lonlat``, none of which crosses ±180."""
        return tuple(shapely.get_parts(self.lonlat))

    @cached_property
    def crosses_antimeridian(self) -> bool:
        """Whether the outline crosses ±180 degrees of longitude."""
        return antimeridian.crosses(self.lonlat)

    @cached_property
    def bboxes(self) -> tuple[BBox, ...]:
        """West, south, east, north in degrees: one box, or one for each side of ±180."""
        return tuple(_bounds(side) for side in antimeridian.sides(self.lonlat))

    @property
    def geojson(self) -> dict[str, Any]:
        """``lonlat`` as GeoJSON, outer rings counter-clockwise."""
        turned = shapely.orient_polygons(self.lonlat) if hasattr(shapely, "orient_polygons") else self.lonlat
        return dict(mapping(turned))

    def to_crs(self, crs: str) -> BaseGeometry:
        """Return the geometry in another CRS (x first), in one piece across ±180 where the CRS allows.

        Args:
            crs: CRS such as ``"EPSG:32632"``; what pyproj understands.

        Raises:
            AOIError: The CRS is unknown, or does not reach all of the area.
        """
        return moved(self.geometry, self.crs, known_crs(crs))

    @cached_property
    def area_m2(self) -> float:
        """Area on the WGS 84 ellipsoid in square metres; 0 for points and lines."""
        return area_m2(self.lonlat)

    @property
    def centroid(self) -> tuple[float, float]:
        """Longitude and latitude of the middle, in degrees."""
        middle = antimeridian.joined(self.lonlat).centroid
        return (middle.x + 180) % 360 - 180, middle.y

    def simplified(self, max_vertices: int) -> AOI:
        """Return an area that contains this one and has at most so many vertices.

        For asking services that cannot take long outlines. The result is this area itself, its
        convex hull, or its box on each side of ±180.

        Args:
            max_vertices: Most corners of all outlines together; a box has five.
        """
        if shapely.get_num_coordinates(self.lonlat) <= max_vertices:
            return self
        hull = antimeridian.walkable(self.lonlat.convex_hull)
        if not self.crosses_antimeridian and shapely.get_num_coordinates(hull) <= max_vertices:
            return AOI(geometry=hull, name=self.name)
        boxes = shapely.union_all([shapely.box(*box) for box in self.bboxes])
        return AOI(geometry=antimeridian.walkable(boxes), name=self.name)

    def to_dict(self) -> dict[str, Any]:
        """Return a GeoJSON Feature; ``multisat:crs`` tells a CRS other than longitude, latitude."""
        feature: dict[str, Any] = {
            "type": "Feature",
            "properties": dict(self.properties),
            "geometry": dict(mapping(self.geometry)),
        }
        if self.name is not None:
            feature["id"] = self.name
        if self.crs != LONLAT:
            feature["multisat:crs"] = self.crs
        return feature

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> AOI:
        """Make an area from ``to_dict``.

        Args:
            data: What ``to_dict`` gave: a GeoJSON Feature.

        Raises:
            AOIError: It is no GeoJSON Feature.
        """
        found = from_geojson(data)
        if len(found) != 1:
            raise AOIError(f"{len(found)} features where one area is wanted", hint="use AOIs.from_dict")
        one = found[0]
        return cls(geometry=one.geometry, crs=one.crs, name=one.id, properties=one.properties)

    def __eq__(self, other: object) -> bool:
        """Whether both are the same area under the same name."""
        return isinstance(other, AOI) and self._identity == other._identity

    def __hash__(self) -> int:
        return hash(self._identity)

    @property
    def _identity(self) -> tuple[Any, ...]:
        return shapely.to_wkb(shapely.normalize(self.geometry)), self.crs, self.name

    def __repr__(self) -> str:
        named = f" {self.name!r}" if self.name else ""
        boxes = " and ".join(f"({w:.4f}, {s:.4f}, {e:.4f}, {n:.4f})" for w, s, e, n in self.bboxes)
        return f"<AOI{named} {self.geometry.geom_type} {self.area_m2 / 1e6:.3f} km² in {boxes}>"

    def _repr_html_(self) -> str:
        from multisat.model.showing import aoi_html

        return aoi_html(self)


def _bounds(geometry: BaseGeometry) -> BBox:
    west, south, east, north = (float(v) for v in geometry.bounds)
    return west, south, east, north
