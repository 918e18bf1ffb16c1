"""Checks of assets: bands of the vocabulary, numbers with reasons, addresses without signatures."""

from __future__ import annotations

import math
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from multisat.errors import BaselineMissing
from multisat.model import Asset, Scene
from multisat.testing.asking import needs
from multisat.testing.trial import Trial, expect
from multisat.vocab.bands import BANDS
from multisat.vocab.collections import COLLECTIONS

_SIGNED = {"sig", "signature", "token", "access_token", "x-amz-signature", "x-amz-security-token"}


@needs("search")
def check_bands_are_in_the_vocabulary(trial: Trial) -> None:
    """Bands have canonical names, such as ``red``, not the archive's, such as ``B04``."""
    odd = {band for scene in trial.scenes for band in scene.assets if band not in BANDS}
    expect(not odd, f"these are no bands of the vocabulary: {', '.join(sorted(odd))}")


@needs("search")
def check_assets_are_under_their_bands(trial: Trial) -> None:
    """An asset found under a band is of that band."""
    odd = [f"{a.band} under {b} in {s.id}" for s, b, a in _known(trial) if a.band != b]
    expect(not odd, f"found {odd[:3]}")


@needs("search")
def check_scaling_has_reasons(trial: Trial) -> None:
    """Scale, offset and no-data are finite numbers, and each asset says why they hold."""
    for scene, band, asset in _known(trial):
        where = f"{band} of {scene.id}"
        expect(asset.why.strip(), f"{where} does not say why its scale is {asset.scale}")
        expect(math.isfinite(asset.scale) and asset.scale != 0, f"{where} has the scale {asset.scale}")
        expect(math.isfinite(asset.offset), f"{where} has the offset {asset.offset}")


@needs("search")
def check_units_are_those_of_the_vocabulary(trial: Trial) -> None:
    """Physical values are in the unit that the band has everywhere."""
    odd = [(s.id, b, a.unit) for s, b, a in _known(trial) if a.unit != BANDS[b].unit]
    expect(not odd, f"units differ from the vocabulary: {odd[:3]}")


@needs("search")
def check_addresses_are_unsigned(trial: Trial) -> None:
    """Hrefs hold no signature, token or password: those are made when a file is opened."""
    odd = [f"{b} of {s.id}" for s, b, a in _known(trial) if _is_signed(a.href)]
    expect(not odd, f"the addresses of {odd[:3]} hold a credential")


@needs("search")
def check_quality_layers_are_there(trial: Trial) -> None:
    """Where a collection has a quality layer, the scenes with measured bands have it."""
    for scene in trial.scenes:
        known = COLLECTIONS.get(scene.collection)
        bare = known is not None and known.quality and scene.assets and known.quality not in scene.assets
        expect(not bare, f"{scene.id} has bands, and no {known and known.quality} to mask clouds with")


def _known(trial: Trial) -> Iterator[tuple[Scene, str, Asset]]:
    """Give the assets of bands in the vocabulary; where an offset would be a guess, there is none."""
    for scene in trial.scenes:
        for band in scene.assets:
            try:
                asset = scene.assets[band]
            except BaselineMissing:
                continue
            if band in BANDS:
                yield scene, band, asset


def _is_signed(href: str) -> bool:
    parts = urlsplit(href)
    return bool(parts.password) or any(name.lower() in _SIGNED for name, _ in parse_qsl(parts.query))
