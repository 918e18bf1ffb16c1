"""A unit computed: the pure function that runs on any worker."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from multisat.engine.computing import Job
from multisat.engine.heaps import little_kept
from multisat.engine.reading import Source
from multisat.engine.record import Record
from multisat.federate.loading import open_asset
from multisat.jobs.folder import Folder, writing
from multisat.jobs.noting import Noting
from multisat.jobs.units import Unit
from multisat.writing.whole import whole_file

_IN_HAND = 64 * 2**20
"""Bytes of a unit's pixels on their way: fewer than for work alone, as other units fill the time it waits."""


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a worker says of a unit it finished; the numbers are in files.

    Attributes:
        key: Of the unit.
        size: Bytes of its record and files.
        seconds: It took.
        skipped: Scenes that were left out, with the reason.
    """

    key: str
    size: int
    seconds: float
    skipped: tuple[str, ...]


def compute(unit: Unit) -> Done:
    """Compute a unit, and write its files and then its record, each whole.

    The record comes last: a unit whose record is there is finished, whatever happened after.

    Raises:
        AssetUnreadable: No scene could be read, or one with ``errors="raise"``.
        Unwritable: A file cannot be written.
    """
    begun = time.perf_counter()
    record, notes, folder = Record(errors=unit.errors), Noting(), Folder(path=unit.folder)
    source = Source(access=open_asset, make=notes.reader, in_hand=_IN_HAND)
    job = Job(plan=unit.plan, source=source, record=record)
    with little_kept(), writing(unit.folder):
        cells = unit.result.write(job, unit.block, unit.folder)
        skipped = record.outcome()["skipped"]
        seconds = time.perf_counter() - begun
        told = {
            "unit": unit.key,
            "cells": cells,
            "sources": notes.sources(record),
            "skipped": skipped,
            "seconds": round(seconds, 3),
        }
        data = orjson.dumps(told)
        with whole_file(folder.part(unit.key)) as temporary:
            temporary.write_bytes(data)
    return Done(
        key=unit.key,
        size=len(data) + _files(cells),
        seconds=time.perf_counter() - begun,
        skipped=tuple(skipped),
    )


def _files(cells: Mapping[str, Any]) -> int:
    return sum(file["size"] for one in cells.values() if isinstance(one, list) for file in one)
