"""A file server with habits, and scenes whose files are on it."""

import datetime as dt
import re
import threading
from hashlib import sha256

import numpy as np
import pytest

from multisat.contracts import Access
from multisat.downloads import download_scenes
from multisat.model import Acquisition, FileAsset, Scene

BODY = np.random.default_rng(7).integers(0, 256, 600_000, dtype=np.uint8).tobytes()


class Shelf:
    """Serves files by name, honestly unless told otherwise.

    Attributes:
        files: Body by path.
        cuts: Bytes after which the next bodies are cut, in order.
        faults: What answers in place of a path: a function of the handler.
        requests: Path and headers of each request, in order.
        sent: Bytes of bodies sent.
    """

    def __init__(self, reply):
        self.reply = reply
        self.files = {"/red.tif": BODY}
        self.cuts, self.faults, self.requests = [], {}, []
        self.sent, self.body = 0, BODY
        self.ranges, self.etags, self.modified, self.weak = True, True, None, False
        self.slow = 0.0
        self.lock = threading.Lock()
        self.stop = threading.Event()

    def __call__(self, handler):
        path = handler.path.partition("?")[0]
        with self.lock:
            self.requests.append((handler.path, {k.lower(): v for k, v in handler.headers.items()}))
        if path in self.faults:
            return self.faults[path](handler)
        if path not in self.files:
            return self.reply(handler, 404, b"no such file", Content_Type="text/plain")
        return self.send(handler, self.files[path])

    def send(self, handler, body):
        headers = self.marks(body)
        start = self.start(handler, headers)
        if start is None:
            return self.write(handler, 200, headers, body)
        if start >= len(body):
            return self.reply(handler, 416, Content_Range=f"bytes */{len(body)}", **headers)
        end = self.end(handler, body)
        headers["Content_Range"] = f"bytes {start}-{end - 1}/{len(body)}"
        return self.write(handler, 206, headers, body[start:end])

    def marks(self, body):
        headers = {"Content_Type": "image/tiff"}
        if self.etags:
            headers["ETag"] = f'{"W/" if self.weak else ""}"{sha256(body).hexdigest()[:16]}"'
        if self.modified:
            headers["Last_Modified"] = self.modified
        return headers

    def start(self, handler, headers):
        wanted = re.match(r"bytes=(\d+)-", handler.headers.get("Range", ""))
        guard = handler.headers.get("If-Range")
        if not wanted or not self.ranges or guard not in {None, headers.get("ETag"), self.modified}:
            return None
        return int(wanted[1])

    @staticmethod
    def end(handler, body):
        wanted = re.match(r"bytes=\d+-(\d+)", handler.headers.get("Range", ""))
        return min(len(body), int(wanted[1]) + 1) if wanted else len(body)

    def write(self, handler, status, headers, body):
        with self.lock:
            part = body[: self.cuts.pop(0)] if self.cuts and len(body) > 1 else body
        handler.send_response(status)
        for name, value in {"Content-Length": len(body), **headers}.items():
            handler.send_header(name.replace("_", "-"), str(value))
        handler.end_headers()
        for at in range(0, len(part), 2**16):
            handler.wfile.write(part[at : at + 2**16])
            self.sent += len(part[at : at + 2**16])
            if self.slow:
                self.stop.wait(self.slow)
        if len(part) < len(body):
            handler.close_connection = True

    def asked(self, header):
        """Values of a header in the requests so far."""
        return [headers.get(header) for _, headers in self.requests]


@pytest.fixture
def shelf(serve, answer_with):
    made = Shelf(answer_with)
    made.url = serve(made)
    yield made
    made.stop.set()


def make_scene(name, files, *, told=None, provider="disk", collection="sentinel-2-l2a", alternates=()):
    assets = {band: FileAsset(key=band, band=band, href=href, why="a test") for band, href in files.items()}
    item = {"assets": {band: {"href": href, **(told or {})} for band, href in files.items()}}
    return Scene(
        provider=provider,
        collection=collection,
        native_id=collection,
        id=name,
        datetime=dt.datetime(2023, 5, 4, 10, tzinfo=dt.UTC),
        footprint={"type": "Point", "coordinates": [11, 48]},
        assets=assets,
        acquisition=Acquisition(collection=collection, platform="sentinel-2a", tile="32UPU", name=name),
        item=item,
        alternates=alternates,
    )


@pytest.fixture
def bare_scene():
    """Make a scene of whole addresses: ``bare_scene("one", {"red": "https://h/red.tif"})``."""
    return make_scene


@pytest.fixture
def scene(shelf):
    """Make a scene: ``scene("one", red="/red.tif")``; paths are on the shelf."""

    def make(name="one", *, told=None, provider="disk", alternates=(), **files):
        files = files or {"red": "/red.tif"}
        full = {band: f"{shelf.url}{p}" if p.startswith("/") else p for band, p in files.items()}
        return make_scene(name, full, told=told, provider=provider, alternates=alternates)

    return make


@pytest.fixture
def get(tmp_path):
    """Download scenes into ``tmp_path / "files"``; assets are opened as they are."""

    def call(*scenes, bands=None, access=lambda _provider, asset: Access(href=asset.href), **options):
        return download_scenes(scenes, tmp_path / "files", bands, access=access, **options)

    return call


@pytest.fixture
def body():
    return BODY
