"""Items that hold wherever they are taken: addresses in full, and the archive they are from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from multisat_local.folders import NAME

Json = Mapping[str, Any]
FROM = "multisat:from"
"""The archive an item is from, by its provider name; ``multisat:provider`` will say that it is here."""
_OURS = ("multisat:provider", "multisat:collection", "multisat:acquisition")
_LEFT = ("links", "multisat:alternates")


def is_item(data: object) -> bool:
    """Whether JSON is a STAC item, well or not: other GeoJSON has no assets."""
    return isinstance(data, Mapping) and data.get("type") == "Feature" and "assets" in data


def archive_of(item: Json) -> str | None:
    """Return the archive an item is from, or None if it does not say."""
    properties = item.get("properties")
    said = properties if isinstance(properties, Mapping) else {}
    names = (said.get("multisat:provider"), said.get(FROM))
    return next((name for name in names if isinstance(name, str) and name != NAME), None)


def kept(item: Json, folder: Path) -> dict[str, Any]:
    """Return an item as it is kept here.

    Args:
        item: As it came out of a file.
        folder: The folder of that file, absolute; relative addresses begin there.
    """
    found = {key: value for key, value in item.items() if key not in _LEFT}
    properties, assets = item.get("properties"), item.get("assets")
    where = str(folder)
    if isinstance(properties, Mapping):
        archive = archive_of(item)
        said = {key: value for key, value in properties.items() if key not in (*_OURS, FROM)}
        found["properties"] = said if archive is None else {**said, FROM: archive}
    if isinstance(assets, Mapping):
        found["assets"] = {key: _addressed(asset, where) for key, asset in assets.items()}
    return {**found, "links": []}


def files_here(item: Json) -> int:
    """Return how many files of a kept item are on this disk, by their addresses."""
    return sum(is_path(asset.get("href")) for asset in item["assets"].values() if isinstance(asset, Mapping))


def is_path(href: object) -> bool:
    """Whether an address is a path on this disk."""
    return isinstance(href, str) and "://" not in href


def _addressed(asset: Any, folder: str) -> Any:  # noqa: ANN401 - JSON
    href = asset.get("href") if isinstance(asset, Mapping) else None
    return {**asset, "href": _address(href, folder)} if isinstance(href, str) else asset


def _address(href: str, folder: str) -> str:
    """Return an address in full; whether a path may be opened is judged when it is."""
    if href.startswith("file://"):
        href = unquote(urlsplit(href).path)
    if not is_path(href):
        return href
    return os.path.normpath(os.path.join(folder, href))  # noqa: PTH118 - a path has no normpath, and is slow
