"""One writer per file, also among processes."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from multisat.contracts import Deadline

_POLL = 0.1


class Stopped(Exception):
    """The work was called off."""


@contextmanager
def alone(target: Path, deadline: Deadline) -> Iterator[None]:
    """Hold the right to write a file; wait while another thread or process holds it.

    The system takes the lock back when a process ends in any way, so none is left behind. Where the
    file system knows no locks, there is none.

    Args:
        target: The file that is to be written.
        deadline: Ends the waiting.

    Raises:
        Stopped: The work was called off.
    """
    path = target.with_name(f".{target.name}.lock")
    handle = _take(path, deadline)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(handle)


def _take(path: Path, deadline: Deadline) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            held = _try_lock(handle) and _is_still(path, handle)
        except BaseException:
            os.close(handle)
            raise
        if held:
            return handle
        os.close(handle)
        if not deadline.sleep(_POLL):
            raise Stopped


def _is_still(path: Path, handle: int) -> bool:
    """Whether a lock file is the one that was opened; its last owner has deleted it perhaps."""
    try:
        return sys.platform == "win32" or os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _try_lock(handle: int) -> bool:
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
