"""The index: an R*Tree of place and time in one SQLite file, with what filters ask for beside it.

It holds nothing that is not in the files, so losing it costs the time to read them again.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from multisat.model import Request
from multisat_local.entries import Read, microseconds

_SCHEMA = """
PRAGMA synchronous = OFF;
CREATE TABLE IF NOT EXISTS files
  (number INTEGER PRIMARY KEY, path BLOB UNIQUE, changed INTEGER, size INTEGER, problem TEXT);
CREATE TABLE IF NOT EXISTS items
  (number INTEGER PRIMARY KEY, file INTEGER, native TEXT, moment INTEGER, dated INTEGER, cloud REAL,
   here INTEGER, item BLOB);
CREATE INDEX IF NOT EXISTS items_of_file ON items (file);
CREATE INDEX IF NOT EXISTS files_left_out ON files (path) WHERE problem <> '';
CREATE VIRTUAL TABLE IF NOT EXISTS boxes USING rtree(number, west, east, south, north, begin, end);
"""
_FIND = """
SELECT items.number, items.moment, items.cloud, items.here
FROM boxes CROSS JOIN items ON items.number = boxes.number / 2
WHERE boxes.west <= :east AND boxes.east >= :west AND boxes.south <= :north AND boxes.north >= :south
  AND boxes.begin <= :until AND boxes.end >= :since
  AND (items.dated = 0 OR (items.moment >= :first AND items.moment < :last))
  AND (items.cloud IS NULL OR items.cloud <= :cloud)
  AND items.native IN (SELECT value FROM json_each(:natives))
"""
"""Numbers of boxes are twice that of their item, and that plus one. Their edges are rounded outwards to 32
bits; what is in between is judged by the footprint and the exact time."""
_ITEMS = "SELECT number, item FROM items WHERE number IN (SELECT value FROM json_each(?))"
_EVER = 1e18
_SECOND = 1e6
_WAIT = 30
"""Seconds to wait for another process that writes."""

Row = tuple[int, int, float | None, int]


class Index:
    """One SQLite database, used by one thread at a time.

    Args:
        path: Its file, or None to keep it in memory.
    """

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.RLock()
        self._file = _opened(path)

    def files(self) -> dict[str, tuple[int, int]]:
        """Return when each file was changed (nanoseconds) and its size, as it was when it was read."""
        with self._lock:
            rows = self._file.execute("SELECT path, changed, size FROM files")
            return {os.fsdecode(path): (changed, size) for path, changed, size in rows}

    def problems(self) -> list[tuple[str, str]]:
        """Return the files of which something was left out, and why."""
        with self._lock:
            rows = self._file.execute("SELECT path, problem FROM files WHERE problem <> '' ORDER BY path")
            return [(path.decode("utf-8", "replace"), problem) for path, problem in rows]

    def put(self, found: Iterable[tuple[str, tuple[int, int], Read]]) -> None:
        """Note what came out of files, in place of what they held before.

        What another process has noted in the meantime stays as it is: somebody may be reading it.
        """
        with self._lock, self._file:
            self._file.execute("BEGIN IMMEDIATE")
            for path, mark, read in found:
                if self._mark(path) == mark:
                    continue
                self._drop(path)
                values = (os.fsencode(path), *mark, read.problem)
                made = self._file.execute("INSERT INTO files VALUES (NULL, ?, ?, ?, ?)", values)
                self._add(made.lastrowid, read)

    def forget(self, paths: Iterable[str]) -> None:
        """Drop files that are gone."""
        with self._lock, self._file:
            self._file.execute("BEGIN IMMEDIATE")
            for path in paths:
                self._drop(path)

    def find(self, request: Request, natives: Sequence[str]) -> list[Row]:
        """Return number, moment, cloud cover and files here of what may match: place, time and clouds do."""
        cloud = _EVER if request.max_cloud is None else request.max_cloud
        asked = {**_times(request), "cloud": cloud, "natives": orjson.dumps(natives).decode()}
        rows: set[Row] = set()
        with self._lock:
            for west, south, east, north in request.aoi.bboxes:
                where = {"west": west, "south": south, "east": east, "north": north}
                rows.update(self._file.execute(_FIND, asked | where))
        return list(rows)

    def items(self, numbers: Sequence[int]) -> list[Mapping[str, Any]]:
        """Return items by their numbers, in that order; one that has gone since is left out."""
        with self._lock:
            found = dict(self._file.execute(_ITEMS, (orjson.dumps(numbers).decode(),)))
        return [orjson.loads(zlib.decompress(found[number])) for number in numbers if number in found]

    def _mark(self, path: str) -> tuple[int, int] | None:
        asked = "SELECT changed, size FROM files WHERE path = ?"
        found: tuple[int, int] | None = self._file.execute(asked, (os.fsencode(path),)).fetchone()
        return found

    def _drop(self, path: str) -> None:
        row = self._file.execute("SELECT number FROM files WHERE path = ?", (os.fsencode(path),)).fetchone()
        if row is None:
            return
        numbers = [n for (n,) in self._file.execute("SELECT number FROM items WHERE file = ?", row)]
        boxes = [(2 * n + side,) for n in numbers for side in (0, 1)]
        self._file.executemany("DELETE FROM boxes WHERE number = ?", boxes)
        self._file.execute("DELETE FROM items WHERE file = ?", row)
        self._file.execute("DELETE FROM files WHERE number = ?", row)

    def _add(self, file: int | None, read: Read) -> None:
        for one in read.entries:
            values = (
                file,
                one.native,
                one.moment,
                one.dated,
                one.cloud,
                one.here,
                zlib.compress(one.item, 1),
            )
            made = self._file.execute("INSERT INTO items VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)", values)
            number = made.lastrowid or 0
            begin, end = (one.moment / _SECOND,) * 2 if one.dated else (-_EVER, _EVER)
            for side, (west, south, east, north) in enumerate(one.boxes):
                box = (2 * number + side, west, east, south, north, begin, end)
                self._file.execute("INSERT INTO boxes VALUES (?, ?, ?, ?, ?, ?, ?)", box)


def _opened(path: Path | None) -> sqlite3.Connection:
    """Return the database; one that is spoiled is begun anew, and one that cannot be written is in memory."""
    if path is None:
        return _made(":memory:")
    with suppress(OSError, sqlite3.OperationalError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            return _made(str(path))
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)
            return _made(str(path))
    return _made(":memory:")


def _made(where: str) -> sqlite3.Connection:
    file = sqlite3.connect(where, timeout=_WAIT, check_same_thread=False)
    file.executescript(_SCHEMA)
    return file


def _times(request: Request) -> dict[str, float]:
    start = None if request.time is None else request.time.start
    end = None if request.time is None else request.time.end
    first = -_EVER if start is None else microseconds(start)
    last = _EVER if end is None else microseconds(end)
    return {"first": first, "last": last, "since": first / _SECOND, "until": last / _SECOND}
