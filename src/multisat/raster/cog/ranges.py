"""Ranges of bytes of one file; what goes wrong is said in words, without its address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

import obstore
from obstore.exceptions import (
    BaseError,
    NotSupportedError,
    PermissionDeniedError,
    UnauthenticatedError,
)

from multisat.contracts import Access
from multisat.errors import AssetRefused, AssetUnreadable
from multisat.raster.budget import Budget
from multisat.raster.cog.limits import Limits
from multisat.raster.cog.refusals import NotForEngine, ReplacedError
from multisat.raster.cog.stores import locate

_STATUS = re.compile(r"status code: (\d{3})")
_BODY_TRIES = 3
_REFUSED = {401, 403}
_PEEK = 512


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """What tells one version of a file from the next.

    Attributes:
        size: Bytes of the whole file.
        tag: Its ETag, or else the time of its last change; empty if the server tells neither.
    """

    size: int
    tag: str


class RangeFile:
    """One file on a server.

    Args:
        access: How to open it.
        limits: Bounds of its store.
        requests: Requests that may be in flight.
        memory: Bytes that may be at hand.
    """

    def __init__(self, access: Access, limits: Limits, requests: Budget, memory: Budget) -> None:
        self._store, self._path = locate(access, limits)
        self._requests = requests
        self.memory = memory

    async def get(self, start: int, stop: int, known: Identity | None = None) -> tuple[memoryview, Identity]:
        """Return bytes from ``start`` to before ``stop``, or to the end of the file.

        Args:
            start: First byte.
            stop: The byte after the last.
            known: What the file is believed to be.

        Raises:
            AssetUnreadable: It is gone, refused, cut, or the server fails or stalls.
            NotForEngine: The server gives no ranges.
            ReplacedError: It is another file than the one that is known.
        """
        async with self._requests.take(1):
            data, found = await self._tried(start, stop)
        if known is not None and found != known:
            raise ReplacedError
        if len(data) < min(stop, found.size) - start:
            raise AssetUnreadable("the server sends less than it says", hint="try again later")
        return data, found

    async def _tried(self, start: int, stop: int) -> tuple[memoryview, Identity]:
        """Ask; a connection that is lost within an answer is the one thing the store does not mend."""
        for turn in range(_BODY_TRIES):
            try:
                answer = await obstore.get_async(self._store, self._path, options={"range": (start, stop)})
            except NotSupportedError:
                return await self._no_ranges()
            except (BaseError, OSError, ValueError) as error:
                _refuse(error)
            try:
                data = memoryview(await answer.bytes_async())
            except (BaseError, OSError) as error:
                if turn == _BODY_TRIES - 1:
                    _refuse(error)
            else:
                meta = answer.meta
                changed = str(int(meta["last_modified"].timestamp()) or "")
                return data, Identity(size=meta["size"], tag=meta["e_tag"] or changed)
        raise AssertionError("unreachable")

    async def _no_ranges(self) -> NoReturn:
        """Tell a web page, such as a login, from a server that gives no ranges."""
        start = b""
        try:
            answer = await obstore.get_async(self._store, self._path)
            async for chunk in answer.stream(min_chunk_size=_PEEK):
                start = bytes(chunk)[:_PEEK]
                break
        except (BaseError, OSError) as error:
            _refuse(error)
        refuse_page(start)
        raise NotForEngine("its server gives no ranges")


def refuse_page(start: bytes) -> None:
    """Raise if a file begins as a web page does.

    Raises:
        AssetRefused: It does.
    """
    if re.match(rb"\s*(<!doctype html|<html|<\?xml[^>]*>\s*<(html|error))", start, re.IGNORECASE):
        raise AssetRefused(
            "the server sends a web page instead of the file",
            hint="it may be asking for a login: multisat doctor",
        )


def _refuse(error: Exception) -> NoReturn:
    """Raise what an error of the store means; its own text holds the signed address."""
    text = str(error)
    found = _STATUS.search(text)
    status = int(found.group(1)) if found else None
    if isinstance(error, FileNotFoundError) or status in (404, 410):
        raise AssetUnreadable(
            "it is gone (404)", hint="the archive may have replaced it: search again"
        ) from None
    if isinstance(error, PermissionDeniedError | UnauthenticatedError) or status in _REFUSED:
        raise AssetRefused(
            f"access is refused ({status or 403})", hint="it may need a login: multisat doctor"
        ) from None
    if status is not None:
        raise AssetUnreadable(
            f"the server answers {status}, also when asked again", hint="try again later"
        ) from None
    if "Requested " in text or "Content-Range" in text:
        raise AssetUnreadable("the server sends other bytes than asked for", hint="try again later") from None
    if "Timeout" in text or "timed out" in text:
        raise AssetUnreadable("the server stalls: no byte for too long", hint="try again later") from None
    if "body" in text and "error" in text:
        raise AssetUnreadable(
            "the connection is lost within the file", hint="it may be cut; try again later"
        ) from None
    raise AssetUnreadable("the server does not answer", hint="check the network, try again later") from None
