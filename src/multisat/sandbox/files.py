"""The file server: COGs by HTTP range, made on first request and kept in memory."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256

from multisat.sandbox.archive.entry import Entry
from multisat.sandbox.http import Request, Response
from multisat.sandbox.raster import RasterFile

_RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")
_KEPT = 300
"""Files kept; with windows of 600 x 600 pixels that is some 100 MB."""


class Files:
    """Serves the files of entries at ``/files/PROVIDER/COLLECTION/ID/NAME.tif``."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self._files: Mapping[str, RasterFile] = {
            href: file for entry in entries for href, file in _addresses(entry)
        }
        self._made: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[str, threading.Lock] = {}

    def handle(self, request: Request) -> Response:
        """Answer a request for a file or a part of it."""
        found = self.part(request.path.removeprefix("/files/"), request)
        if found is not None:
            return found
        return Response(status=404, body=b"no such file", headers={"Content-Type": "text/plain"})

    def part(self, name: str, request: Request) -> Response | None:
        """Return what a request wants of a file, or None if there is no such file.

        Args:
            name: ``PROVIDER/COLLECTION/ID/NAME.tif``.
            request: The request, whose ``Range`` header counts.
        """
        return _ranged(self._body(name), request.headers.get("range", "")) if name in self._files else None

    def _body(self, name: str) -> bytes:
        """Return a file, made once even if many ask at the same time."""
        with self._lock:
            making = self._making.setdefault(name, threading.Lock())
        with making:
            if name not in self._made:
                body = self._files[name].cog()
                with self._lock:
                    self._made[name] = body
                    if len(self._made) > _KEPT:
                        self._made.popitem(last=False)
                return body
            return self._made[name]


def _addresses(entry: Entry) -> list[tuple[str, RasterFile]]:
    """Return path below ``/files/`` and file for each asset that can be read."""
    prefix = len("{files}/")
    return [(entry.item["assets"][key]["href"][prefix:], file) for key, file in entry.files.items()]


def _ranged(body: bytes, wanted: str) -> Response:
    headers = {
        "Content-Type": "image/tiff",
        "Accept-Ranges": "bytes",
        "ETag": f'"{sha256(body).hexdigest()[:16]}"',
    }
    found = _RANGE.match(wanted)
    if not found or wanted == "bytes=-":
        return Response(body=body, headers=headers)
    first, last = found.groups()
    size = len(body)
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last) if first and last else size - 1, size - 1)
    if start >= size or start > end:
        return Response(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    return Response(
        status=206,
        body=body[start : end + 1],
        headers={**headers, "Content-Range": f"bytes {start}-{end}/{size}"},
    )
