"""All entries of the sandbox."""

from __future__ import annotations

from functools import cache

from multisat.sandbox.archive import hls, landsat, others, sentinel2
from multisat.sandbox.archive.entry import Entry


@cache
def scenes() -> tuple[Entry, ...]:
    """Return the scenes with a place and, most of them, with files."""
    return (*sentinel2.entries(), *landsat.entries(), *hls.entries(), *others.entries())


@cache
def everything() -> tuple[Entry, ...]:
    """Return the scenes and the thousands of entries without files."""
    return (*scenes(), *others.bulk())
