"""What each overpass shows of each area, from quality layers alone, before a band is read."""

from __future__ import annotations

from multisat.screening.cost import Cost, cost
from multisat.screening.fetched import Fetched
from multisat.screening.passes import polygons
from multisat.screening.result import Screening
from multisat.screening.run import screen
from multisat.screening.screened import COLUMNS, SHARES, Screened

__all__ = ["COLUMNS", "SHARES", "Cost", "Fetched", "Screened", "Screening", "cost", "polygons", "screen"]
