"""From an archive's item to a scene."""

from __future__ import annotations

from collections.abc import Mapping

from multisat.errors import InvalidAnswer
from multisat.model import Scene
from multisat.stac.assets import StacAssets
from multisat.stac.fields import Json, nominal_time, number
from multisat.stac.identity import Identity, identify
from multisat.vocab.holdings import Holding

_NO_BANDS: Mapping[str, str] = {}


def harmonise(item: Json, *, provider: str, holdings: Mapping[str, Holding]) -> Scene:
    """Return the scene of a STAC item.

    Args:
        item: The item as the archive gave it.
        provider: Provider name.
        holdings: How collections are read, by native id.

    Raises:
        InvalidAnswer: The item has no id, properties, geometry or time, or fields that are not
            what their names say.
    """
    _check(item, provider)
    try:
        return _scene(item, provider, holdings)
    except (TypeError, ValueError, AttributeError, LookupError, OverflowError) as error:
        raise InvalidAnswer(
            f"an item that cannot be read: {error}",
            provider=provider,
            item=item["id"],
            hint="report it to the archive",
        ) from error


def _scene(item: Json, provider: str, holdings: Mapping[str, Holding]) -> Scene:
    native = str(item.get("collection") or "")
    holding = holdings.get(native) or _unknown(native)
    identity = identify(item, holding)
    properties = item["properties"]
    return Scene(
        provider=provider,
        collection=holding.collection,
        native_id=holding.native_id,
        id=item["id"],
        datetime=nominal_time(item),
        footprint=item["geometry"],
        platform=identity.platform,
        tile=identity.tile,
        relative_orbit=identity.relative_orbit,
        orbit_state=properties.get("sat:orbit_state"),
        cloud_cover=number(properties.get("eo:cloud_cover")),
        processing_baseline=identity.processing_baseline,
        generated=identity.generated,
        rank=holding.rank + identity.rank,
        assets=StacAssets(item, holding, baseline=_number(identity), tile=identity.tile),
        acquisition=identity.acquisition,
        item=item,
    )


def _check(item: Json, provider: str) -> None:
    for name, kind in (("id", str), ("properties", Mapping), ("geometry", Mapping)):
        if not isinstance(item.get(name), kind):
            raise InvalidAnswer(
                f"an item has no {name}",
                provider=provider,
                item=str(item.get("id")),
                hint="report it to the archive",
            )


def _number(identity: Identity) -> float | None:
    try:
        return float(identity.processing_baseline) if identity.processing_baseline else None
    except ValueError:
        return None


def _unknown(native: str) -> Holding:
    """Return how a collection outside the vocabulary is read: listed, without bands."""
    return Holding(
        native_id=native,
        collection=native,
        assets=_NO_BANDS,
        scaling="",
        naming="id",
        checked="",
        source="not in the vocabulary",
    )
