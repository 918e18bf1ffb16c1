"""Rows as a table, in memory and on disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from multisat.errors import UsageError
from multisat.screening.screened import COLUMNS, SHARES, Screened
from multisat.writing.whole import local, whole_file

if TYPE_CHECKING:
    import pandas as pd

    from multisat.screening.result import Screening

_NUMBERS = ("scene_cloud", *SHARES, "level", "resolution", "bound")


def all_rows(found: Screening) -> list[Screened]:
    """Return the rows with those that failed among them: failures in their place by area and time."""
    place = {area.name: number for number, area in enumerate(found.areas)}
    order = {id(row): number for number, row in enumerate(found.rows)}
    rows = [*found.rows, *found.failed]
    if not found.failed:
        return rows
    return sorted(rows, key=lambda row: (place[row.aoi], row.time, order.get(id(row), -1)))


def dataframe(found: Screening) -> pd.DataFrame:
    """Return one row per area and overpass; times are UTC, shares percent, unknown numbers NaN."""
    import pandas as pd

    table = pd.DataFrame([row.to_dict() for row in all_rows(found)], columns=list(COLUMNS))
    numbers = dict.fromkeys(_NUMBERS, "float64")
    return table.astype(numbers).assign(time=pd.to_datetime(table["time"], utc=True))


def save(found: Screening, path: str | Path) -> Path:
    """Write the table as CSV, whole or not at all.

    Raises:
        UsageError: The path does not end in ``.csv``, or is an address.
    """
    import csv

    target = local(path)
    if target.suffix.lower() != ".csv":
        raise UsageError(f"cannot write {target.name}: the table is CSV", hint="name it .csv")
    with whole_file(target) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(row.to_dict() for row in all_rows(found))
    return target
