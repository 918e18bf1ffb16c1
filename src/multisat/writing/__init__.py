"""Cubes to files other programs open: COG with STAC items, netCDF and Zarr; and the accessor."""

from __future__ import annotations

from multisat.writing.accessor import MultisatAccessor
from multisat.writing.clipping import clip
from multisat.writing.cog import write_cog
from multisat.writing.dispatch import check_target, write
from multisat.writing.netcdf import write_netcdf
from multisat.writing.zarr import write_zarr

__all__ = ["MultisatAccessor", "check_target", "clip", "write", "write_cog", "write_netcdf", "write_zarr"]
