"""From scenes of many archives to pixels: each file is opened by the provider it is from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from multisat.contracts import Access
from multisat.federate.remote import left_out, load_remotely, readable
from multisat.model import Asset, Scene
from multisat.plugins import registry

if TYPE_CHECKING:
    import xarray


def load_scenes(scenes: Sequence[Scene], bands: str | Sequence[str], **options: Any) -> xarray.Dataset:  # noqa: ANN401
    """Read bands of scenes; see ``multisat.load`` for the options."""
    import multisat.accessor  # noqa: F401 - gives cubes their .multisat
    from multisat.cube import load

    names = [bands] if isinstance(bands, str) else list(bands)
    files, others = readable(scenes)
    if others and not files:
        return load_remotely(others, names, **options)
    left_out(others)
    return load(files, names, access=open_asset, **options)


def open_asset(provider: str, asset: Asset) -> Access:
    """Return how to open an asset now; called where the read happens, never stored."""
    return registry().provider(provider).access(asset)
