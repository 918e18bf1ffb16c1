"""Loopback servers for tests; nothing here stands in for a client library."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        """Clients that go away are part of the tests."""


@pytest.fixture
def serve():
    """Start servers on free ports: ``serve(answer)`` gives an address.

    ``answer(handler)`` is called for every GET, HEAD and POST and writes the whole response.
    """
    running = []

    def start(answer):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            timeout = 10

            def do_GET(self):
                answer(self)

            do_POST = do_GET  # noqa: N815 - the names the base class looks for
            do_HEAD = do_GET  # noqa: N815

            def log_message(self, *args):
                pass

        server = _Server(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server, thread in running:
        server.shutdown()
        server.server_close()
        thread.join()


def reply(handler, status, body=b"", **headers):
    """Write a whole response; header names have underscores for hyphens."""
    handler.send_response(status)
    for name, value in {"Content-Length": len(body), **headers}.items():
        handler.send_header(name.replace("_", "-"), str(value))
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


@pytest.fixture
def answer_with():
    return reply
