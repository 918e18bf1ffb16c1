"""What makes two catalogue entries the same acquisition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Acquisition:
    """The identity of what was measured, whoever serves it.

    Attributes:
        collection: Canonical collection; scenes of different collections are never the same.
        platform: Such as ``"sentinel-2a"``.
        tile: Place on the mission's own grid: MGRS tile ``"31UFU"``, WRS-2 path and row ``"047027"``.
        name: Identity made from the product name, equal for all copies of one acquisition;
            empty where the catalogue gives no product name.
        part: Finer identity inside ``name``: the datastrip's sensing start for Sentinel-2.
            Parts that differ are complementary halves; None is unknown.
        sensing: UTC time at which the tile was seen, used only where ``name`` is empty.
        datatake: UTC start of the datatake, where the product name gives it.
    """

    collection: str
    platform: str
    tile: str
    name: str = ""
    part: str | None = None
    sensing: datetime | None = None
    datatake: datetime | None = None

    def __str__(self) -> str:
        """Return one line that is equal for equal acquisitions."""
        what = self.name or f"{self.platform}/{self.tile}/{self.sensing and self.sensing.isoformat()}"
        return f"{self.collection}/{what}" + (f"/S{self.part}" if self.part else "")
