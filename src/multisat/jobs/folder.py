"""The folder of a job: where its files are, who may write, and what a failed write means."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from multisat.errors import MultisatError, UsageError
from multisat.jobs.results import TILES


class Unwritable(MultisatError):
    """The folder of a job takes no files: the disk is full, or it may not be written."""


@dataclass(frozen=True, kw_only=True)
class Folder:
    """The files of a job.

    Attributes:
        path: The folder the user named.
    """

    path: Path

    @property
    def inner(self) -> Path:
        """Folder of what is the job's own business."""
        return self.path / "job"

    @property
    def ledger(self) -> Path:
        """The ledger."""
        return self.inner / "ledger.sqlite"

    @property
    def lock(self) -> Path:
        """What was asked for, and of which files: the record beside the result."""
        return self.path / "run.lock.json"

    def part(self, key: str) -> Path:
        """Return the record of a finished unit."""
        return self.inner / "parts" / f"{key}.json"

    def parts(self) -> list[Path]:
        """Return the records of finished units, oldest first."""
        found = list(self.part("x").parent.glob("[!.]*.json"))
        return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Make the folder and keep other processes from working on it; what a killed one left is swept.

        Raises:
            UsageError: Another process works on it.
            Unwritable: It cannot be written.
        """
        with writing(self.path):
            self.part("x").parent.mkdir(parents=True, exist_ok=True)
            guard = sqlite3.connect(self.inner / "guard.sqlite", timeout=0, isolation_level=None)
        with closing(guard):
            try:
                guard.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    raise _unwritable(self.path, str(error)) from None
                raise UsageError(
                    f"another process works on {self.path}{self._holder()}",
                    hint=f"wait for it; multisat status {self.path} says how far it is",
                ) from None
            with writing(self.path):
                (self.inner / "holder").write_text(str(os.getpid()))
                self._sweep()
            yield

    def _holder(self) -> str:
        try:
            return f" (process {(self.inner / 'holder').read_text()})"
        except OSError:
            return ""

    def _sweep(self) -> None:
        for place in (self.inner / "parts", self.path, *(self.path / TILES).glob("*")):
            for left in place.glob(".*.part*"):
                if left.is_file():
                    left.unlink(missing_ok=True)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say in words what a failed write to a folder means.

    Raises:
        Unwritable: It failed.
    """
    try:
        yield
    except MultisatError:
        raise
    except (OSError, sqlite3.OperationalError) as error:
        raise _unwritable(path, getattr(error, "strerror", None) or str(error)) from None


def _unwritable(path: Path, why: str) -> Unwritable:
    return Unwritable(
        f"cannot write to {path}: {why}",
        hint="what is finished is kept: make room or choose another folder, and give the same command again",
    )
