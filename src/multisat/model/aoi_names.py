"""Naming the features of a source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from multisat.errors import AOIError

if TYPE_CHECKING:
    from multisat.model.aoi import AOI
    from multisat.model.aoi_parse import Feature

_USUAL = ("id", "fid", "name", "Name")
"""Tried in order; KML writes Name."""


def named(found: Sequence[Feature], attribute: str | None) -> Iterator[AOI]:
    """Give the features as areas with distinct names.

    Args:
        found: The features.
        attribute: Attribute to name them by. If None: their own ids, else ``id``, ``fid`` or
            ``name`` where that tells them apart, else their numbers from 1. One feature alone
            stays without a name if it has none.

    Raises:
        AOIError: The attribute is missing or names two features alike, or a feature is no area.
    """
    from multisat.model.aoi import AOI

    for name, feature in zip(_names(found, attribute), found, strict=True):
        try:
            yield AOI(
                geometry=feature.geometry,
                crs=feature.crs,
                name=name,
                properties=feature.properties,
                notes=feature.notes,
            )
        except AOIError as error:
            error.item = None if name is None else f"area {name}"
            raise


def _names(found: Sequence[Feature], attribute: str | None) -> list[str | None]:
    if attribute is not None:
        return list(_by_attribute(found, attribute))
    own = [f.id for f in found]
    candidates: list[list[str | None]] = [own, *([_usual(f, key) for f in found] for key in _USUAL)]
    telling = (c for c in candidates if None not in c and len(set(c)) == len(c))
    numbers: list[str | None] = [None] if len(found) == 1 else [str(i) for i in range(1, len(found) + 1)]
    return next(telling, numbers)


def _usual(feature: Feature, key: str) -> str | None:
    """Return an attribute in whatever case it is written, ``Name`` of KML for one."""
    values = (v for k, v in feature.properties.items() if k.lower() == key and v is not None)
    return next((str(v) for v in values), None)


def _by_attribute(found: Sequence[Feature], attribute: str) -> Iterator[str]:
    for number, feature in enumerate(found, 1):
        if feature.properties.get(attribute) is None:
            known = ", ".join(feature.properties) or "none"
            raise AOIError(
                f"feature {number} has no attribute {attribute!r}", hint=f"its attributes: {known}"
            )
        yield str(feature.properties[attribute])
