"""The environment of the backend: made once with pip or uv, kept outside the repository."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
KEPT = Path(os.environ.get("MULTISAT_TEST_BACKENDS") or _CACHE / "multisat-test-backends")
"""Where environments are kept; known before a test moves the home."""
_LONGEST = 600
"""Seconds that an installation may take."""


class Unavailable(Exception):
    """The environment cannot be had; the text says why."""


def python(requirements=REQUIREMENTS):
    """Return the interpreter of an environment, which is made if there is none for these requirements.

    Args:
        requirements: File of them.

    Raises:
        Unavailable: The packages cannot be had.
    """
    found = _found(requirements)
    if isinstance(found, Unavailable):
        raise found
    return found


@cache
def _found(requirements):
    """Return the interpreter, or why there is none."""
    text = requirements.read_bytes() + sys.version.encode()
    folder = KEPT / f"openeo-{hashlib.sha256(text).hexdigest()[:16]}"
    try:
        KEPT.mkdir(parents=True, exist_ok=True)
        with _alone(folder.with_suffix(".lock")):
            if not folder.exists():
                make(folder, requirements)
    except OSError as error:
        return Unavailable(f"{KEPT} cannot be made: {error.strerror}")
    except Unavailable as error:
        return error
    return folder / "bin" / "python"


@contextmanager
def _alone(path):
    """Let one process at a time make an environment."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make(folder, requirements):
    """Make an environment under another name and rename it: half of one is never found."""
    part = Path(tempfile.mkdtemp(prefix="making-", dir=folder.parent))
    try:
        for command in _commands(part, str(requirements)):
            run(command)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _commands(part, requirements):
    """An environment is used by its interpreter only, so that it may be renamed."""
    uv, inside = shutil.which("uv"), str(part / "bin" / "python")
    if uv:
        yield [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(part)]
        yield [uv, "pip", "install", "--quiet", "--python", inside, "-r", requirements]
    else:
        yield [sys.executable, "-m", "venv", str(part)]
        yield [inside, "-m", "pip", "install", "--quiet", "-r", requirements]


def run(command):
    """Run a command of the installation."""
    clean = {k: v for k, v in os.environ.items() if k not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    try:
        done = subprocess.run(
            command, env=clean, capture_output=True, text=True, timeout=_LONGEST, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"the packages of the openEO test backend cannot be installed: {error!r}") from None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Unavailable(f"the packages of the openEO test backend cannot be installed: {last[:300]}")
