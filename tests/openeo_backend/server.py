"""The backend as one thing to start and stop, from a test."""

import atexit
import json
import os
import subprocess
import tempfile
import urllib.error
import urllib.request
from functools import cache
from pathlib import Path

from tests.openeo_backend.environment import python

from multisat.sandbox.secure.identity import REALM

USER, PASSWORD = "ada", "synthetic-ada-pw"
ROOT = Path(__file__).parents[2]


class Backend:
    """A running openEO service on 127.0.0.1.

    Args:
        archive: ``"sandbox"`` for the places of the sandbox, ``"recipes"`` for the archive of the generated recipes.
        jobs: Folder of the batch jobs; with the same folder a new backend knows the jobs of an old one.
        issuer: OIDC issuer that it trusts, such as ``issuer_of(sandbox)``; without one there is only basic login.
        link_seconds: How long signed addresses of results hold.
        settings: See ``set``.
    """

    def __init__(self, *, archive="sandbox", jobs=None, issuer="", link_seconds=3600, **settings):
        self._own = None if jobs else tempfile.TemporaryDirectory(prefix="synthetic-openeo-jobs-")
        self.jobs = Path(jobs or self._own.name)
        self._options = {
            "archive": archive,
            "jobs": str(self.jobs),
            "issuer": issuer,
            "login": [USER, PASSWORD],
            "link_seconds": link_seconds,
            "settings": settings,
        }
        self._process, self.url = None, ""

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
        if self._own:
            self._own.cleanup()

    def start(self, port=0):
        """Begin to serve; with the port of before, after ``stop``, it is the same address."""
        command = [
            str(python()),
            "-m",
            "tests.openeo_backend.service",
            json.dumps({**self._options, "port": port}),
        ]
        temporary = self.jobs / "temporary"
        temporary.mkdir(exist_ok=True)
        paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        environment = {
            k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COVERAGE_", "OPENEO_"))
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment |= {
            "PYTHONPATH": paths,
            "PYTHONPYCACHEPREFIX": str(python().parents[1] / "bytecode"),
            "PYTHONWARNINGS": "ignore",
            "TMPDIR": str(temporary),
            "MULTISAT_CACHE": "off",
            "OMP_NUM_THREADS": "1",
        }
        self._log = (self.jobs / "server.log").open("ab")
        self._process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            cwd=ROOT,
        )
        self.url = self._process.stdout.readline().decode().strip()
        if not self.url:
            self.stop()
            raise RuntimeError(f"the openEO test backend did not start: {self.log[-2000:]}")
        return self

    def stop(self):
        """End; jobs that run go on when a backend is started over the same folder."""
        if self._process is None:
            return
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._log.close()
        self._process = None

    def kill(self):
        """End at once, as a machine does that loses its power."""
        self._process.kill()
        self.stop()

    @property
    def host(self):
        """The address without a path."""
        return self.url.partition("/openeo")[0]

    @property
    def port(self):
        """The port."""
        return int(self.host.rpartition(":")[2])

    @property
    def log(self):
        """What the server has written."""
        return (self.jobs / "server.log").read_text(errors="replace")

    def fault(self, kind, **options):
        """Make something go wrong from now on.

        Args:
            kind: A status such as ``"429"``, ``"402"``, ``"503"``; ``"cut"`` (the connection ends half way),
                ``"short"`` (half the bytes under the right length for them), ``"garbage"``, ``"html"`` (a login
                page), ``"slow"``; ``"rate-limit"`` for 429 when work is asked for too often.
            options: ``path`` (part of the address), ``method``, ``times``, ``retry_after`` (seconds), ``code`` and
                ``message`` of a status; ``seconds`` of ``slow``; ``most`` and ``seconds`` of ``rate-limit``
                (12 in 60 without).
        """
        self._tell("fault", {"kind": kind, **options})

    def set(self, **settings):
        """Change the service.

        Args:
            settings: ``most_jobs`` (that run or wait at a time, 2), ``stuck`` (the queue does not move),
                ``no_data``, ``without`` (processes it lacks), ``job_seconds`` (a job takes at least so long),
                ``fails`` (the sentence with which all work ends), ``estimates`` (CDSE has none),
                ``sparse`` (periods without looks are left out instead of all NaN).
        """
        self._tell("settings", settings)

    def heal(self):
        """Let everything go right again."""
        self._tell("heal", {})
        self._tell("defaults", {})

    @property
    def requests(self):
        """Every request that arrived: method, path, time, and the fault it met."""
        return json.loads(self._tell("requests", {}))

    def judge(self, graph):
        """Return what openeo-processes-dask makes of a flat process graph over the same pixels, as a dataset."""
        import xarray as xr

        with tempfile.NamedTemporaryFile(suffix=".nc") as file:
            file.write(self._tell("judge", graph))
            file.flush()
            with xr.open_dataset(file.name, engine="h5netcdf", decode_coords="all") as found:
                return found.load()

    def _tell(self, door, given):
        request = urllib.request.Request(f"{self.host}/_test/{door}", json.dumps(given).encode())
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()) from None


def issuer_of(sandbox):
    """Return the OIDC issuer of a secure sandbox that runs."""
    return sandbox.hosts["identity"] + REALM


@cache
def shared(archive="sandbox"):
    """Return a backend that all tests of this process share; it ends with the process. ``heal`` it before use."""
    backend = Backend(archive=archive).start()
    atexit.register(backend.__exit__)
    return backend
