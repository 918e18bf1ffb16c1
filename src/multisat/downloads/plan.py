"""Which files of which scenes go where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from multisat.downloads.copying import is_own_file
from multisat.downloads.names import distinct, last_part
from multisat.downloads.outcome import Download, FileStatus
from multisat.errors import BaselineMissing, MultisatError, NothingFound
from multisat.model import Asset, Scene
from multisat.vocab.bands import band as known_band
from multisat.vocab.bands import resolve


@dataclass(frozen=True, kw_only=True)
class Job:
    """One file to download.

    Attributes:
        provider: Provider name.
        item: Id of the scene.
        band: Canonical band of the file.
        asset: The file.
        path: Where it goes.
        size: Bytes it has by the catalogue, or None.
        checksum: Multihash it has by the catalogue, in hexadecimal, or None.
    """

    provider: str
    item: str
    band: str
    asset: Asset
    path: Path
    size: int | None = None
    checksum: str | None = None

    def outcome(self, status: FileStatus, **told: Any) -> Download:  # noqa: ANN401 - fields of Download
        """Return what became of it."""
        return Download(
            provider=self.provider,
            item=self.item,
            asset=self.asset.key,
            band=self.band,
            status=status,
            path=self.path,
            **told,
        )


def plan(homes: Sequence[tuple[Scene, Path]], wanted: tuple[str, ...] | None) -> list[Job | Download]:
    """Return a job for each file, and the outcome of those that cannot even begin.

    Args:
        homes: What ``places`` gave.
        wanted: Canonical names, or None for every file that has one.

    Raises:
        NothingFound: No scene has any of the bands.
    """
    planned = [one for copy, home in homes for one in _of_scene(copy, wanted, home)]
    if all(isinstance(one, Download) and one.status is FileStatus.ABSENT for one in planned):
        there = sorted({band for copy, _ in homes for band in copy.bands})
        raise NothingFound(
            f"no scene has any of the bands {', '.join(wanted or ())}".rstrip(),
            hint=f"they have {', '.join(there) or 'none'}",
        )
    return planned


def places(scenes: Sequence[Scene], wanted: tuple[str, ...] | None, folder: Path) -> list[tuple[Scene, Path]]:
    """Return the copies that are taken, each with the folder its files go to.

    Args:
        scenes: Scenes; of each the copy is taken that has most of the bands over https, or on this disk.
        wanted: Canonical names, or None for every file that has one.
        folder: Where the files go: one folder per scene.
    """
    chosen = {copy.uid: copy for copy in (_best_copy(scene, wanted) for scene in scenes)}
    names = distinct((uid, copy.id) for uid, copy in chosen.items())
    return [(copy, folder / names[uid]) for uid, copy in chosen.items()]


def file_names(scene: Scene) -> dict[str, str]:
    """Return the name of each band's file in the folder of its scene.

    Named over all files of the scene, so that a name does not depend on the bands of one call.
    """
    return distinct((band, _file_name(_asset_or_error(scene, band), band)) for band in scene.bands)


def canonical(bands: Sequence[str] | None) -> tuple[str, ...] | None:
    """Return canonical names, once each; None stays None.

    Raises:
        UsageError: There is no such band.
    """
    return None if bands is None else tuple(dict.fromkeys(known_band(name).name for name in bands))


def _best_copy(scene: Scene, bands: tuple[str, ...] | None) -> Scene:
    wanted = scene.bands if bands is None else bands
    return min(scene.copies, key=lambda copy: sum(not _at_hand(copy, band) for band in wanted))


def _at_hand(scene: Scene, name: str) -> bool:
    """Whether a file of a band can be had: over https, or from the user's own disk."""
    band = resolve(name, scene.bands, scene.collection)
    try:
        if band is None:
            return False
        href = asset_of(scene, band).href
        return href.startswith(("https:", "http:")) or is_own_file(scene.provider, href)
    except MultisatError:
        return False


def asset_of(scene: Scene, band: str) -> Asset:
    """Return a file; a baseline that is not known matters to its numbers, not to its bytes."""
    try:
        return scene.assets[band]
    except BaselineMissing:
        return scene.with_baseline("00.00").assets[band]


def _of_scene(scene: Scene, bands: tuple[str, ...] | None, folder: Path) -> list[Job | Download]:
    names = file_names(scene)
    found = {name: resolve(name, scene.bands, scene.collection) for name in bands or scene.bands}
    planned = dict.fromkeys(found.values())
    absent = [_missing(scene, name) for name, band in found.items() if band is None]
    files = [(b, _asset_or_error(scene, b)) for b in planned if b is not None]
    return [_one(scene, band, file, folder / names[band]) for band, file in files] + absent


def _asset_or_error(scene: Scene, band: str) -> Asset | MultisatError:
    try:
        asset = asset_of(scene, band)
        last_part(asset.href)
    except MultisatError as error:
        return error
    return asset


def _file_name(file: Asset | MultisatError, band: str) -> str:
    return band if isinstance(file, MultisatError) else last_part(file.href) or band


def _missing(scene: Scene, band: str) -> Download:
    return Download(provider=scene.provider, item=scene.id, band=band, status=FileStatus.ABSENT)


def _one(scene: Scene, band: str, file: Asset | MultisatError, path: Path) -> Job | Download:
    where: dict[str, Any] = {"provider": scene.provider, "item": scene.id, "band": band}
    if isinstance(file, MultisatError):
        return Download(**where, status=FileStatus.FAILED, error=str(file))
    told = _told(scene, file)
    size = told.get("file:size")
    checksum = told.get("file:checksum") or told.get("checksum:multihash")
    return Job(
        **where,
        asset=file,
        path=path,
        size=size if isinstance(size, int) and not isinstance(size, bool) and size >= 0 else None,
        checksum=checksum if isinstance(checksum, str) else None,
    )


def _told(scene: Scene, asset: Asset) -> Mapping[str, Any]:
    """Return what the archive's item says of a file."""
    assets = scene.item.get("assets")
    told = assets.get(asset.key) if isinstance(assets, Mapping) else None
    return told if isinstance(told, Mapping) else {}
