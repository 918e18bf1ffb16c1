"""Reading other tools' files; what does not parse is named, and nothing of it is quoted."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from multisat.errors import CredentialsError


def toml_table(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file, empty if there is no such file.

    Raises:
        CredentialsError: It cannot be read.
    """
    text = _text(path)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _broken(path, str(error).partition("(at ")[2].rstrip(")")) from None


def json_object(path: Path) -> dict[str, Any]:
    """Return the object of a JSON file, empty if there is no such file.

    Raises:
        CredentialsError: It cannot be read.
    """
    text = _text(path)
    try:
        found = json.loads(text or "{}")
    except json.JSONDecodeError as error:
        raise _broken(path, f"line {error.lineno}") from None
    if not isinstance(found, dict):
        raise _broken(path, "line 1")
    return found


def inner(found: object, *keys: str) -> dict[str, Any]:
    """Return an object within objects, empty if it is not there."""
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        what = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise CredentialsError(f"cannot read {path}: {what}", hint="check the file") from None


def _broken(path: Path, where: str) -> CredentialsError:
    return CredentialsError(
        f"{path}, {where or 'line 1'}: does not parse", hint="mend it, or move the file away"
    )
