"""What the steps of ``multisat demo --secure`` are made of: reading, refusals, and what hosts were shown."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from multisat.api import search
from multisat.auth import give
from multisat.errors import CredentialsError, MultisatError
from multisat.federate.loading import open_asset
from multisat.model import Asset
from multisat.raster import AnyReader, GdalReader, Reader, Window, opened, run
from multisat.sandbox import Fault, Sandbox

NASA, PC = "nasa-cmr", "planetary-computer"
_COLLECTION = {NASA: "hls-s30", PC: "sentinel-2-l2a"}
_PLACE = "11.5,48.315,11.51,48.32"
CORNER = Window(row=0, column=0, height=64, width=64)


class StepFailed(Exception):
    """A step that did not do what it should."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing to show.

    Attributes:
        title: What it is.
        work: Does it, and returns what is to be said of it.
        short: Whether tokens last two seconds.
    """

    title: str
    work: Callable[[Sandbox], str]
    short: bool = False


def asset_of(provider: str) -> Asset:
    """Search the stand-ins, and return the red band of a scene."""
    found = search(_PLACE, "2023-05", collections=[_COLLECTION[provider]], providers=[provider])
    scene = next(scene for scene in found.scenes if "red" in scene.bands)
    return scene.assets["red"]


def read(provider: str, asset: Asset, reader: Reader | None = None) -> str:
    """Read a corner of a file, and return the name of what read it."""

    async def work() -> str:
        used = reader or AnyReader()
        async with opened(used, lambda: asyncio.to_thread(open_asset, provider, asset), asset.href) as file:
            await file.read(CORNER)
            return file.info.reader

    return run(work())


def refusal(provider: str) -> str:
    """Read a file that is to be refused, and return what is said."""
    try:
        read(provider, asset_of(provider))
    except CredentialsError as error:
        return str(error)
    raise StepFailed("it was read")


def led(box: Sandbox, asset: Asset, target: str) -> str:
    """Let the data host redirect, and return what is said."""
    box.inject(Fault(provider="lpdaac", kind="redirect", to=target))
    try:
        read(NASA, asset, GdalReader())
    except MultisatError as error:
        return str(error)
    finally:
        box.clear_faults()
    raise StepFailed("it was read")


def hosts_that_saw(box: Sandbox, kind: str) -> set[str]:
    """Return the hosts that were shown a header of this kind."""
    shown = ((host, one) for host in box.hosts for one in box.credentials_at(host))
    return {host for host, one in shown if one.get("authorization", "").startswith(kind)}


@contextmanager
def given(**parts: str) -> Iterator[None]:
    """Use an Earthdata login within a block."""
    give(NASA, **parts)
    try:
        yield
    finally:
        give(NASA)


@contextmanager
def variable(name: str, value: str) -> Iterator[None]:
    """Set a variable within a block."""
    os.environ[name] = value
    try:
        yield
    finally:
        del os.environ[name]


def expect(holds: bool, otherwise: str) -> None:
    """Hold something.

    Raises:
        StepFailed: It does not hold.
    """
    if not holds:
        raise StepFailed(otherwise)
