"""What the catalogue says without giving scenes: collections of a deployment, and dates of overpasses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from multisat.contracts import Deadline
from multisat.errors import CredentialsError, InvalidAnswer, ProviderError
from multisat.model import Request
from multisat.stac.asking import asks
from multisat.vocab.holdings import Holding
from multisat_sentinel_hub.deployments import NAME, Deployment
from multisat_sentinel_hub.search import DIALECT, PATH, body_of
from multisat_sentinel_hub.service import Service

_COLLECTIONS = "/api/v1/catalog/1.0.0/collections"
_OWN = "/api/v1/byoc/collections"
_known: dict[Deployment, tuple[str, ...]] = {}


def collections(place: Deployment, deadline: Deadline | None = None) -> tuple[str, ...]:
    """Return the collections a deployment says it has, asked once in a process; or those of our table.

    Args:
        place: The deployment.
        deadline: Total time limit.

    Raises:
        CredentialsError: A login is missing, or was refused.
    """
    if place not in _known:
        try:
            _known[place] = _listed(place, deadline)
        except CredentialsError:
            raise
        except ProviderError:
            return place.collections
    return _known[place]


def own_collections(place: Deployment) -> tuple[tuple[str, str], ...]:
    """Return the id and name of each collection the user has brought (BYOC); scripts read ``byoc-ID``.

    Raises:
        CredentialsError: A login is missing, or was refused.
        ProviderError: The deployment has no such service, or does not answer.
    """
    service = Service(place)
    try:
        found = service.told("GET", _OWN).get("data", [])
    finally:
        service.close()
    return tuple((str(one.get("id")), str(one.get("name"))) for one in found if isinstance(one, Mapping))


def dates(place: Deployment, request: Request, holding: Holding) -> tuple[date, ...]:
    """Return the days (UTC) on which a collection has something over an area, in order; no scene is read.

    What the request says of clouds and other properties does not count.

    Args:
        place: The deployment.
        request: Where and when.
        holding: The collection.

    Raises:
        CredentialsError: A login is missing, or was refused.
        ProviderError: There is no answer.
    """
    service, found = Service(place), set[date]()
    try:
        for ask in asks(request, [holding], DIALECT):
            following: int | None = 0
            while following is not None:
                link = {"distinct": "date"} | ({"next": following} if following else {})
                told = service.told("POST", PATH, body_of(ask, link))
                found.update(map(_day, told.get("features") or ()))
                following = _next(told, following)
    finally:
        service.close()
    return tuple(sorted(found))


def _listed(place: Deployment, deadline: Deadline | None) -> tuple[str, ...]:
    service = Service(place, deadline=deadline)
    try:
        found = service.told("GET", _COLLECTIONS).get("collections")
    finally:
        service.close()
    if not isinstance(found, list):
        raise InvalidAnswer("the answer is no list of collections", provider=NAME, hint="check the address")
    return tuple(str(one.get("id")) for one in found if isinstance(one, Mapping))


def _day(text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise InvalidAnswer(f"{text!r} is no date", provider=NAME, hint="report it to the service") from None


def _next(told: Mapping[str, Any], before: int) -> int | None:
    following = (told.get("context") or {}).get("next")
    return following if isinstance(following, int) and following > before else None
