"""Tables and cards in HTML; what is not ``Html`` already is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

_FONT = "font-family:system-ui,sans-serif;font-size:13px;line-height:1.45"
_CELL = "text-align:left;vertical-align:top;padding:.15em .8em .15em 0"
_HEAD = f"{_CELL};border-bottom:1px solid rgba(128,128,128,.35)"
"""Half transparent, so that the line is seen on light and on dark pages."""


class Html(str):
    """Text that is HTML, made of escaped parts."""

    __slots__ = ()


def joined(parts: Iterable[object]) -> Html:
    """Return parts one after the other, those that are no ``Html`` escaped."""
    return Html("".join(part if isinstance(part, Html) else escape(str(part)) for part in parts))


def element(name: str, *parts: object, style: str = "") -> Html:
    """Return parts inside an element."""
    styled = Html(f' style="{style}"' if style else "")
    return joined([Html(f"<{name}"), styled, Html(">"), *parts, Html(f"</{name}>")])


def card(title: str, *parts: object) -> Html:
    """Return parts under a title, as one block."""
    return element("div", element("div", element("strong", title)), *parts, style=_FONT)


def facts(values: Mapping[str, object]) -> Html:
    """Return names and values, a line each; what is None or empty is left out."""
    rows = [
        element("tr", element("td", name, style=f"{_CELL};opacity:.7"), element("td", value, style=_CELL))
        for name, value in values.items()
        if value is not None and value != ""
    ]
    return _table(rows)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, left_out: int = 0) -> Html:
    """Return a table with a head.

    Args:
        columns: Heads of the columns.
        rows: A cell for each column; None is an empty cell.
        left_out: Rows that are not shown, which is said below.
    """
    head = element("tr", *(element("th", name, style=_HEAD) for name in columns))
    body = [element("tr", *(_cell(value) for value in row)) for row in rows]
    more = element("div", f"… and {left_out} more") if left_out else ""
    return joined([_table([head, *body]), more])


def _cell(value: object) -> Html:
    return element("td", "" if value is None else value, style=_CELL)


def _table(rows: Sequence[Html]) -> Html:
    return element("table", *rows, style="border-collapse:collapse;margin:.3em 0")
