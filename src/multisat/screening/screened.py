"""What one overpass shows of one area."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from multisat.model import Scene

SHARES = ("clear", "cloud", "cirrus", "shadow", "snow", "water", "covered", "nodata")
"""Shares of an area, in percent of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Screened:
    """What one overpass shows of one area.

    Attributes:
        aoi: Name of the area.
        time: UTC time of the first scene.
        scenes: The scenes of the overpass that touch the area, with their alternates.
        read: The copies whose quality layer was read; empty if none could be.
        shares: Percent of the area by name; see ``SHARES``. None is a word the layer cannot tell, or
            an area that could not be read.
        level: What was read: 0 is full resolution, others are overviews. None if nothing was read.
        resolution: Side of the pixels that were read, in units of the scene's CRS.
        bound: How far each share can be from the one in full resolution, in percent of the area: 0 if
            it was read, else with 95 % confidence. None if nothing was read.
        error: What could not be read of the overpass, or None.
        note: What was read instead, or None.
    """

    aoi: str
    time: dt.datetime
    scenes: tuple[Scene, ...]
    read: tuple[Scene, ...] = ()
    shares: Mapping[str, float | None] = field(default_factory=lambda: dict.fromkeys(SHARES))
    level: int | None = None
    resolution: float | None = None
    bound: float | None = None
    error: str | None = None
    note: str | None = None

    @property
    def items(self) -> tuple[str, ...]:
        """Ids of the scenes that were read, or of those that could not be."""
        return tuple(scene.id for scene in self.read or self.scenes)

    @property
    def scene_cloud(self) -> float | None:
        """Percent of cloud that the archive tells for whole scenes, their mean; None if unknown."""
        told = [scene.cloud_cover for scene in self.read or self.scenes]
        known = [value for value in told if value is not None]
        return sum(known) / len(known) if known and len(known) == len(told) else None

    @property
    def status(self) -> str:
        """``"ok"``, ``"part"`` if some scenes could not be read, or ``"failed"`` if none could."""
        return "failed" if not self.read else "part" if self.error else "ok"

    def to_dict(self) -> dict[str, Any]:
        """Return the row as JSON values; several names are joined by commas."""
        scenes = self.read or self.scenes
        return {
            "aoi": self.aoi,
            "time": self.time.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "provider": ",".join(sorted({s.provider for s in scenes})),
            "collection": ",".join(sorted({s.collection for s in scenes})),
            "platform": ",".join(sorted({s.platform for s in scenes})),
            "items": ",".join(self.items),
            "scene_cloud": self.scene_cloud,
            **{name: self.shares[name] for name in SHARES},
            "level": self.level,
            "resolution": self.resolution,
            "bound": self.bound,
            "status": self.status,
            "error": self.error,
            "note": self.note,
        }

    def __repr__(self) -> str:
        known = {name: value for name, value in self.shares.items() if value is not None}
        told = ", ".join(f"{name} {value:.1f} %" for name, value in known.items()) or f"failed: {self.error}"
        return f"<Screened {self.aoi!r} {self.time:%Y-%m-%dT%H:%M}Z {told}>"


COLUMNS = (
    *("aoi", "time", "provider", "collection", "platform", "items", "scene_cloud"),
    *SHARES,
    *("level", "resolution", "bound", "status", "error", "note"),
)
"""Columns of a row, in order."""
