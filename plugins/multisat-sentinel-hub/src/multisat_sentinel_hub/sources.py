"""What the service is asked for: its bands, and the numbers in them of each scene."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from multisat.cube.scene_pixels import quality_layer
from multisat.model import Asset, Scene
from multisat.steps import Steps
from multisat.vocab.bands import resolve
from multisat.vocab.masks import QualityLayer
from multisat_sentinel_hub.holdings import UNITS


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Bands of one collection, in the order in which they are asked for.

    Attributes:
        wanted: Canonical bands of a recipe, as it names them.
        layer: How the quality layer is read, or None if nothing is masked.
        keys: The service's names of all bands that are read, the quality layer among them.
    """

    wanted: tuple[str, ...]
    layer: QualityLayer | None
    keys: tuple[str, ...]

    @classmethod
    def of(cls, steps: Steps, scenes: Sequence[Scene]) -> Sources:
        """Return what a recipe reads of scenes of one collection."""
        layer = quality_layer(scenes[0]) if steps.masked is not None and scenes else None
        found: Iterable[Asset | None] = chain.from_iterable(
            (*(asset(scene, band) for band in steps.needs), quality(scene, layer)) for scene in scenes
        )
        keys = tuple(dict.fromkeys(one.key for one in found if one is not None))
        return cls(wanted=steps.needs, layer=layer, keys=keys)

    @property
    def input(self) -> dict[str, list[str]]:
        """The input of an evalscript."""
        return {
            "bands": [*self.keys, "dataMask"],
            "units": [*(UNITS.get(key, "DN") for key in self.keys), "DN"],
        }


def asset(scene: Scene, band: str) -> Asset | None:
    """Return what answers to a canonical band of a scene, or None."""
    own = resolve(band, scene.bands, scene.collection)
    return None if own is None else scene.assets[own]


def quality(scene: Scene, layer: QualityLayer | None) -> Asset | None:
    """Return the quality layer of a scene, or None if it has none."""
    return scene.assets[layer.band] if layer is not None and layer.band in scene.bands else None
