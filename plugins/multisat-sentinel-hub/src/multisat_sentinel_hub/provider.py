"""Sentinel Hub: what is where pixels are, and recipes computed there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NoReturn

from multisat.auth.cdse import proof_of
from multisat.contracts import (
    Asset,
    Capabilities,
    CredentialStatus,
    Deadline,
    Proof,
    RemoteEngine,
    Search,
)
from multisat.errors import UnsupportedOperation
from multisat.model import Request, Scene
from multisat.stac import StacProvider
from multisat.vocab.collections import expand
from multisat.vocab.holdings import Holding
from multisat_sentinel_hub.deployments import NAME, deployment
from multisat_sentinel_hub.holdings import HOLDINGS, REFUSED
from multisat_sentinel_hub.items import dressed
from multisat_sentinel_hub.login import HINT, find_login, tokens


class SentinelHub(StacProvider):
    """Sentinel Hub, at the deployment of the settings; see ``deployment``."""

    name = NAME
    title = "Sentinel Hub"
    holdings = HOLDINGS

    @property
    def url(self) -> str:
        """Root of the deployment's services, without a trailing slash."""
        return deployment().url

    @property
    def capabilities(self) -> Capabilities:
        """What it can do; its pixels are in no files."""
        here = [one for one in self.holdings if one.native_id in deployment().collections]
        return Capabilities(
            collections=tuple(dict.fromkeys(one.collection for one in here)),
            native=tuple(one.native_id for one in here),
            assets=False,
            recipes=True,
            login="needed",
        )

    def search(
        self, request: Request, *, resume: str | None = None, deadline: Deadline | None = None
    ) -> Search:
        """Return a search of the catalogue; see ``Provider.search``.

        Raises:
            LoginNeeded: No login was found.
            UnsupportedOperation: The deployment lacks all that was asked for, or it is not computed there.
        """
        from multisat_sentinel_hub.listing import collections
        from multisat_sentinel_hub.search import CatalogueSearch
        from multisat_sentinel_hub.service import Service

        place = deployment()
        tokens(place)
        held = self.held(request.collections, collections(place, deadline))
        service = Service(place, deadline=deadline)
        return CatalogueSearch(service, request, held, self.scene, resume=resume)

    def scene(self, item: Mapping[str, Any]) -> Scene:
        """Return the scene of an item of the catalogue."""
        known = {one.native_id: one for one in self.holdings}
        holding = known.get(str(item.get("collection")))
        return super().scene(item if holding is None else dressed(item, holding))

    def held(
        self, collections: tuple[str, ...] | None, there: tuple[str, ...] | None = None
    ) -> list[Holding]:
        """Return the holdings that canonical or native names ask for.

        Args:
            collections: The names; None is all.
            there: What the deployment has; None is what the table says.

        Raises:
            UnsupportedOperation: The deployment has none of them, or they are not computed there.
        """
        names, place = set(expand(collections)), deployment()
        known = [one for one in self.holdings if names & {one.collection, one.native_id}]
        found = [one for one in known if one.native_id in (there or place.collections)]
        if not found:
            reasons = [f"{name}: {REFUSED[name]}" for name in sorted(names & set(REFUSED))]
            raise UnsupportedOperation(
                f"the deployment {place.name} computes none of {', '.join(sorted(names))}",
                provider=self.name,
                hint="; ".join(reasons)
                or f"it computes {', '.join(self.capabilities.collections) or 'none'}",
            )
        return found

    def dates(self, request: Request) -> tuple[date, ...]:
        """Return the days (UTC) on which there is something over an area; see ``listing.dates``."""
        from multisat_sentinel_hub.listing import dates

        held = self.held(request.collections)
        return tuple(sorted({day for one in held for day in dates(deployment(), request, one)}))

    def access(self, asset: Asset) -> NoReturn:
        """Refuse: there are no files.

        Raises:
            UnsupportedOperation: Always.
        """
        raise UnsupportedOperation(
            "it gives no files, only what it computes",
            provider=self.name,
            asset=asset.key,
            hint='run a recipe on="sentinel-hub", or take the scene from another archive',
        )

    def engine(self) -> RemoteEngine:
        """Return what computes recipes there."""
        from multisat_sentinel_hub.engine import SentinelHubEngine

        return SentinelHubEngine(deployment())

    def credentials(self) -> CredentialStatus:
        """Return whether a client was found."""
        found = find_login(deployment())
        if found is None:
            return CredentialStatus(found=False, note=f"needs login: {HINT}")
        return CredentialStatus(found=True, where=found.where)

    def prove(self) -> Proof:
        """Ask for one token, if there is a login; see ``Provider.prove``."""
        place = deployment()
        if find_login(place) is None:
            return Proof(works=None, note=HINT)
        return proof_of(tokens(place))
