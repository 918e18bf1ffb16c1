"""From the cells of a job to what the user opens: one table, or a catalogue of what was made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from multisat.cube.block import Block
from multisat.engine.describing import dataset
from multisat.engine.plan import Plan
from multisat.jobs.cells import Cell
from multisat.jobs.folder import Folder, writing
from multisat.jobs.ledger import Ledger
from multisat.jobs.spans import Span
from multisat.model import Request
from multisat.steps import Task
from multisat.writing.item import item_path
from multisat.writing.whole import whole_file
from multisat.zones import moments, table, write_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STAC = "1.1.0"
_TYPES = {
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv",
    "gpkg": "application/geopackage+sqlite3",
    "zarr": "application/vnd.zarr",
}


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What a table is made of.

    Attributes:
        task: The whole job.
        plan: The same made ready.
        parts: Its spans.
        cells: Its cells.
    """

    task: Task
    plan: Plan
    parts: Sequence[Span]
    cells: Sequence[Cell]


def write_rows(rows: Rows, ledger: Ledger, folder: Folder, form: str) -> Path:
    """Write the table of all cells; those that failed are empty."""
    edges = np.cumsum([0, *(len(span.names) for span in rows.parts)])
    zones = rows.task.features
    results: dict[int, dict[str, NDArray[np.float64]]] = {zone: {} for zone in range(len(zones))}
    wanted = {cell.key: cell for cell in rows.cells}
    for key, found in _rows(wanted, ledger, folder):
        cell = wanted[key]
        for name, numbers in found.items():
            column = results[cell.place.number].setdefault(name, np.full(edges[-1], np.nan))
            column[edges[cell.span] : edges[cell.span + 1]] = np.array(numbers, dtype=np.float64)
    one = Block(whole=rows.plan.target, row=0, column=0, height=1, width=1)
    times = moments(dataset(rows.plan, {}, one, {}))
    with writing(folder.path):
        return write_table(table(zones, results, times), folder.path / f"table.{form}")


def _rows(wanted: Mapping[str, Cell], ledger: Ledger, folder: Folder) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the numbers of cells; the records of units are read one by one."""
    for unit, keys in ledger.units_of(wanted).items():
        found = orjson.loads(folder.part(unit).read_bytes())["cells"]
        yield from ((key, found[key]) for key in keys)


def write_catalogue(request: Request, folder: Folder, outputs: Sequence[Path]) -> Path:
    """Write a STAC catalogue of the COGs, or of the one table or store."""
    items = [item_path(path) for path in outputs if path.suffix == ".tif"]
    with writing(folder.path):
        for path in (path for path in outputs if path.suffix != ".tif"):
            item = path.with_suffix(".json")
            _write(_of_one(request, path), item)
            items.append(item)
        links = [
            {"rel": "root", "href": "./catalog.json", "type": "application/json"},
            *(
                {
                    "rel": "item",
                    "href": f"./{item.relative_to(folder.path).as_posix()}",
                    "type": "application/geo+json",
                }
                for item in items
            ),
        ]
        target = folder.path / "catalog.json"
        catalogue = {
            "type": "Catalog",
            "stac_version": _STAC,
            "id": folder.path.resolve().name or "results",
            "description": f"made by multisat of {', '.join(request.collections or ())} in {request.time}",
            "links": links,
        }
        return _write(catalogue, target)


def described(paths: Sequence[Path], folder: Folder) -> dict[str, dict[str, Any]]:
    """Return size and hash of single files, by path in the folder."""
    found = {}
    for path in paths:
        if path.is_file():
            data = path.read_bytes()
            name = path.relative_to(folder.path).as_posix()
            found[name] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    return found


def _of_one(request: Request, path: Path) -> dict[str, Any]:
    form = path.suffix[1:]
    start, end = (None, None) if request.time is None else (request.time.start, request.time.end)
    west, east = request.aoi.bboxes[0], request.aoi.bboxes[-1]
    boxes = request.aoi.bboxes
    return {
        "type": "Feature",
        "stac_version": _STAC,
        "stac_extensions": [],
        "id": path.stem,
        "geometry": request.aoi.geojson,
        "bbox": [west[0], min(b[1] for b in boxes), east[2], max(b[3] for b in boxes)],
        "properties": {"datetime": None, "start_datetime": _utc(start), "end_datetime": _utc(end)},
        "links": [],
        "assets": {"data": {"href": f"./{path.name}", "type": _TYPES[form], "roles": ["data"]}},
    }


def _utc(when: Any) -> str | None:  # noqa: ANN401 - a datetime or None
    return None if when is None else when.isoformat().replace("+00:00", "Z")


def _write(data: Mapping[str, Any], path: Path) -> Path:
    with whole_file(path) as temporary:
        temporary.write_bytes(orjson.dumps(data, option=orjson.OPT_INDENT_2))
    return path
