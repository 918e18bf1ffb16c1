"""Files that are on this disk already: copied from one folder of the user's to another."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import urlsplit

from multisat.downloads.parts import Part
from multisat.errors import AssetUnreadable

_OWN = "local"
"""The provider of the user's own folders, and the only one whose addresses may be paths: a catalogue on the
network must not have a file of this disk copied."""


def is_own_file(provider: str, href: str) -> bool:
    """Whether an address is a path in a folder of the user's own."""
    return provider == _OWN and not urlsplit(href).scheme and Path(href).is_absolute()


def copy_file(source: Path, part: Part, *, overwrite: bool = False) -> bool:
    """Put a copy of a file in its place, whole; return whether there was something to copy.

    Args:
        source: The file.
        part: Where it goes.
        overwrite: Whether a file that is there, of the same size, is copied anew.

    Raises:
        AssetUnreadable: It is not there.
    """
    if not source.is_file():
        raise AssetUnreadable("the file is not in its folder any more", hint="download the scene again")
    there = part.target.is_file()
    if there and (source.samefile(part.target) or (not overwrite and _as_long(source, part.target))):
        return False
    shutil.copyfile(source, part.path)
    part.finish()
    return True


def _as_long(one: Path, other: Path) -> bool:
    return one.stat().st_size == other.stat().st_size
