"""Bounds on what a file or a server may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What the engine spends at most.

    Attributes:
        requests: Requests in flight.
        memory: Bytes of compressed data fetched and not yet unpacked.
        retries: Times a request is tried again after 429, 5xx or a lost connection.
        retry_seconds: After this long a failing request is not tried again.
        stall_seconds: A connection that gives no byte for this long is given up.
        header: Largest header in bytes.
        tile: Largest unpacked tile in bytes.
    """

    requests: int = 192
    memory: int = 48 * 2**20
    retries: int = 6
    retry_seconds: float = 45.0
    stall_seconds: float = 20.0
    header: int = 32 * 2**20
    tile: int = 64 * 2**20
