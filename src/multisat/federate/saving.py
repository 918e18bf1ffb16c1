"""Search results as GeoJSON that any STAC tool reads, and back."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from multisat.errors import UsageError
from multisat.model import Outcome, Request, Scene
from multisat.plugins import registry

_OURS = ("multisat:provider", "multisat:collection", "multisat:acquisition")


def write(data: Mapping[str, Any], path: str | Path) -> Path:
    """Write JSON under a temporary name beside the target, then rename it."""
    target = Path(path)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(orjson.dumps(data, option=orjson.OPT_INDENT_2))
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UsageError(f"cannot write {path}: {error.strerror}", hint="choose another folder") from error
    return target


def read(path: str | Path) -> tuple[Request | None, tuple[Scene, ...], tuple[Outcome, ...], bool]:
    """Read an ItemCollection, one item, or one item per line; ``-`` is standard input.

    Returns:
        The request if the file holds it, the scenes, the outcomes, and whether a limit cut the list.

    Raises:
        UsageError: The text holds no items, or items that do not say which provider they are from.
    """
    data = _parse(_text(path), str(path))
    request = data.get("multisat:request")
    return (
        Request.from_dict(request) if request else None,
        tuple(scene_of(item) for item in data["features"]),
        tuple(Outcome.from_dict(o) for o in data.get("multisat:outcomes", ())),
        bool(data.get("multisat:cut", False)),
    )


def scene_of(item: Mapping[str, Any]) -> Scene:
    """Return the scene of an item written by ``Scene.to_item``, read with today's vocabulary.

    Raises:
        UsageError: The item does not say which provider it is from.
    """
    properties = dict(item.get("properties") or {})
    name = properties.get("multisat:provider")
    if not isinstance(name, str):
        raise UsageError(
            f"item {item.get('id')!r} does not say which provider it is from",
            hint="give items written by multisat search",
        )
    for key in _OURS:
        properties.pop(key, None)
    own = {k: v for k, v in item.items() if k != "multisat:alternates"} | {"properties": properties}
    scene = registry().provider(name).scene(own)
    return scene.with_alternates(scene_of(other) for other in item.get("multisat:alternates", ()))


def _text(path: str | Path) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError(
            f"cannot read {path}: {error.strerror}", hint="give a file written by search"
        ) from error


def _parse(text: bytes, name: str) -> dict[str, Any]:
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError:
        data = {"type": "FeatureCollection", "features": list(_lines(text, name))}
    if isinstance(data, dict) and data.get("type") == "Feature":
        data = {"type": "FeatureCollection", "features": [data]}
    if not isinstance(data, dict) or not isinstance(data.get("features"), list):
        raise UsageError(f"{name} holds no list of items", hint="give GeoJSON or one item per line")
    return data


def _lines(text: bytes, name: str) -> Iterator[Any]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                yield orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise UsageError(
                    f"{name}, line {number}: no JSON", hint="give GeoJSON or one item per line"
                ) from error
