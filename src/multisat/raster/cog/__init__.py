"""Cloud-optimised GeoTIFF over ranges: one header, then only the tile rows that are wanted."""

from __future__ import annotations

from multisat.raster.cog.header_cache import HeaderCache
from multisat.raster.cog.limits import Limits
from multisat.raster.cog.reader import CogReader
from multisat.raster.cog.refusals import NotForEngine

__all__ = ["CogReader", "HeaderCache", "Limits", "NotForEngine"]
