"""From the part of a file that is there to the whole of it."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING

from multisat.downloads import problems
from multisat.downloads.meter import Gauge
from multisat.downloads.parts import Part, Version, first_byte
from multisat.downloads.source import Source
from multisat.errors import AssetUnreadable

if TYPE_CHECKING:
    import requests


class Filler:
    """Fills a part from a source.

    Args:
        part: The bytes so far.
        source: Where the file is.
        gauge: Counts its bytes.
        size: Bytes it has by the catalogue, or None.
    """

    def __init__(self, part: Part, source: Source, gauge: Gauge, *, size: int | None) -> None:
        self._part, self._source, self._gauge, self._size = part, source, gauge, size

    def fill(self) -> None:
        """Bring the part up to the whole file, from where it ends if the server has the same file still.

        Raises:
            Again: The body was cut, or the server has another version by now.
            AssetUnreadable: There is no such file, or no room for it, or it is of another size.
            CredentialsError: The login is missing or was refused.
        """
        known = self._part.version()
        asked = {"Range": f"bytes={self._part.size}-", "If-Range": known.guard or ""} if known else {}
        with self._source.opened(asked) as answer:
            version = Version.of(answer)
            if known and answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                self._check_end(known, version)
            else:
                problems.check_status(answer, self._source.host, self._source.provider)
                self._receive(answer, version, self._start(answer, known, version))
        if version.total not in {None, self._part.size}:
            raise self._cut(version.total or 0)

    def check_size(self, size: int | None) -> None:
        """Pass if a size is the one of the catalogue, or if one of them is not known.

        Raises:
            AssetUnreadable: They differ; the part is deleted.
        """
        if None not in {self._size, size} and size != self._size:
            self._part.drop()
            raise AssetUnreadable(
                f"it has {size} bytes and the catalogue says {self._size}; it was not kept",
                hint="search again; if that does not help, tell the archive",
            )

    def _start(self, answer: requests.Response, known: Version | None, version: Version) -> int:
        """Return where in the file the body begins: 0 if the server sends all of it."""
        if answer.status_code != HTTPStatus.PARTIAL_CONTENT:
            return 0
        if known is None or not known.is_same(version) or first_byte(answer) != self._part.size:
            raise self._changed()
        return self._part.size

    def _check_end(self, known: Version, version: Version) -> None:
        """Take a part as long as the server's file for whole, if it is of the same version."""
        same = version.etag in {None, known.etag} and version.total in {None, known.total}
        if not same or self._part.size != known.total:
            raise self._changed()

    def _receive(self, answer: requests.Response, version: Version, start: int) -> None:
        self.check_size(version.total)
        if version.total is not None:
            problems.check_room(self._part.path.parent, version.total - self._part.size)
        self._gauge.expect(version.total, have=start)
        chunks = self._source.chunks(answer)
        first = next(chunks, b"")
        if not start and problems.looks_like_page(first):
            raise problems.web_page(self._source.host, self._source.provider)
        with self._part.go_on() if start else self._part.begin(version) as file:
            for chunk in _all(first, chunks):
                file.write(chunk)
                self._gauge.add(len(chunk))

    def _changed(self) -> problems.Again:
        self._part.drop()
        return problems.Again(
            AssetUnreadable(f"the file at {self._source.host} changes all the time", hint="try again later")
        )

    def _cut(self, total: int) -> problems.Again:
        size = self._part.size
        if size > total:
            self._part.drop()
        hint = "run the same again; what is there is kept"
        return problems.Again(
            AssetUnreadable(f"{self._source.host} ended after {size} of {total} bytes", hint=hint)
        )


def _all(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
