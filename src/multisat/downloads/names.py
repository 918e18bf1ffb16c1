"""File names from names that came over the network."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from hashlib import sha256
from pathlib import PurePosixPath
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from multisat.errors import MultisatError

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_LONGEST = 100
_LONGEST_SUFFIX = 12
_MARK = 10

K = TypeVar("K", bound=Hashable)


def safe_name(text: str) -> str:
    """Return a file name that stays where it is put, on any system.

    Only letters, digits, ``.``, ``_`` and ``-`` are kept; there is no leading dot and no ``..``. A name
    that had to be changed gets a mark made of the whole text, so that two texts stay two names.
    """
    plain = re.sub(r"\.{2,}", ".", _UNSAFE.sub("_", text)).lstrip(".-").rstrip(".")
    if not plain or _RESERVED.fullmatch(plain):
        plain = f"_{plain}"
    return plain if plain == text and len(plain) <= _LONGEST else marked(plain, text)


def marked(name: str, text: str) -> str:
    """Return a safe name with a mark made of a text, before its ending."""
    mark = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_MARK]
    suffix = PurePosixPath(name).suffix
    suffix = suffix if len(suffix) <= _LONGEST_SUFFIX else ""
    stem = name[: len(name) - len(suffix)][: _LONGEST - len(suffix) - _MARK - 1]
    return f"{stem.rstrip('.')}-{mark}{suffix}"


def distinct(wanted: Iterable[tuple[K, str]]) -> dict[K, str]:
    """Return a safe name for each key, no two alike even where upper and lower case are the same.

    Args:
        wanted: Keys with the names they would have; the first keeps its name.
    """
    names: dict[K, str] = {}
    taken: set[str] = set()
    for key, text in wanted:
        name = safe_name(text)
        while name.casefold() in taken:
            name = marked(name, f"{key}{name}")
        taken.add(name.casefold())
        names[key] = name
    return names


def last_part(href: str) -> str:
    """Return the file name in an address, without its query.

    Raises:
        MultisatError: It is no address.
    """
    try:
        return unquote(urlsplit(href).path).rstrip("/").rpartition("/")[2]
    except ValueError:
        raise MultisatError("the catalogue's address is no address", hint="tell the archive") from None
