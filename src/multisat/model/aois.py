"""Several areas of interest, in order and by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

import shapely

from multisat.errors import AOIError
from multisat.model import antimeridian
from multisat.model.aoi import AOI


@dataclass(frozen=True)
class AOIs(Sequence[AOI]):
    """An ordered set of areas with distinct names.

    Attributes:
        areas: The areas, in the order of their source.

    Raises:
        AOIError: Two areas have one name.
    """

    areas: tuple[AOI, ...]

    def __post_init__(self) -> None:
        names = [a.name for a in self.areas if a.name is not None]
        twice = sorted({n for n in names if names.count(n) > 1}) if len(set(names)) < len(names) else []
        if twice:
            raise AOIError(f"two areas are called {', '.join(twice)}", hint="name them by another attribute")

    @classmethod
    def of(
        cls,
        value: object,
        *,
        layer: str | None = None,
        id: str | None = None,  # noqa: A002 - the word users have for it
        crs: str | None = None,
    ) -> AOIs:
        """Make areas from what a user writes; see ``AOI.of`` for the forms.

        Args:
            value: One or many areas, a file with any number of features, or ``"-"`` for GeoJSON
                from standard input.
            layer: Layer of the file.
            id: Attribute that names the features.
            crs: CRS of the coordinates where the value does not say.

        Raises:
            AOIError: It is no area; the message says why.
        """
        from multisat.model.aoi_names import named
        from multisat.model.aoi_parse import features

        if isinstance(value, AOIs):
            return value
        if isinstance(value, AOI):
            return cls((value,))
        found = features(value, layer=layer, crs=crs)
        if not found:
            raise AOIError("there are no features", hint="give at least one area")
        return cls(tuple(named(found, id)))

    @overload
    def __getitem__(self, key: int | str) -> AOI: ...
    @overload
    def __getitem__(self, key: slice) -> AOIs: ...
    def __getitem__(self, key: int | str | slice) -> AOI | AOIs:
        """Return an area by position or name, or some of them by a slice."""
        if isinstance(key, slice):
            return AOIs(self.areas[key])
        if isinstance(key, str):
            return self.only([key]).areas[0]
        return self.areas[key]

    def __len__(self) -> int:
        return len(self.areas)

    def __iter__(self) -> Iterator[AOI]:
        return iter(self.areas)

    def only(self, names: Iterable[str]) -> AOIs:
        """Return the areas with these names, in the order of the set.

        Args:
            names: Names of areas, in any order.

        Raises:
            AOIError: A name is not in the set.
        """
        wanted = {str(name) for name in names}
        kept = tuple(a for a in self.areas if a.name in wanted)
        missing = wanted - {a.name for a in kept}
        if missing:
            known = ", ".join(str(a.name) for a in self.areas[:10])
            raise AOIError(f"no area is called {', '.join(sorted(missing))}", hint=f"there are {known}")
        return AOIs(kept)

    def union(self) -> AOI:
        """Return all areas as one, in longitude and latitude.

        Raises:
            AOIError: There are none, or points, lines and polygons are mixed: none may get lost.
        """
        if len(self.areas) == 1:
            return self.areas[0]
        if len({int(shapely.get_dimensions(a.geometry)) for a in self.areas}) > 1:
            raise AOIError("points, lines and polygons cannot be one area", hint="ask for each kind apart")
        return AOI(geometry=antimeridian.walkable(shapely.union_all([a.lonlat for a in self.areas])))

    def to_dict(self) -> dict[str, Any]:
        """Return a GeoJSON FeatureCollection."""
        return {"type": "FeatureCollection", "features": [a.to_dict() for a in self.areas]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> AOIs:
        """Make areas from ``to_dict``.

        Args:
            data: What ``to_dict`` gave: a GeoJSON FeatureCollection.

        Raises:
            AOIError: It is no GeoJSON FeatureCollection.
        """
        found = data.get("features") if isinstance(data, Mapping) else None
        if not isinstance(found, list | tuple):
            raise AOIError("there is no list of features", hint="give what AOIs.to_dict returned")
        return cls(tuple(AOI.from_dict(f) for f in found))

    def __repr__(self) -> str:
        return f"<AOIs {len(self)}: {', '.join(str(a.name) for a in self.areas[:5])}{'…' * (len(self) > 5)}>"  # noqa: PLR2004

    def _repr_html_(self) -> str:
        from multisat.model.showing import aois_html

        return aois_html(self)
