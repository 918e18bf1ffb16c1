"""Pixels to cube: grid, reader, scaling, masks, overpasses, writing."""

from __future__ import annotations

from multisat.cube.indices import ndvi
from multisat.cube.load import load
from multisat.cube.warnings import MultisatWarning
from multisat.cube.writing import write_cog

__all__ = ["MultisatWarning", "load", "ndvi", "write_cog"]
