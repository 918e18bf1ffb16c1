"""A screening as notebooks show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multisat.drawing import Html, card, table
from multisat.model.showing import percent

if TYPE_CHECKING:
    from multisat.screening.result import Screening
    from multisat.screening.screened import Screened

_MOST = 20
_COLUMNS = ("area", "UTC", "collection", "cloud of the scene", "cloud", "clear", "covered", "")
_SHARES = {"clear": "#009e73", "cloud": "#b0b0b0"}


def screening_html(found: Screening, *, most: int = _MOST) -> Html:
    """Return a row per area and overpass with a bar of what is clear (green) and cloud (grey)."""
    rows = [_cells(row) for row in (*found.rows, *found.failed)]
    return card(
        f"Screening: {found.summary()}", table(_COLUMNS, rows[:most], left_out=max(len(rows) - most, 0))
    )


def _cells(row: Screened) -> tuple[object, ...]:
    return (
        row.aoi,
        f"{row.time:%Y-%m-%d %H:%M}",
        ", ".join(sorted({scene.collection for scene in row.read or row.scenes})),
        percent(row.scene_cloud),
        *(percent(row.shares[name]) for name in ("cloud", "clear", "covered")),
        _bar(row) if row.read else f"failed: {row.error}",
    )


def _bar(row: Screened) -> Html:
    """Return a bar of 100 pixels: clear from the left, cloud from the right."""
    clear, cloud = (row.shares[name] or 0.0 for name in _SHARES)
    return Html(
        '<svg width="102" height="12" role="img"><rect x=".5" y=".5" width="101" height="11" fill="none" '
        f'stroke="currentColor" opacity=".4"/><rect x="1" y="1" width="{clear:.1f}" height="10" '
        f'fill="{_SHARES["clear"]}"/><rect x="{101 - cloud:.1f}" y="1" width="{cloud:.1f}" height="10" '
        f'fill="{_SHARES["cloud"]}"/></svg>'
    )
