"""A bucket that results are delivered to: the part of S3 that reads, lists and writes whole objects.

Addresses are path style, ``HOST/BUCKET/KEY``. A request must be signed by the one access key there is; the
signature itself is not looked at.
"""

from __future__ import annotations

import re
import threading
from hashlib import md5
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from multisat.sandbox.http import Request, Response
from multisat.sandbox.secure.answers import xml_error
from multisat.sandbox.secure.world import Stand, World
from multisat.sandbox.sentinel_hub.refusing import Refused

NAME = "bucket"
"""Its name among the hosts."""
BUCKET = "synthetic-bucket"
ACCESS_KEY, SECRET_KEY = "synthetic-access-key", "synthetic-secret-access-key"
_SIGNED = re.compile(r"Credential=([^/,\s]+)/")


class Bucket(Stand):
    """The one bucket."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._objects: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Response:
        """Answer a request."""
        signed = _SIGNED.search(request.headers.get("authorization", ""))
        key = signed[1] if signed else request.query.get("X-Amz-Credential", "").partition("/")[0]
        if key != ACCESS_KEY:
            return xml_error(403, "AccessDenied", "Access Denied")
        bucket, _, name = request.path.lstrip("/").partition("/")
        if bucket != BUCKET:
            return xml_error(404, "NoSuchBucket", "The specified bucket does not exist")
        if not name:
            return self._listed(request.query.get("prefix", ""))
        if request.method == "PUT":
            self.put(name, request.content)
            return Response(headers={"ETag": _tag(request.content)})
        return self._one(name, request)

    def keys(self, prefix: str = "") -> list[str]:
        """Return the keys of all objects that begin like this."""
        with self._lock:
            return sorted(key for key in self._objects if key.startswith(prefix))

    def get(self, key: str) -> bytes | None:
        """Return an object, or None."""
        with self._lock:
            return self._objects.get(key)

    def put(self, key: str, body: bytes) -> None:
        """Keep an object."""
        with self._lock:
            self._objects[key] = body

    def _one(self, name: str, request: Request) -> Response:
        body = self.get(name)
        if body is None:
            return xml_error(404, "NoSuchKey", "The specified key does not exist.", Key=name)
        headers = {
            "ETag": _tag(body),
            "Accept-Ranges": "bytes",
            "Last-Modified": "Wed, 01 Jan 2025 00:00:00 GMT",
        }
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("range", ""))
        if not wanted:
            return Response(body=body, headers=headers)
        start, end = int(wanted[1]), min(int(wanted[2] or len(body) - 1), len(body) - 1)
        if start > end:
            return xml_error(416, "InvalidRange", "The requested range is not satisfiable")
        part = {**headers, "Content-Range": f"bytes {start}-{end}/{len(body)}"}
        return Response(status=206, body=body[start : end + 1], headers=part)

    def _listed(self, prefix: str) -> Response:
        found = "".join(_content(key, self.get(key) or b"") for key in self.keys(prefix))
        head = f"<Name>{BUCKET}</Name><Prefix>{escape(prefix)}</Prefix><IsTruncated>false</IsTruncated>"
        body = f'<?xml version="1.0" encoding="UTF-8"?><ListBucketResult>{head}{found}</ListBucketResult>'
        return Response(body=body.encode(), headers={"Content-Type": "application/xml"})


def key_in(place: object) -> str:
    """Return the key that a request's ``{"s3": {"url": ...}}`` names, without a slash at its end.

    Raises:
        Refused: It is not in the bucket there is, or its keys do not open it.
    """
    s3 = place.get("s3") if isinstance(place, dict) else None
    if not isinstance(s3, dict) or not isinstance(s3.get("url"), str):
        raise Refused("Invalid request: an object storage needs s3 with a url.")
    parts = urlsplit(s3["url"].replace("<", "%3C").replace(">", "%3E"))
    if parts.scheme != "s3" or parts.netloc != BUCKET:
        raise Refused(f"Invalid request: there is no bucket at {s3['url']}.")
    if (s3.get("accessKey"), s3.get("secretAccessKey")) != (ACCESS_KEY, SECRET_KEY):
        raise Refused(f"Invalid request: access to bucket {BUCKET} is denied.")
    return str(parts.path).strip("/").replace("%3C", "<").replace("%3E", ">")


def _content(key: str, body: bytes) -> str:
    about = f"<LastModified>2025-01-01T00:00:00.000Z</LastModified><ETag>{escape(_tag(body))}</ETag>"
    return f"<Contents><Key>{escape(key)}</Key>{about}<Size>{len(body)}</Size></Contents>"


def _tag(body: bytes) -> str:
    return f'"{md5(body, usedforsecurity=False).hexdigest()}"'
