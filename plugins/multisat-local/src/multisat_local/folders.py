"""Which folders are the user's own, and what lies in them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from multisat.config import setting
from multisat.errors import UnsupportedOperation

NAME = "local"
VARIABLE = "MULTISAT_LOCAL"
HINT = f'set {VARIABLE}=FOLDER, or folders = "FOLDER" under [providers.{NAME}] in the configuration'


def folders() -> tuple[Path, ...]:
    """Return the folders and files that were configured, absolute, links resolved; there may be none.

    Several are separated as in ``PATH``.
    """
    named = os.environ.get(VARIABLE) or setting(NAME, "folders") or ""
    found = (Path(one.strip()).expanduser().resolve() for one in named.split(os.pathsep) if one.strip())
    return tuple(dict.fromkeys(found))


def needed() -> tuple[Path, ...]:
    """Return the folders.

    Raises:
        UnsupportedOperation: None is configured; a search of many archives passes this one over.
    """
    found = folders()
    if not found:
        raise UnsupportedOperation("no folder is configured", provider=NAME, hint=HINT)
    return found


def holds(roots: Sequence[Path], path: Path) -> bool:
    """Whether a file lies in one of the folders, links followed; beside it, if a file was configured."""
    real = path.resolve()
    return any(real.is_relative_to(root.parent if root.is_file() else root) for root in roots)
