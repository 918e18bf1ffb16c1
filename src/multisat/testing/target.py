"""What the checks are tried on: where an archive is asked for what, and how it can be made to fail."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Literal

from multisat.contracts import Provider

Part = Literal["catalogue", "files"]
Breaking = Callable[[Part, str], AbstractContextManager[None]]
"""Called with what fails and how: a status such as ``"500"``, ``"hang"``, or ``"html"`` (a login page)."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a provider is tried. The defaults ask the archive itself for a summer at Munich.

    Attributes:
        environment: Variables for the time of the checks; None removes one.
        aoi: An area with scenes; what ``AOI.of`` takes, WGS 84 if it has no CRS of its own.
        time: A time range with scenes there, UTC, half open.
        collections: What is asked for; None is all that the provider has and that has dates.
        dateline: An area across ±180° with scenes on both sides, or None.
        busy: An area and a time with more scenes than a page holds, and fewer than a few thousand; or None.
        empty: An area without any scene, or None.
        login: Names of variables of ``environment`` that are the login.
        secrets: What must be in no message, log, repr or file.
        breaking: Makes the catalogue or the files fail for the length of a block, or None.
        twin: Makes a provider with files of what the service computes on; None if it has files itself.
        deadline: Seconds that anything may take.
        patience: Seconds that are given to what is broken.
    """

    environment: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    aoi: object = (11.495, 48.312, 11.52, 48.33)
    time: str = "2023-05/2023-07"
    collections: tuple[str, ...] | None = None
    dateline: object = None
    busy: tuple[object, str] | None = None
    empty: object = None
    login: tuple[str, ...] = ()
    secrets: tuple[str, ...] = field(default=(), repr=False)
    breaking: Breaking | None = None
    twin: Callable[[], Provider] | None = None
    deadline: float = 60.0
    patience: float = 0.6


@contextmanager
def environment(values: Mapping[str, str | None]) -> Iterator[None]:
    """Set variables of this process for the length of a block; None removes one."""
    before = {name: os.environ.get(name) for name in values}
    try:
        _set(values)
        yield
    finally:
        _set(before)


def _set(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
