"""Headers of files that were read before, in one small database that several processes share.

Kept under the unsigned address, together with what identifies the version of the file; a file that
cannot be identified is not kept. Losing the database costs requests, nothing else.
"""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

from multisat.raster.cog.header import Header, header
from multisat.raster.cog.limits import Limits
from multisat.raster.cog.ranges import Identity
from multisat.raster.cog.refusals import DamagedError, HeaderCutError, NotForEngine

_SCHEMA = """
CREATE TABLE IF NOT EXISTS headers (name TEXT PRIMARY KEY, size INTEGER, tag TEXT, data BLOB) WITHOUT ROWID
"""
_SELECT = "SELECT size, tag, data FROM headers WHERE name = ?"
_MOST = 200_000
"""Headers kept; about 1 KB each. A fuller database is emptied."""
_LONGEST_NAME = 2048
_SPOILED = (zlib.error, NotForEngine, DamagedError, HeaderCutError, TypeError, ValueError)
"""What a row may be answered with that was not written here."""
_WAIT = 1
"""Seconds to wait for another process that writes, once."""


class HeaderCache:
    """Remembers headers; what is put is written at ``flush``.

    Args:
        folder: Where the database is; it is made when first written to.
        limits: Bounds on what a header may say.
    """

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self._path = folder / "headers.sqlite"
        self._limits = limits or Limits()
        self._known = self._rows() if self._path.exists() else None
        self._new: dict[str, Header] = {}
        self._stale: set[str] = set()

    def get(self, name: str) -> Header | None:
        """Return the header of a file, or None."""
        if name in self._new:
            return self._new[name]
        if self._known is None or name in self._stale:
            return None
        try:
            row = self._known.execute(_SELECT, (name,)).fetchone()
            return None if row is None else self._header(*row)
        except sqlite3.Error:
            self._leave()
        except _SPOILED:
            pass
        return None

    def _header(self, size: int, tag: str, data: bytes) -> Header:
        raw = zlib.decompressobj().decompress(data, self._limits.header)
        return header(raw, Identity(size=size, tag=tag), self._limits)

    def put(self, name: str, found: Header) -> None:
        """Remember the header of a file."""
        if found.identity.tag and len(name) <= _LONGEST_NAME and "?" not in name:
            self._new[name] = found

    def forget(self, name: str) -> None:
        """Forget a file that was replaced."""
        self._new.pop(name, None)
        self._stale.add(name)

    def flush(self) -> None:
        """Write what is new; a database that cannot be written is left as it is."""
        self._leave()
        if not self._new:
            return
        rows = [
            (name, found.identity.size, found.identity.tag, zlib.compress(found.data, 1))
            for name, found in self._new.items()
        ]
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with closing(sqlite3.connect(self._path, timeout=5)) as file, file:
                self._write(file, rows)
        except sqlite3.OperationalError:  # locked, or in a folder that cannot be written
            return
        except sqlite3.DatabaseError:  # spoiled: the next load begins a new one
            self._path.unlink(missing_ok=True)
        except OSError:
            return
        self._new.clear()

    def _leave(self) -> None:
        if self._known is not None:
            self._known.close()
            self._known = None

    def _write(self, file: sqlite3.Connection, rows: list[tuple[str, int, str, bytes]]) -> None:
        file.execute("PRAGMA synchronous = OFF")
        file.execute(_SCHEMA)
        if file.execute("SELECT count(*) FROM headers").fetchone()[0] > _MOST:
            file.execute("DELETE FROM headers")
        file.executemany("INSERT OR REPLACE INTO headers VALUES (?, ?, ?, ?)", rows)

    def _rows(self) -> sqlite3.Connection | None:
        try:
            return sqlite3.connect(
                f"file:{self._path}?mode=ro", uri=True, timeout=_WAIT, check_same_thread=False
            )
        except sqlite3.Error:
            return None
