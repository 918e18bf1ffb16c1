"""From cubes and areas to tables: one row per area and period, pixels weighted by their exact share."""

from __future__ import annotations

from multisat.zones.accumulator import Accumulator
from multisat.zones.files import check_table, write_table
from multisat.zones.h3_cells import h3_cells
from multisat.zones.hexagons import hexagons
from multisat.zones.of_cube import moments, zonal_of
from multisat.zones.parts import Part, blocks, most_held
from multisat.zones.picking import ids_of, pick
from multisat.zones.statistics import STATISTICS, Wanted, wanted
from multisat.zones.summary import summarise
from multisat.zones.table import table
from multisat.zones.vectors import to_xarray
from multisat.zones.weights import Weights, weigh

__all__ = [
    "STATISTICS",
    "Accumulator",
    "Part",
    "Wanted",
    "Weights",
    "blocks",
    "check_table",
    "h3_cells",
    "hexagons",
    "ids_of",
    "moments",
    "most_held",
    "pick",
    "summarise",
    "table",
    "to_xarray",
    "wanted",
    "weigh",
    "write_table",
    "zonal_of",
]
