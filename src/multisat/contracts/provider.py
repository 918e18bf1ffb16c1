"""An archive."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from multisat.contracts.access import Access
from multisat.contracts.capabilities import Capabilities, CredentialStatus
from multisat.contracts.deadline import Deadline
from multisat.contracts.proof import Proof
from multisat.contracts.remote import RemoteEngine
from multisat.contracts.search import Search
from multisat.errors import UnsupportedOperation
from multisat.model import Asset, Request, Scene


class Provider(ABC):
    """An archive that lists scenes and, where it can, opens their pixels.

    Attributes:
        name: Provider name, lower case with hyphens; unique among installed plugins.
        title: What a reader sees.
    """

    name: ClassVar[str]
    title: ClassVar[str] = ""

    @property
    @abstractmethod
    def capabilities(self) -> Capabilities:
        """What this archive can do. Cheap: nothing is asked of the network."""

    @abstractmethod
    def search(
        self, request: Request, *, resume: str | None = None, deadline: Deadline | None = None
    ) -> Search:
        """Return a search that has asked nothing yet.

        Args:
            request: The question.
            resume: Token of an earlier, incomplete search of the same request.
            deadline: Total time limit; the search stops with ``ProviderTimeout`` when it passes.

        Raises:
            UnsupportedOperation: The request asks for something this archive cannot do.
        """

    @abstractmethod
    def scene(self, item: Mapping[str, Any]) -> Scene:
        """Return the scene of an item this archive gave, for instance one read from a file.

        Args:
            item: A STAC item, or the archive's own record, as it came.

        Raises:
            InvalidAnswer: The item lacks what every item must have.
        """

    def access(self, asset: Asset) -> Access:
        """Return how to open an asset now, signed if need be. Called where the read happens.

        Args:
            asset: One of a scene's ``assets``.

        Raises:
            CredentialsError: A login is needed and none is there.
        """
        return Access(href=asset.href)

    def engine(self) -> RemoteEngine:
        """Return what computes recipes at the service; nothing is asked of it yet.

        Raises:
            UnsupportedOperation: It computes none.
        """
        raise UnsupportedOperation(
            f"{self.name} computes no recipes", provider=self.name, hint="load its files and compute here"
        )

    def credentials(self) -> CredentialStatus:
        """Return whether a login was found. Reads files and environment, asks no network."""
        return CredentialStatus(found=False, note="no login needed")

    def prove(self) -> Proof:
        """Try the login with one request, without opening a file.

        Raises:
            CredentialsError: It is missing or was refused.
            ProviderError: There is no answer.
        """
        return Proof(works=None, note="no login needed")
