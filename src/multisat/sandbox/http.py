"""A small HTTP/1.1 server on loopback: requests in, responses out, everything noted."""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request that arrived.

    Attributes:
        method: ``GET``, ``HEAD``, ``POST`` or ``PUT``.
        path: Path, decoded.
        query: Parameters of the address, the last of each name.
        body: Parsed JSON body, or None.
        headers: Headers with names in lower case.
        connection: Number of the TCP connection.
        time: When it came, in seconds.
        host: Name of the stand-in it reached.
        form: Parsed body of a form.
        content: The body as it came, of ``PUT`` only.
    """

    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    headers: Mapping[str, str]
    connection: int
    time: float
    host: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, kw_only=True)
class Response:
    """One answer.

    Attributes:
        status: HTTP status.
        body: Bytes to send.
        headers: Headers besides the length.
        send: What writes the answer instead, for those that are broken on purpose.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    send: Callable[[BaseHTTPRequestHandler], None] | None = None

    @classmethod
    def json(cls, data: object, status: int = 200) -> Response:
        """Make an answer of JSON."""
        return cls(
            status=status, body=json.dumps(data).encode(), headers={"Content-Type": "application/geo+json"}
        )


class Server(ThreadingHTTPServer):
    """Serves on loopback until it is stopped; stopping closes every connection.

    Args:
        port: Port, 0 for a free one.
        respond: Answers a request.
        name: Name of the stand-in, noted in each request.
        address: Loopback address.
        tls: What to serve https with, or None for http.
    """

    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def __init__(
        self,
        port: int,
        respond: Callable[[Request], Response],
        *,
        name: str = "catalogues",
        address: str = "127.0.0.1",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.name = name
        self.respond = respond
        self.stopping = threading.Event()
        self.numbers = itertools.count(1)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__((address, port), _Handler)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def remember(self, connection: socket.socket) -> None:
        """Keep a connection, to close it at the end."""
        with self._lock:
            self._open.add(connection)

    def forget(self, connection: socket.socket) -> None:
        """Drop a connection that has ended."""
        with self._lock:
            self._open.discard(connection)

    def stop(self) -> None:
        """End everything that is under way."""
        self.stopping.set()
        self.shutdown()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - base signature
        """Pass over clients that go away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def setup(self) -> None:
        super().setup()
        self.number = next(self.server.numbers)
        self.server.remember(self.connection)

    def finish(self) -> None:
        self.server.forget(self.connection)
        super().finish()

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        text = self.rfile.read(length) if length else b""
        request = Request(
            method=self.command,
            path=unquote(parts.path),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            body=None if self.command == "PUT" else _parsed(text),
            headers={k.lower(): v for k, v in self.headers.items()},
            connection=self.number,
            time=time.monotonic(),
            host=self.server.name,
            form=_form(self.headers.get("Content-Type") or "", text),
            content=text if self.command == "PUT" else b"",
        )
        response = self.server.respond(request)
        if response.send is not None:
            response.send(self)
        else:
            write(self, response)

    do_POST = do_GET  # noqa: N815 - names the base class looks for
    do_HEAD = do_GET  # noqa: N815
    do_PUT = do_GET  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - base signature
        """Say nothing; requests are kept in a list."""


def write(handler: BaseHTTPRequestHandler, response: Response) -> None:
    """Write a whole answer."""
    handler.send_response(response.status)
    headers = {"Content-Length": str(len(response.body)), **response.headers}
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(response.body)


def _form(kind: str, text: bytes) -> dict[str, str]:
    if not kind.startswith("application/x-www-form-urlencoded"):
        return {}
    return dict(parse_qsl(text.decode("utf-8", "replace"), keep_blank_values=True))


def _parsed(text: bytes) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(text) if text else None
    except json.JSONDecodeError:
        return None
