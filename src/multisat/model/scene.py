"""One acquisition in harmonised terms."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from multisat.errors import UsageError
from multisat.model.acquisition import Acquisition
from multisat.model.asset import Asset

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, kw_only=True, eq=False)
class Scene:
    """One acquisition as one archive serves it, in harmonised terms.

    Attributes:
        provider: Provider name.
        collection: Canonical collection, or the native id where there is no canonical one.
        native_id: The archive's own collection id.
        id: The archive's own item id.
        datetime: The archive's nominal time, UTC. What it marks differs between archives
            (tile sensing at Earth Search, datatake start at Planetary Computer).
        footprint: GeoJSON geometry in longitude, latitude (EPSG:4326).
        platform: Lower case, such as ``"sentinel-2a"``; empty if unknown.
        tile: MGRS tile ``"31UFU"``, or WRS-2 path and row ``"047027"``; None if it has none.
        relative_orbit: Relative orbit number, or None.
        orbit_state: ``"ascending"`` or ``"descending"``, or None.
        cloud_cover: Percent of the whole scene; None is unknown, never 0.
        processing_baseline: Sentinel-2 baseline such as ``"05.09"``, or None.
        generated: UTC time the product was made, or None.
        rank: Order of preference between copies that are otherwise equal; lower is better.
        assets: Files by canonical band; made when first asked for.
        acquisition: What makes two entries the same acquisition.
        item: The archive's item, as it came.
        alternates: The same acquisition from other archives or in other processings.
    """

    provider: str
    collection: str
    native_id: str
    id: str
    datetime: dt.datetime
    footprint: Mapping[str, Any]
    platform: str = ""
    tile: str | None = None
    relative_orbit: int | None = None
    orbit_state: str | None = None
    cloud_cover: float | None = None
    processing_baseline: str | None = None
    generated: dt.datetime | None = None
    rank: int = 0
    assets: Mapping[str, Asset] = field(repr=False)
    acquisition: Acquisition
    item: Mapping[str, Any] = field(repr=False)
    alternates: tuple[Scene, ...] = field(default=(), repr=False)

    @property
    def uid(self) -> tuple[str, str, str]:
        """Provider, native collection and item id: what makes two entries equal."""
        return self.provider, self.native_id, self.id

    def __eq__(self, other: object) -> bool:
        """Whether both are the same entry of the same archive."""
        return isinstance(other, Scene) and self.uid == other.uid

    def __hash__(self) -> int:
        return hash(self.uid)

    def __repr__(self) -> str:
        cloud = "unknown" if self.cloud_cover is None else f"{self.cloud_cover:.0f} %"
        return f"<Scene {self.provider} {self.id} {self.datetime:%Y-%m-%dT%H:%M}Z cloud {cloud}>"

    def _repr_html_(self) -> str:
        from multisat.model.showing import scene_html

        return scene_html(self)

    @property
    def geometry(self) -> BaseGeometry:
        """The footprint as a shapely geometry (EPSG:4326, longitude first)."""
        from shapely.geometry import shape

        return shape(self.footprint)

    @property
    def baseline(self) -> float | None:
        """The processing baseline as a number that can be compared, or None."""
        try:
            return None if self.processing_baseline is None else float(self.processing_baseline)
        except ValueError:
            return None

    @property
    def bands(self) -> tuple[str, ...]:
        """Canonical bands the scene has."""
        return tuple(self.assets)

    @property
    def copies(self) -> tuple[Scene, ...]:
        """The scene and its alternates, each on its own."""
        return (replace(self, alternates=()) if self.alternates else self, *self.alternates)

    def with_alternates(self, others: Iterable[Scene]) -> Scene:
        """Return the scene with these copies of the same acquisition.

        Args:
            others: Scenes of the same acquisition, best first.
        """
        return replace(self, alternates=tuple(others))

    def value(self, name: str) -> Any:  # noqa: ANN401 - JSON
        """Return a harmonised property, or else the archive's own of that name, or None.

        Args:
            name: Such as ``"tile"``, or the archive's own ``"view:sun_elevation"``.
        """
        if name in FILTERABLE:
            return getattr(self, name)
        return (self.item.get("properties") or {}).get(name)

    def with_baseline(self, baseline: str) -> Scene:
        """Return the scene with a processing baseline stated by the user, such as ``"05.09"``.

        Args:
            baseline: Processing baseline as the archives write it.

        Raises:
            UsageError: It is not two numbers with a point between.
        """
        check_baseline(baseline)
        rebuild = getattr(self.assets, "with_baseline", None)
        assets = rebuild(float(baseline)) if rebuild else self.assets
        return replace(self, processing_baseline=baseline, assets=assets)

    def to_item(self) -> dict[str, Any]:
        """Return the archive's item as GeoJSON any STAC tool reads, marked with where it is from.

        Hrefs are unsigned. ``multisat:alternates`` holds the items of the alternates.
        """
        item = dict(self.item)
        item["properties"] = {
            **(item.get("properties") or {}),
            "multisat:provider": self.provider,
            "multisat:collection": self.collection,
            "multisat:acquisition": str(self.acquisition),
        }
        if self.alternates:
            item["multisat:alternates"] = [scene.to_item() for scene in self.alternates]
        return item


FILTERABLE = frozenset(
    {"platform", "tile", "relative_orbit", "orbit_state", "cloud_cover", "processing_baseline"}
)
"""Harmonised properties a filter can name; every other name is the archive's own property."""


def check_baseline(text: str) -> None:
    """Pass if a text is a processing baseline as the archives write it, such as ``"05.09"``.

    Raises:
        UsageError: It is not two numbers with a point between.
    """
    if not re.fullmatch(r"[0-9]{1,2}\.[0-9]{1,2}", text):
        raise UsageError(f"{text!r} is no processing baseline", hint='write it like "05.09"')
