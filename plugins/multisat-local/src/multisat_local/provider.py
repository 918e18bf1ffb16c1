"""The provider of what the user already has."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from multisat.contracts import (
    Access,
    Asset,
    Capabilities,
    CredentialStatus,
    Deadline,
    Provider,
    Search,
)
from multisat.errors import AssetUnreadable, UnsupportedOperation
from multisat.model import FileAsset, Request, Scene
from multisat.vocab.collections import expand
from multisat.vocab.holdings import Holding
from multisat_local.folders import HINT, NAME, VARIABLE, folders, holds, needed
from multisat_local.items import is_path
from multisat_local.scenes import HOLDINGS, scene_of
from multisat_local.store import Store

_REMOTE = ("https://", "http://", "s3://")


class Local(Provider):
    """Scenes in the folders that ``MULTISAT_LOCAL`` names."""

    name = NAME
    title = "Your own folders"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stores: dict[tuple[Path, ...], Store] = {}

    @property
    def capabilities(self) -> Capabilities:
        """What can be kept in a folder; nothing is read for it."""
        names = (name for h in HOLDINGS for name in (h.native_id, *h.also))
        return Capabilities(
            collections=tuple(dict.fromkeys(h.collection for h in HOLDINGS)),
            native=tuple(dict.fromkeys(names)),
            counts=True,
        )

    def search(
        self, request: Request, *, resume: str | None = None, deadline: Deadline | None = None
    ) -> Search:
        """Return a search; see ``Provider.search``. Files are read at its first page."""
        from multisat_local.search import LocalSearch

        return LocalSearch(
            self._store(needed()),
            request,
            _held(request.collections),
            self.scene,
            resume=resume,
            deadline=deadline,
        )

    def scene(self, item: Mapping[str, Any]) -> Scene:
        """Return the scene of an item of these folders."""
        return scene_of(item)

    def access(self, asset: Asset) -> Access:
        """Return how to open a file: by its path, or as the archive does that still has it.

        Raises:
            AssetUnreadable: It is in none of the folders, or at no address that is read.
            UsageError: The archive that has it is not installed.
        """
        if is_path(asset.href):
            return self._here(asset)
        archive, _, key = asset.key.rpartition("/")
        if archive:
            from multisat.plugins import registry

            return registry().provider(archive).access(replace(cast("FileAsset", asset), key=key))
        if not asset.href.startswith(_REMOTE):
            raise AssetUnreadable("it is at no address that is read", provider=NAME, asset=asset.key)
        return Access(href=asset.href)

    def credentials(self) -> CredentialStatus:
        """Return which folders are searched; there is no login."""
        roots = folders()
        told = f"no login needed; in {', '.join(map(str, roots))}" if roots else f"no folder yet: {HINT}"
        return CredentialStatus(found=False, note=told)

    def _store(self, roots: tuple[Path, ...]) -> Store:
        with self._lock:
            if roots not in self._stores:
                self._stores[roots] = Store(roots)
            return self._stores[roots]

    def _here(self, asset: Asset) -> Access:
        if not holds(folders(), Path(asset.href)):
            raise AssetUnreadable(
                f"{asset.href} is in none of the folders that may be read",
                provider=NAME,
                asset=asset.key,
                hint=f"add its folder to {VARIABLE} if it is yours",
            )
        return Access(href=asset.href)


def _held(collections: tuple[str, ...] | None) -> list[Holding]:
    names = set(expand(collections))
    found = [h for h in HOLDINGS if names & {h.collection, h.native_id, *h.also}]
    if not found:
        raise UnsupportedOperation(
            f"holds none of {', '.join(sorted(names))}",
            provider=NAME,
            hint=f"it may hold {', '.join(dict.fromkeys(h.collection for h in HOLDINGS))}",
        )
    return found
