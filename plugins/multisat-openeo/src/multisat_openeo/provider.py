"""openEO: scenes of a catalogue, computed with where they are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from multisat.auth import cdse
from multisat.auth.wants import CDSE_OPENEO, OPENEO
from multisat.config import setting
from multisat.contracts import Access, Asset, Capabilities, CredentialStatus, Deadline, Proof, Search
from multisat.errors import UnsupportedOperation
from multisat.model import Request, Scene
from multisat.stac import Dialect, StacProvider
from multisat.vocab.holdings import Holding
from multisat_openeo import login
from multisat_openeo.backends import habits_at
from multisat_openeo.dates import DateSearch, days_of
from multisat_openeo.scenes import served
from multisat_openeo.sources import CATALOGUE_KEYS

if TYPE_CHECKING:
    from multisat_openeo.engine import OpenEOEngine


class OpenEO(StacProvider):
    """An openEO back-end, and the catalogue of what it has.

    The setting ``url`` is the back-end and ``catalogue`` its STAC catalogue; by default those of Copernicus
    Data Space. Of other back-ends ``dates`` may list days instead of a catalogue.
    """

    name = "openeo"
    title = "openEO (Copernicus Data Space)"
    default_url = CDSE_OPENEO
    holdings = (
        Holding(
            native_id="sentinel-2-l2a",
            collection="sentinel-2-l2a",
            assets=CATALOGUE_KEYS,
            scaling="sentinel-2-esa",
            naming="sentinel-2",
            rank=9,  # files are better: nothing has to be computed to see them
            checked="2026-08-01",
            source="documentation of the catalogue of Copernicus Data Space (2025-03)",
        ),
    )
    dialect = Dialect(page_size=100, filters="cql2-json")

    @property
    def url(self) -> str:
        """Root of the catalogue; the back-end itself if none is known."""
        return (self._catalogue or self.backend).rstrip("/")

    @property
    def _catalogue(self) -> str | None:
        return setting(self.name, "catalogue") or habits_at(self.backend).catalogue

    @property
    def backend(self) -> str:
        """Address of the back-end, without a trailing slash."""
        return (setting(self.name, "url") or cdse.backend(OPENEO)).rstrip("/")

    @property
    def capabilities(self) -> Capabilities:
        """What openEO can do."""
        held = super().capabilities
        return Capabilities(
            collections=held.collections, native=held.native, assets=False, recipes=True, login="needed"
        )

    def search(
        self, request: Request, *, resume: str | None = None, deadline: Deadline | None = None
    ) -> Search:
        """Return a search of the catalogue, which asks for no login; see ``Provider.search``.

        Without a catalogue it gives the days that are known; see ``DateSearch``.

        Raises:
            LoginNeeded: No account is known, so nothing could be done with what is found.
        """
        login.log_in(self.backend)
        if self._catalogue is None:
            self.held(request.collections)
            days = days_of(setting(self.name, "dates"))
            return DateSearch(self._engine.backend, request, dates=days, build=self.scene)
        return super().search(request, resume=resume, deadline=deadline)

    def scene(self, item: Mapping[str, Any]) -> Scene:
        """Return the scene of an item, with the bands that the service has."""
        return served(super().scene(item))

    def access(self, asset: Asset) -> Access:
        """Refuse: the service has no files.

        Raises:
            UnsupportedOperation: Always.
        """
        raise UnsupportedOperation(
            f"{asset.key} is no file: openEO computes",
            provider=self.name,
            hint='run a recipe on="openeo", or load the scene from another archive',
        )

    def engine(self) -> OpenEOEngine:
        """Return what computes recipes at the back-end."""
        return self._engine

    def credentials(self) -> CredentialStatus:
        """Return whether a login was found, and where."""
        return login.status(self.backend)

    def prove(self) -> Proof:
        """Ask for one token; of a login that is sent itself, ask the back-end who we are.

        Raises:
            CredentialsError: It was refused.
            ProviderError: There is no answer.
        """
        if not (told := self.credentials()).found:
            return Proof(works=None, note=told.note)
        found = login.log_in(self.backend)
        if found.tokens is not None:
            return cdse.proof_of(found.tokens)
        self._engine.service.who()
        return Proof(works=True, note=f"{self.backend} knows the account")

    @cached_property
    def _engine(self) -> OpenEOEngine:
        from multisat_openeo.engine import OpenEOEngine
        from multisat_openeo.service import Service

        return OpenEOEngine(Service(self.backend))
