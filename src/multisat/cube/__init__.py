"""Pixels to cube: grid, warping, scaling, masks, overpasses."""

from __future__ import annotations

from multisat.cube.indices import ndvi
from multisat.cube.load import load
from multisat.cube.reducing import median
from multisat.cube.warnings import MultisatWarning

__all__ = ["MultisatWarning", "load", "median", "ndvi"]
