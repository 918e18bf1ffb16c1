"""STAC items beside files, so that what was downloaded is found again without a network."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from multisat.downloads.outcome import Download, FileStatus
from multisat.downloads.plan import asset_of, file_names
from multisat.errors import MultisatError
from multisat.model import Scene

ITEM = "item.json"
"""Name of the item in the folder of its scene."""
_WHOLE = (FileStatus.DONE, FileStatus.THERE)


def keep_items(places: Sequence[tuple[Scene, Path]], ended: Sequence[Download]) -> tuple[str, ...]:
    """Write the item of each scene into its folder; return what could not be written, in sentences.

    Args:
        places: Scenes with their folders.
        ended: What became of the files; a scene none of whose files is whole gets no item.
    """
    filled = {one.path.parent for one in ended if one.path is not None and one.status in _WHOLE}
    problems = []
    for scene, folder in places:
        if folder in filled and scene.item.get("type") == "Feature":
            try:
                _write(item_beside(scene, folder), folder / ITEM)
            except OSError as error:
                problems.append(f"the item of {scene.id} is not kept: {error.strerror or error}")
    return tuple(problems)


def item_beside(scene: Scene, folder: Path) -> dict[str, Any]:
    """Return the item of a scene: files that are in the folder by their names, others where they were.

    Hrefs are unsigned, and the item says which archive it is from.
    """
    item = scene.to_item()
    assets = dict(item["assets"])
    for band, name in file_names(scene).items():
        key = _key(scene, band)
        key = key if key in assets else key.rpartition("/")[2]  # a provider may put an archive before it
        if key in assets and (folder / name).is_file():
            assets[key] = {**assets[key], "href": f"./{name}"}
    return {**item, "assets": assets}


def _key(scene: Scene, band: str) -> str:
    try:
        return asset_of(scene, band).key
    except MultisatError:
        return ""


def _write(item: dict[str, Any], path: Path) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(orjson.dumps(item, option=orjson.OPT_INDENT_2))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
