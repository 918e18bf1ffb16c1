"""What an archive holds of a canonical collection, and how its items are to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

GridSource = Literal["item", "mgrs", "file"]
Naming = Literal["sentinel-2", "landsat", "hls", "sentinel-1", "id"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """One native collection of one archive.

    Attributes:
        native_id: The archive's collection id.
        collection: Canonical collection.
        assets: Asset key to canonical band. Keys that are not listed are no bands.
        scaling: Name of the row set in ``vocab.scaling_rules``.
        naming: How product names are parsed, for platform, tile, orbit and identity.
        grid: Where pixel grids come from: the item's projection fields, the MGRS tile of the
            id, or only the file (where the item's fields are known to be wrong or absent).
        also: Other spellings of the native id that mean the same.
        rank: Order of preference among copies of one acquisition with equal baselines; lower is
            better. Files that cost the reader money come last.
        checked: Date the row was checked.
        source: Where the facts are from.
    """

    native_id: str
    collection: str
    assets: Mapping[str, str]
    scaling: str
    naming: Naming
    grid: GridSource = "item"
    also: tuple[str, ...] = field(default=())
    rank: int = 0
    checked: str
    source: str
