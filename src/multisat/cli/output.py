"""Rows on standard output: a table for people, lines of JSON for programs."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import click

_WIDE = 160
_HEADS = {"cloud_cover": "cloud %", "processing_baseline": "baseline", "datetime": "UTC"}

Format = Literal["table", "ndjson", "json", "csv"]


def chosen_format(asked: str | None = None) -> str:
    """Return the format asked for, else a table on a terminal and lines of JSON elsewhere."""
    return asked or ("table" if sys.stdout.isatty() else "ndjson")


def emit(rows: Iterable[Mapping[str, Any]], form: str, columns: Sequence[str]) -> None:
    """Write rows to standard output.

    Args:
        rows: Plain values by column.
        form: ``table``, ``ndjson``, ``json`` or ``csv``.
        columns: Columns in order; others are left out of tables and CSV.
    """
    listed = list(rows)
    if form == "table":
        _table(listed, columns)
    elif form == "csv":
        writer = csv.DictWriter(sys.stdout, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)
    else:
        _json(listed, lines=form == "ndjson")


def _json(rows: list[Mapping[str, Any]], *, lines: bool) -> None:
    import orjson

    if lines:
        for row in rows:
            click.echo(orjson.dumps(row).decode())
    else:
        click.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())


def _table(rows: list[Mapping[str, Any]], columns: Sequence[str]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(_HEADS.get(column, column.replace("_", " ")), overflow="fold")
    for row in rows:
        table.add_row(*(escape(_cell(row.get(column))) for column in columns))
    width = None if sys.stdout.isatty() else _WIDE
    Console(width=width).print(table)


def _cell(value: Any) -> str:  # noqa: ANN401 - any plain value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
