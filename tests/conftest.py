"""Loopback servers for tests, and bounds on what takes too long; nothing here stands in for a client library."""

import os
import signal
import subprocess
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

BOUND, FAULT = 20, 60
"""Seconds: what a limit of one or two may take on a machine that is busy, and how long a fault lasts."""
os.environ.setdefault("PYTHONFAULTHANDLER", "1")  # a program that crashes says where
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as in the background of a script
    signal.signal(signal.SIGINT, signal.default_int_handler)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        """Clients that go away are part of the tests."""


@pytest.fixture
def serve():
    """Start servers on free ports: ``serve(answer)`` gives an address.

    ``answer(handler)`` is called for every GET, HEAD and POST and writes the whole response; with
    ``tls``, a context with a certificate, over https.
    """
    running = []

    def start(answer, tls=None):
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
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        running.append((server, thread))
        return f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_address[1]}"

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


@pytest.fixture
def over():
    """An event that is set when the test is over: a server that holds something back waits for it."""
    ended = threading.Event()
    yield ended
    ended.set()


@pytest.fixture
def hang(over):
    """Say nothing more until the test is over: ``hang(handler)``."""

    def wait(handler):
        handler.close_connection = True
        over.wait(FAULT)
        return True

    return wait


@pytest.fixture
def in_time():
    """Hold that a block ends by its own limit, and not with the fault it meets: ``with in_time():``.

    This judges no speed. Limits in tests are a second or two, the bound is many times that, and a fault lasts
    several times as long as the bound.
    """

    @contextmanager
    def bounded():
        began = time.monotonic()
        yield
        assert time.monotonic() - began < BOUND

    return bounded


@pytest.fixture(scope="session")
def fonts(tmp_path_factory):
    """Where matplotlib keeps its list of fonts, which takes seconds to make: made once for all homes."""
    return str(tmp_path_factory.mktemp("fonts"))


@pytest.fixture
def launch(tmp_path, fonts):
    """Run a program in the test's own folder, which is its home as well: ``launch(*command, NAME="value")``."""

    def call(*command, stdin=None, **environment):
        return subprocess.run(
            [*map(str, command)],
            cwd=tmp_path,
            env={**os.environ, "HOME": str(tmp_path), "MPLCONFIGDIR": fonts, **environment},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )

    return call


@pytest.fixture(scope="session")
def sandbox():
    """The stand-ins of the archives, one for the whole run, so that their files are made once.

    Its requests are those of all tests: who counts them counts from where it began.
    """
    from multisat.sandbox import Sandbox

    with Sandbox() as running:
        yield running


@pytest.fixture(scope="module")
def box(sandbox):
    """The sandbox, and an environment that points the real plugins to it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, url in sandbox.environment.items():
            patch.setenv(name, url)
        yield sandbox


@pytest.fixture
def inject(sandbox):
    """Make something go wrong in the sandbox until the test is over: ``inject(Fault(...))``."""
    yield sandbox.inject
    sandbox.clear_faults()


@pytest.fixture(scope="session")
def optical():
    """Provider and native name of each collection of reflectance that the sandbox has."""
    return {
        ("earth-search", "sentinel-2-l2a"),
        ("earth-search", "sentinel-2-c1-l2a"),
        ("earth-search", "landsat-c2-l2"),
        ("planetary-computer", "sentinel-2-l2a"),
        ("planetary-computer", "landsat-c2-l2"),
        ("planetary-computer", "hls2-l30"),
        ("planetary-computer", "hls2-s30"),
        ("nasa-cmr", "HLSL30_2.0"),
        ("nasa-cmr", "HLSS30_2.0"),
    }


def pytest_collection_modifyitems(items):
    """Give tests that take longer more time before they are taken to hang."""
    for item in items:
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(600))
