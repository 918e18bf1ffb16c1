"""Files that are whole or not there: written under a temporary name beside the target, then renamed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from multisat.errors import UsageError


def local(path: str | Path) -> Path:
    """Return a path on this machine.

    Raises:
        UsageError: It is an address.
    """
    if "://" in str(path):
        raise UsageError("cannot write to an address", hint="write a local path and copy it there")
    return Path(path).expanduser()


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Give a temporary name that becomes the target if the block ends well, and is removed if not.

    The folder of the target is made; a file that was there stays until the new one is whole.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = _beside(target)
    try:
        yield temporary
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
        temporary.with_name(f"{temporary.name}.aux.xml").unlink(missing_ok=True)


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Do the same for a folder; one that was there is replaced as a whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary, old = _beside(target), _beside(target)
    try:
        yield temporary
        if target.exists():
            target.rename(old)
        temporary.rename(target)
    finally:
        if old.exists() and not target.exists():
            old.rename(target)
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.stem[:80]}.{uuid4().hex[:12]}.part{target.suffix}")
