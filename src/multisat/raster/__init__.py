"""Files to windows of pixels: two readers behind one contract."""

from __future__ import annotations

from multisat.raster.budget import Budget
from multisat.raster.choosing import AnyReader
from multisat.raster.cog import CogReader, Limits
from multisat.raster.contract import Pixels, Raster, RasterInfo, Reader, Window
from multisat.raster.gdal import GdalReader
from multisat.raster.redact import redact, redact_logs
from multisat.raster.renewing import opened
from multisat.raster.running import run, together

__all__ = [
    "AnyReader",
    "Budget",
    "CogReader",
    "GdalReader",
    "Limits",
    "Pixels",
    "Raster",
    "RasterInfo",
    "Reader",
    "Window",
    "opened",
    "redact",
    "redact_logs",
    "run",
    "together",
]
