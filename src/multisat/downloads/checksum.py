"""Checksums as the STAC file extension writes them: a multihash in hexadecimal."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from multisat.errors import AssetUnreadable

_KINDS = {
    0x11: ("sha1", "sha1"),
    0x12: ("sha2-256", "sha256"),
    0x13: ("sha2-512", "sha512"),
    0x20: ("sha2-384", "sha384"),
    0xD5: ("md5", "md5"),
}
"""Multihash code to its name and to what hashlib calls it (multicodec table, 2024-10)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What comparing a checksum gave.

    Attributes:
        kind: Kind that was compared and agrees, or None.
        note: Why none was compared, or None.
    """

    kind: str | None = None
    note: str | None = None


def check(path: Path, multihash: str | None) -> Checked:
    """Compare a file with the checksum of the catalogue.

    Args:
        path: The file.
        multihash: Code, length and digest in hexadecimal, or None.

    Raises:
        AssetUnreadable: They do not agree.
    """
    if multihash is None:
        return Checked()
    try:
        code, length, digest = _parts(bytes.fromhex(multihash.strip()))
    except (ValueError, IndexError):
        return Checked(note="the catalogue's checksum is no multihash; it was not compared")
    if code not in _KINDS:
        return Checked(note=f"the catalogue's checksum has the unknown code {code:#x}; it was not compared")
    kind, name = _KINDS[code]
    if length != len(digest) or length != hashlib.new(name, usedforsecurity=False).digest_size:
        return Checked(note=f"the catalogue's {kind} checksum has the wrong length; it was not compared")
    if _digest(path, name) != digest:
        raise AssetUnreadable(
            f"its {kind} checksum is not the one of the catalogue; the file was deleted",
            hint="download it again; if that does not help, tell the archive",
        )
    return Checked(kind=kind)


def _digest(path: Path, name: str) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.new(name, usedforsecurity=False)).digest()


def _parts(data: bytes) -> tuple[int, int, bytes]:
    code, used = _varint(data)
    length, more = _varint(data[used:])
    return code, length, data[used + more :]


def _varint(data: bytes) -> tuple[int, int]:
    """Return a number of seven bits a byte, lowest first, and the bytes it took."""
    value = used = 0
    while True:
        byte = data[used]
        value |= (byte & 0x7F) << (7 * used)
        used += 1
        if byte < 0x80:  # noqa: PLR2004 - the highest bit says that more follows
            return value, used
