"""Answers that are wrong on purpose."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Literal

from multisat.sandbox.http import Response, write

Broken = Literal["hang", "slow", "cut", "html", "garbage", "huge", "repeat-next", "redirect"]
Kind = Broken | Literal["401", "403", "404", "429", "500", "502", "503", "504"]
_LOGIN = b"<!DOCTYPE html><html><title>Sign in</title><body>Please sign in to continue.</body></html>"
_HUGE = 2**30


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that goes wrong.

    Attributes:
        provider: Whose requests; ``"files"`` for the file server, or the name of a secure host.
        kind: What happens: ``hang`` never answers, ``slow`` trickles the body, ``cut`` ends it half
            way, ``html`` is a login page, ``garbage`` random bytes, ``huge`` a body without end,
            ``repeat-next`` a next link that leads to the same page, ``redirect`` answers 302,
            numbers are statuses.
        match: Part of the path, or None for every path.
        page: Page of a search, from 1; None for every page.
        above_limit: Only searches that ask for more items a page than this.
        times: How often; None is for ever.
        retry_after: ``Retry-After`` header to send with a status.
        to: Where ``redirect`` leads; empty for the same address again.
    """

    provider: str
    kind: Kind
    match: str | None = None
    page: int | None = None
    above_limit: int | None = None
    times: int | None = None
    retry_after: str | None = None
    to: str = ""

    def hits(self, provider: str, path: str, page: int, limit: int | None) -> bool:
        """Whether a request is one that goes wrong.

        Args:
            provider: Who is asked.
            path: Path of the request.
            page: Page of a search, from 1.
            limit: Items asked for.
        """
        return (
            self.provider == provider
            and (self.match is None or self.match in path)
            and (self.page is None or self.page == page)
            and (self.above_limit is None or (limit or 0) > self.above_limit)
        )


class Faults:
    """The faults in force. Safe to change while the server runs."""

    def __init__(self) -> None:
        self._left: list[tuple[Fault, int | None]] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Put a fault in force."""
        with self._lock:
            self._left.append((fault, fault.times))

    def clear(self) -> None:
        """Take all faults away."""
        with self._lock:
            self._left.clear()

    def next_for(self, provider: str, path: str, page: int, limit: int | None) -> Fault | None:
        """Return the fault a request meets, counted down, or None."""
        with self._lock:
            for index, (fault, left) in enumerate(self._left):
                if left != 0 and fault.hits(provider, path, page, limit):
                    self._left[index] = (fault, None if left is None else left - 1)
                    return fault
        return None


def broken(fault: Fault, whole: Response, stopping: threading.Event) -> Response:
    """Return what a fault makes of an answer.

    Args:
        fault: What goes wrong.
        whole: The answer as it would be.
        stopping: Set when the server ends; what hangs ends with it.
    """
    if fault.kind.isdigit():
        extra = {"Retry-After": fault.retry_after} if fault.retry_after else {}
        return Response(status=int(fault.kind), headers=extra)
    if fault.kind == "html":
        return Response(body=_LOGIN, headers={"Content-Type": "text/html"})
    if fault.kind == "garbage":
        return Response(body=os.urandom(max(512, len(whole.body))), headers=whole.headers)
    if fault.kind == "redirect":
        return Response(send=lambda handler: write(handler, _redirect(fault.to or handler.path)))
    sender: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {
        "hang": lambda handler: _hang(handler, stopping),
        "slow": lambda handler: _stream(handler, whole, _trickle(whole.body, stopping), len(whole.body)),
        "cut": lambda handler: _stream(
            handler, whole, iter([whole.body[: len(whole.body) // 2]]), len(whole.body)
        ),
        "huge": lambda handler: _stream(handler, whole, _endless(stopping), _HUGE),
    }
    return Response(send=sender.get(fault.kind, lambda handler: write(handler, whole)))


def _redirect(where: str) -> Response:
    return Response(status=302, headers={"Location": where})


def _hang(handler: BaseHTTPRequestHandler, stopping: threading.Event) -> None:
    stopping.wait(600)
    handler.close_connection = True


def _stream(handler: BaseHTTPRequestHandler, whole: Response, chunks: Iterator[bytes], length: int) -> None:
    """Write a body piece by piece under a promised length, then close."""
    handler.send_response(whole.status)
    for name, value in {**whole.headers, "Content-Length": str(length)}.items():
        handler.send_header(name, value)
    handler.end_headers()
    for chunk in chunks:
        handler.wfile.write(chunk)
        handler.wfile.flush()
    handler.close_connection = True


def _trickle(body: bytes, stopping: threading.Event) -> Iterator[bytes]:
    for start in range(len(body)):
        yield body[start : start + 1]
        if stopping.wait(0.1):
            return


def _endless(stopping: threading.Event) -> Iterator[bytes]:
    yield b'{"type": "FeatureCollection", "features": ["'
    for _ in range(_HUGE // 2**16 - 1):
        if stopping.is_set():
            return
        yield b"x" * 2**16
