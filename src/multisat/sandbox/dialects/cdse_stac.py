"""The catalogue of Copernicus Data Space (pgstac): product names as ids, files on object storage only.

Written down from its documentation and from public issues of 2025 and 2026; no answer of it was recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from multisat.sandbox.archive.entry import Entry
from multisat.sandbox.archive.sentinel2 import BANDS
from multisat.sandbox.dialects.planetary_computer import PlanetaryComputer

_KEYS = {band: f"{number}_{size}m" for band, (number, size) in BANDS.items()} | {"scl": "SCL_20m"}
_NUMBERS = {number: band for band, (number, _) in BANDS.items()} | {"SCL": "scl"}
_HALVES = {"left", "right"}


class CdseStac(PlanetaryComputer):
    """The stand-in of the catalogue of Copernicus Data Space: Sentinel-2, each acquisition once.

    It pages as Planetary Computer does; a search may leave out the collection.
    """

    provider = "cdse"

    def __init__(self, url: str, entries: Iterable[Entry], address_of: Callable[[str], str]) -> None:
        super().__init__(url, (), address_of)
        self.items = [_item(entry) for entry in _once(entries)]

    def collections(self) -> list[str]:
        """Return the collection ids."""
        return ["sentinel-2-l2a"]


def _once(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries of each tile and day of one archive, twins folded, halves kept."""
    held = [e for e in entries if e.collection == "sentinel-2-l2a" and e.files]
    held.sort(key=lambda entry: entry.provider != "planetary-computer")
    days: dict[tuple[str, str], list[Entry]] = {}
    for entry in held:
        group = days.setdefault((entry.place, str(entry.item["properties"]["s2:product_uri"])[11:19]), [])
        if not group or group[0].provider == entry.provider:
            group.append(entry)
    return [entry for group in days.values() for entry in _newest(group)]


def _newest(group: list[Entry]) -> list[Entry]:
    halves = [entry for entry in group if next(iter(entry.files.values())).hole in _HALVES]
    return halves or group[-1:]


def _item(entry: Entry) -> dict[str, Any]:
    """Return an item as this catalogue writes it: version 2 of the projection fields, no signed address."""
    told = entry.item["properties"]
    name = str(told["s2:product_uri"]).removesuffix(".SAFE")
    start, tile = name[11:26], name[39:44]
    when = f"{start[:4]}-{start[4:6]}-{start[6:11]}:{start[11:13]}:{start[13:]}.024000Z"
    where = f"s3://eodata/Sentinel-2/MSI/L2A/{start[:4]}/{start[4:6]}/{start[6:8]}/{name}.SAFE"
    bands = [_NUMBERS.get(key, key) for key in entry.files]
    own = {
        "datetime": when,
        "platform": "sentinel-2a",
        "grid:code": f"MGRS-{tile}",
        "proj:code": f"EPSG:{told['proj:epsg']}",
        "processing:version": told["s2:processing_baseline"],
        "s2:product_uri": f"{name}.SAFE",
        "s2:datastrip_id": told.get("s2:datastrip_id"),
        "eo:cloud_cover": told.get("eo:cloud_cover"),
        "multisat:synthetic": True,
    }
    assets = {_KEYS[one]: {"href": f"{where}/{_KEYS[one]}.jp2", "type": "image/jp2"} for one in bands}
    return {**entry.item, "id": name, "stac_version": "1.1.0", "properties": own, "assets": assets}
