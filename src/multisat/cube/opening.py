"""Opening assets: how is asked for at the moment of reading, and errors name what they are about."""

from __future__ import annotations

import threading
from collections.abc import Callable

from odc.geo.geobox import GeoBox

from multisat.contracts import Access
from multisat.cube.reader import Patch, RasterInfo, Reader
from multisat.errors import MultisatError
from multisat.model import Asset, Scene

AccessTo = Callable[[str, Asset], Access]
"""Provider name and asset to how the asset is opened now."""


class Opener:
    """A reader together with the way to each archive's files.

    Args:
        reader: Reads pixels.
        access: Tells how to open an asset of a provider now.
    """

    def __init__(self, reader: Reader, access: AccessTo) -> None:
        self.reader = reader
        self._access = access
        self._described: dict[str, RasterInfo] = {}
        self._lock = threading.Lock()

    def describe(self, scene: Scene, asset: Asset) -> RasterInfo:
        """Return a file's header, read once."""
        with self._lock:
            if asset.href in self._described:
                return self._described[asset.href]
        with _named(scene, asset):
            info = self.reader.describe(self._access(scene.provider, asset))
        with self._lock:
            return self._described.setdefault(asset.href, info)

    def read(self, scene: Scene, asset: Asset, target: GeoBox, resampling: str) -> Patch:
        """Return a file's pixels on a grid."""
        with _named(scene, asset):
            access = self._access(scene.provider, asset)
            return self.reader.read(access, target, nodata=asset.nodata, resampling=resampling)


class _named:  # noqa: N801 - reads as a word in a with statement
    """Adds provider, item and asset to errors that pass through."""

    def __init__(self, scene: Scene, asset: Asset) -> None:
        self._scene, self._asset = scene, asset

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, MultisatError):
            error.provider = error.provider or self._scene.provider
            error.item = error.item or self._scene.id
            error.asset = error.asset or self._asset.key
