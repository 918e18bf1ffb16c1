"""A file that is not whole yet, and which version of it that is."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import requests

_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+)", re.ASCII)
_BUFFER = 2**20


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """What tells one version of a file from another.

    Attributes:
        etag: The server's mark, quotes included, or None.
        modified: ``Last-Modified`` as it came, or None.
        total: Bytes of the whole file, or None if the server does not say.
    """

    etag: str | None = None
    modified: str | None = None
    total: int | None = None

    @classmethod
    def of(cls, answer: requests.Response) -> Version:
        """Return the version an answer is of; a body that is encoded on its way has no size."""
        encoded = answer.headers.get("Content-Encoding", "identity") != "identity"
        return cls(
            etag=answer.headers.get("ETag"),
            modified=answer.headers.get("Last-Modified"),
            total=None if encoded else _total(answer),
        )

    @classmethod
    def read(cls, noted: dict[str, Any]) -> Version:
        """Return a version that was noted down; a value of another type counts as none."""
        etag, modified, total = noted["etag"], noted["modified"], noted["total"]
        return cls(
            etag=etag if isinstance(etag, str) else None,
            modified=modified if isinstance(modified, str) else None,
            total=total if isinstance(total, int) else None,
        )

    @property
    def _strong(self) -> bool:
        return self.etag is not None and not self.etag.startswith("W/")

    @property
    def guard(self) -> str | None:
        """What to send as ``If-Range``, or None if this version cannot be told from another."""
        return self.etag if self._strong else self.modified

    @property
    def resumable(self) -> bool:
        """Whether a part of it can be gone on with."""
        return self.guard is not None and self.total is not None

    def is_same(self, other: Version) -> bool:
        """Whether both are the same bytes."""
        alike = self.etag == other.etag and self.total == other.total
        return self.resumable and alike and (self._strong or self.modified == other.modified)


def _total(answer: requests.Response) -> int | None:
    if answer.status_code in {HTTPStatus.PARTIAL_CONTENT, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE}:
        found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        return int(found[3]) if found else None
    length = answer.headers.get("Content-Length", "")
    chunked = "Transfer-Encoding" in answer.headers
    return int(length) if length.isascii() and length.isdigit() and not chunked else None


def first_byte(answer: requests.Response) -> int | None:
    """Return where in the file the body of a partial answer begins."""
    found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    return int(found[1]) if found and found[1] else None


class Part:
    """A file on its way: the bytes so far beside the target, and a note of which version they are.

    Args:
        target: Where the whole file goes.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(f".{target.name}.part")
        self._note = target.with_name(f".{target.name}.part.json")

    @property
    def size(self) -> int:
        """Bytes so far."""
        return self.path.stat().st_size if self.path.exists() else 0

    def version(self) -> Version | None:
        """Return the version the bytes so far are of; None if there are none or nobody knows."""
        try:
            version = Version.read(json.loads(self._note.read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return version if self.size and version.resumable else None

    def begin(self, version: Version) -> BinaryIO:
        """Begin anew; what was there is dropped before the new version is noted."""
        self._note.unlink(missing_ok=True)
        file = self.path.open("wb", buffering=_BUFFER)
        if version.resumable:
            self._note.write_text(json.dumps(asdict(version)), encoding="utf-8")
        return file

    def go_on(self) -> BinaryIO:
        """Go on at the end of what is there."""
        return self.path.open("ab", buffering=_BUFFER)

    def drop(self) -> None:
        """Delete the bytes and the note."""
        self._note.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def finish(self) -> None:
        """Put the file in its place at once."""
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())
        self.path.replace(self.target)
        self._note.unlink(missing_ok=True)
