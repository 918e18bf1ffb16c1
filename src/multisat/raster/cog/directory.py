"""The directories of a TIFF file, from the bytes at its beginning.

Layout after TIFF 6.0 and BigTIFF. Everything a file says is checked against its size before it is
believed: files come from the network.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from multisat.raster.cog.refusals import DamagedError, HeaderCutError, NotForEngine

_SIZES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
_NUMBERS = {
    1: "u1", 3: "u2", 4: "u4", 6: "i1", 8: "i2", 9: "i4",
    11: "f4", 12: "f8", 13: "u4", 16: "u8", 17: "i8", 18: "u8",
}  # fmt: skip
_WHOLE = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 13: "I", 16: "Q", 17: "q", 18: "Q"}
_MOST_DIRECTORIES = 64
_MOST_TAGS = 1024
_FAR = 4 * 2**20
"""A directory further from the bytes at hand than this is not at the beginning of the file."""


@dataclass(frozen=True, slots=True)
class Directory:
    """One directory: an image, an overview or a mask.

    Attributes:
        data: The beginning of the file.
        order: Byte order, ``"<"`` or ``">"``.
        entries: Tag to type, count and position of its values.
    """

    data: bytes
    order: str
    entries: dict[int, tuple[int, int, int]]

    def numbers(self, tag: int) -> NDArray[np.generic]:
        """Return the values of a numeric tag, empty if there is no such tag."""
        if tag not in self.entries:
            return np.empty(0, dtype=np.uint32)
        kind, count, position = self.entries[tag]
        if kind not in _NUMBERS:
            raise DamagedError(f"tag {tag} is no number")
        return np.frombuffer(self.data, self.order + _NUMBERS[kind], count, position)

    def number(self, tag: int, default: int) -> int:
        """Return the first value of a numeric tag that is a whole number."""
        if tag not in self.entries:
            return default
        kind, _, position = self.entries[tag]
        if kind not in _WHOLE:
            raise DamagedError(f"tag {tag} is no whole number")
        found: int = struct.unpack_from(self.order + _WHOLE[kind], self.data, position)[0]
        return found

    def text(self, tag: int) -> str | None:
        """Return a text tag without its end mark, or None."""
        if tag not in self.entries:
            return None
        _, count, position = self.entries[tag]
        return self.data[position : position + count].split(b"\0")[0].decode("ascii", "replace")


def directories(data: bytes, size: int) -> tuple[list[Directory], int]:
    """Return the directories of a file and how many bytes of its beginning they need.

    Args:
        data: The beginning of the file.
        size: Bytes of the whole file.

    Raises:
        NotForEngine: No TIFF, or directories far from the beginning.
        HeaderCutError: More bytes are needed.
        DamagedError: The file points outside of itself, or in circles.
    """
    order, big, position = _start(data)
    found: list[Directory] = []
    seen: set[int] = set()
    needed = 16
    while position:
        if position in seen or len(found) >= _MOST_DIRECTORIES:
            raise DamagedError("its directories go in circles")
        seen.add(position)
        one, position, reach = _directory(data, size, order, big=big, position=position)
        found.append(one)
        needed = max(needed, reach)
    if needed > len(data):
        raise HeaderCutError(needed)
    return found, needed


def _start(data: bytes) -> tuple[str, bool, int]:
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 16:  # noqa: PLR2004 - the shortest beginning of a BigTIFF
        raise NotForEngine("it is no TIFF")
    version = struct.unpack_from(order + "H", data, 2)[0]
    if version == 42:  # noqa: PLR2004 - TIFF
        return order, False, struct.unpack_from(order + "I", data, 4)[0]
    if version == 43 and struct.unpack_from(order + "HH", data, 4) == (8, 0):  # noqa: PLR2004 - BigTIFF
        return order, True, struct.unpack_from(order + "Q", data, 8)[0]
    raise NotForEngine("it is no TIFF")


def _directory(data: bytes, size: int, order: str, *, big: bool, position: int) -> tuple[Directory, int, int]:
    """Return a directory, the position of the next one (0 if none) and how far its values reach."""
    head, step = ("Q", 20) if big else ("H", 12)
    start = position + struct.calcsize(order + head)
    _within(start, data, size)
    count = struct.unpack_from(order + head, data, position)[0]
    if not 0 < count <= _MOST_TAGS:
        raise DamagedError(f"a directory of {count} tags")
    stop = start + count * step
    _within(stop + (8 if big else 4), data, size)
    entries, reach = _entries(data[start:stop], order, start, big=big)
    if reach > size:
        raise DamagedError("it points outside of itself")
    return (
        Directory(data, order, entries),
        struct.unpack_from(order + ("Q" if big else "I"), data, stop)[0],
        max(reach, stop + (8 if big else 4)),
    )


def _entries(
    table: bytes, order: str, start: int, *, big: bool
) -> tuple[dict[int, tuple[int, int, int]], int]:
    """Return type, count and position of the values of each tag, and how far they reach."""
    step, inline = (20, 8) if big else (12, 4)
    found, reach, at = {}, 0, start + step - inline
    for tag, kind, count, value in struct.iter_unpack(order + ("HHQQ" if big else "HHII"), table):
        length = _SIZES.get(kind, 0) * count
        if length:
            place = at if length <= inline else value
            found[tag] = (kind, count, place)
            reach = max(reach, place + length)
        at += step
    return found, reach


def _within(stop: int, data: bytes, size: int) -> None:
    if stop > size:
        raise DamagedError("it points outside of itself")
    if stop > len(data) + _FAR:
        raise NotForEngine("its directories are not at its beginning")
    if stop > len(data):
        raise HeaderCutError(stop)
