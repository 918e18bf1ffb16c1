"""Cubes to files other programs open: COG with STAC items, netCDF and Zarr."""

from __future__ import annotations

from multisat.writing.clipping import clip
from multisat.writing.cog import write_cog
from multisat.writing.dispatch import check_target, write
from multisat.writing.netcdf import write_netcdf
from multisat.writing.zarr import write_zarr

__all__ = ["check_target", "clip", "write", "write_cog", "write_netcdf", "write_zarr"]
