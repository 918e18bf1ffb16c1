"""A range server with a slow network in front of it, in a process of its own.

    python -m benchmarks.reading.server FOLDER LATENCY_MS

Every answer starts one latency after its question, and the first on a connection two more, as TCP and TLS
1.3 need them. ``/-/counters`` tells what was asked since ``/-/reset``.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote
from urllib.request import urlopen

HANDSHAKE = 2
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Counters:
    """What was asked so far."""

    get: int = 0
    head: int = 0
    sent: int = 0
    connections: int = 0
    together: int = 0


@dataclass
class RangeServer:
    """Serves the files of a folder after a latency in seconds."""

    folder: Path
    latency: float
    counters: Counters = field(default_factory=Counters)
    files: dict[str, BinaryIO] = field(default_factory=dict)
    busy: int = 0

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the questions of one connection in turn."""
        fresh = True
        try:
            while question := await reader.readuntil(b"\r\n\r\n"):
                line, headers = parsed(question)
                if line[1].startswith("/-/"):
                    self.tell(writer, line[1])
                    continue
                self.counters.connections += fresh
                await self.answer(writer, line, headers, wait=self.latency * (1 + HANDSHAKE * fresh))
                fresh = False
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def tell(self, writer: asyncio.StreamWriter, path: str) -> None:
        """Answer a question about the server itself, at once."""
        if path == "/-/reset":
            self.counters = Counters()
        body = json.dumps(asdict(self.counters)).encode()
        writer.write(head("200 OK", len(body)) + body)

    async def answer(
        self, writer: asyncio.StreamWriter, line: list[str], headers: dict[str, str], *, wait: float
    ) -> None:
        """Answer after a while with a file or a range of it."""
        counters, getting = self.counters, line[0] == "GET"
        counters.get += getting
        counters.head += not getting
        self.busy += 1
        counters.together = max(counters.together, self.busy)
        try:
            await asyncio.sleep(wait)
            sent = await self.send(writer, line[1], headers.get("range"), getting=getting)
            counters.sent += sent
        finally:
            self.busy -= 1

    async def send(
        self, writer: asyncio.StreamWriter, path: str, wanted: str | None, *, getting: bool
    ) -> int:
        """Send a file or a range of it and return the bytes of the body."""
        file = self.open(path)
        if file is None:
            writer.write(head("404 Not Found", 0))
            return 0
        size = file.seek(0, 2)
        first, last = (0, size - 1) if wanted is None else span(wanted, size)
        if first > last:
            writer.write(head("416 Range Not Satisfiable", 0, f"Content-Range: bytes */{size}\r\n"))
            return 0
        more = f'ETag: "{os.fstat(file.fileno()).st_ino:x}-{size:x}"\r\n'
        more += f"Content-Range: bytes {first}-{last}/{size}\r\n" if wanted else ""
        writer.write(head("206 Partial Content" if wanted else "200 OK", last - first + 1, more))
        if not getting:
            return 0
        return await asyncio.get_running_loop().sendfile(writer.transport, file, first, last - first + 1)

    def open(self, path: str) -> BinaryIO | None:
        """Return a file of the folder, or None if there is none."""
        if path not in self.files:
            place = (self.folder / unquote(path.partition("?")[0]).lstrip("/")).resolve()
            if not place.is_relative_to(self.folder) or not place.is_file():
                return None
            self.files[path] = place.open("rb")
        return self.files[path]


def parsed(question: bytes) -> tuple[list[str], dict[str, str]]:
    """Return the words of the first line, and the headers in small letters."""
    first, *others = question.decode("latin-1").strip().split("\r\n")
    pairs = (other.partition(":") for other in others)
    return first.split(" "), {name.strip().lower(): value.strip() for name, _, value in pairs}


def span(wanted: str, size: int) -> tuple[int, int]:
    """Return the first and last byte of a single range."""
    first, _, last = wanted.removeprefix("bytes=").partition("-")
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last or size), size - 1)


def head(status: str, length: int, more: str = "") -> bytes:
    """Return the head of an answer."""
    common = "Content-Type: image/tiff\r\nAccept-Ranges: bytes\r\n"
    return f"HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{common}{more}\r\n".encode()


async def serve(folder: Path, latency: float) -> None:
    """Serve on a free port, say which, and go on until the process is ended."""
    server = RangeServer(folder=folder, latency=latency)
    listening = await asyncio.start_server(server.connected, "127.0.0.1", 0, backlog=4096)
    print(listening.sockets[0].getsockname()[1], flush=True)
    await listening.serve_forever()


@contextmanager
def running(folder: Path, latency_ms: float) -> Iterator[str]:
    """Run a server in a process of its own and give its address."""
    command = [sys.executable, "-m", f"{__package__}.server", str(folder.resolve()), str(latency_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


def ask(address: str, what: str) -> dict[str, int]:
    """Return the counters of a server; ``what`` is ``counters`` or ``reset``."""
    with urlopen(f"{address}/-/{what}") as answer:
        counters: dict[str, int] = json.load(answer)
    return counters


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]).resolve(), float(sys.argv[2]) / 1000))
