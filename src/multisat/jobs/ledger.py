"""The ledger of a job: a row per unit, and which cells are finished. Only one process writes it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from multisat.contracts import Cost
from multisat.cube.warnings import tell
from multisat.errors import MultisatError
from multisat.jobs.computing import Done
from multisat.jobs.folder import Folder, writing
from multisat.jobs.results import files_in

_SCHEMA = """
CREATE TABLE IF NOT EXISTS units (
  key TEXT PRIMARY KEY, state TEXT, tries INTEGER DEFAULT 0, bytes INTEGER, record INTEGER, seconds REAL,
  requests_planned INTEGER, bytes_planned INTEGER, error TEXT, at REAL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cells (key TEXT PRIMARY KEY, unit TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, cell TEXT, size INTEGER, sha256 TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sources (href TEXT PRIMARY KEY, size INTEGER, tag TEXT) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cells_of_units ON cells (unit);
"""
STATES = ("todo", "done", "part", "failed")
"""``part`` is finished without some scenes that could not be read."""


class Ledger:
    """The ledger of a folder, made if there is none.

    It can always be made anew from the records of finished units, so a damaged one is set aside.

    Args:
        folder: Of the job; held by this process.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        with writing(folder.path):
            try:
                self._file = _opened(folder.ledger)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                self._file = self._renewed()
            self._adopt()
            self._drop_lost()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def _renewed(self) -> sqlite3.Connection:
        path = self._folder.ledger
        aside = path.with_name(f"{path.name}.damaged")
        path.replace(aside)
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        tell(f"the ledger {path} is damaged; it is now {aside.name}, and made anew from what is finished")
        return _opened(path)

    def _adopt(self) -> None:
        """Take in units that were finished when nobody was there to note it."""
        known = {
            key for (key,) in self._file.execute("SELECT key FROM units WHERE state IN ('done', 'part')")
        }
        for path in self._folder.parts():
            if path.stem in known:
                continue
            try:
                told = orjson.loads(path.read_bytes())
                done = Done(
                    key=told["unit"],
                    size=path.stat().st_size,
                    seconds=told["seconds"],
                    skipped=tuple(told["skipped"]),
                )
                self._take(done, told)
            except (ValueError, KeyError, TypeError):
                path.unlink()

    def _drop_lost(self) -> None:
        """Forget cells of which the record or a file is gone or has another size."""
        units = self._file.execute("SELECT key, record FROM units WHERE state IN ('done', 'part')").fetchall()
        rows = self._file.execute("SELECT path, cell, size FROM files").fetchall()
        cells = [cell for path, cell, size in rows if not _is(self._folder.path / path, size)]
        with self._file:
            self._forget([key for key, size in units if not _is(self._folder.part(key), size)])
            self._file.executemany("DELETE FROM cells WHERE key = ?", [(one,) for one in cells])

    def plan(self, units: Iterable[str]) -> None:
        """Note units that are to be done; those of an earlier plan that were not done are forgotten."""
        with writing(self._folder.path), self._file as file:
            keys = [(key,) for key in units]
            file.execute("CREATE TEMP TABLE wanted (key TEXT PRIMARY KEY)")
            file.executemany("INSERT INTO wanted VALUES (?)", keys)
            file.execute(
                "DELETE FROM units WHERE state IN ('todo', 'failed') AND key NOT IN (SELECT key FROM wanted)"
            )
            file.execute("DROP TABLE wanted")
            file.executemany("INSERT OR IGNORE INTO units (key, state) VALUES (?, 'todo')", keys)

    def finished(self) -> set[str]:
        """Return the keys of all finished cells."""
        return {key for (key,) in self._file.execute("SELECT key FROM cells")}

    def units_of(self, cells: Collection[str]) -> dict[str, list[str]]:
        """Return the units that hold some cells, each with those it holds."""
        found: dict[str, list[str]] = {}
        for key, unit in self._file.execute("SELECT key, unit FROM cells ORDER BY unit, key"):
            if key in cells:
                found.setdefault(unit, []).append(key)
        return found

    def files(self, cells: Collection[str]) -> dict[str, dict[str, Any]]:
        """Return size and hash of every file that some cells are in, by its path in the folder."""
        rows = self._file.execute("SELECT path, cell, size, sha256 FROM files ORDER BY path")
        return {path: {"size": size, "sha256": sha256} for path, cell, size, sha256 in rows if cell in cells}

    def sources(self) -> dict[str, dict[str, Any]]:
        """Return size and ETag of every file that was read, by its unsigned address."""
        rows = self._file.execute("SELECT href, size, tag FROM sources ORDER BY href")
        return {href: {"size": size, "etag": tag} for href, size, tag in rows}

    def forget(self, *states: str) -> set[str]:
        """Forget what units in some states gave, and return their keys."""
        rows = self._file.execute("SELECT key, state FROM units")
        found = {key for key, state in rows if state in states}
        with self._file:
            self._forget(found)
        for key in found:
            self._folder.part(key).unlink(missing_ok=True)
        return found

    def done(self, done: Done, cost: Cost) -> None:
        """Note a unit that is finished.

        Raises:
            MultisatError: Its record is not there: the worker wrote elsewhere.
        """
        path = self._folder.part(done.key)
        if not path.is_file():
            raise MultisatError(
                f"a worker does not write to {self._folder.path} as it is seen here",
                hint="give all workers the same folder under the same path",
            )
        with writing(self._folder.path):
            told = orjson.loads(path.read_bytes())
            self._take(done, told, cost)

    def failed(self, key: str, error: str, cost: Cost) -> None:
        """Note a unit that failed."""
        with writing(self._folder.path), self._file as file:
            file.execute(
                "UPDATE units SET state = 'failed', tries = tries + 1, error = ?, at = ?, "
                "requests_planned = ?, bytes_planned = ? WHERE key = ?",
                (error, time.time(), cost.requests, cost.bytes, key),
            )

    def _take(self, done: Done, told: Mapping[str, Any], cost: Cost | None = None) -> None:
        state = "part" if done.skipped else "done"
        planned = (None, None) if cost is None else (cost.requests, cost.bytes)
        row = (
            state,
            done.size,
            self._folder.part(done.key).stat().st_size,
            done.seconds,
            "; ".join(done.skipped) or None,
            time.time(),
            *planned,
            done.key,
        )
        sources = [(href, *identity) for href, identity in told["sources"].items()]
        with self._file as file:
            file.execute("INSERT OR IGNORE INTO units (key) VALUES (?)", (done.key,))
            file.execute(
                "UPDATE units SET state = ?, tries = tries + 1, bytes = ?, record = ?, seconds = ?, "
                "error = ?, at = ?, requests_planned = ?, bytes_planned = ? WHERE key = ?",
                row,
            )
            for cell, one in files_in(told["cells"]):
                file.execute(
                    "DELETE FROM cells WHERE key IN (SELECT cell FROM files WHERE path = ?)", (one["file"],)
                )
                file.execute(
                    "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
                    (one["file"], cell, one["size"], one["sha256"]),
                )
            cells = [(cell, done.key) for cell in told["cells"]]
            file.executemany("INSERT OR REPLACE INTO cells VALUES (?, ?)", cells)
            file.executemany("INSERT OR REPLACE INTO sources VALUES (?, ?, ?)", sources)

    def _forget(self, units: Iterable[str]) -> None:
        for key in units:
            self._file.execute("DELETE FROM cells WHERE unit = ?", (key,))
            self._file.execute("UPDATE units SET state = 'todo' WHERE key = ?", (key,))


def _opened(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(path, timeout=5)
    try:
        file.execute("PRAGMA journal_mode = WAL")
        file.execute("PRAGMA synchronous = NORMAL")
        _check(file)
        file.executescript(_SCHEMA)
    except BaseException:
        file.close()
        raise
    return file


def _check(file: sqlite3.Connection) -> None:
    if file.execute("PRAGMA quick_check").fetchone() != ("ok",):
        raise sqlite3.DatabaseError("it does not hold together")


def _is(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False
