"""Why the engine does not read a file."""

from __future__ import annotations


class NotForEngine(Exception):
    """A sound file that another reader must read: another codec, strips, no grid."""


class HeaderCutError(Exception):
    """The header goes on after the bytes at hand.

    Attributes:
        stop: Where the next part of it ends, in bytes from the start of the file.
    """

    def __init__(self, stop: int) -> None:
        super().__init__(f"the header reaches byte {stop}")
        self.stop = stop


class DamagedError(Exception):
    """A file that contradicts itself: it points outside of itself, or unpacks to too much."""


class ReplacedError(Exception):
    """The file is no longer the one whose header is at hand."""
