"""Zarr stores (version 3), written at once or block by block."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import numpy as np
import xarray as xr

from multisat.errors import UsageError
from multisat.writing.cf import chunks_of, conventional
from multisat.writing.placed import Placed
from multisat.writing.regions import Region, region_of
from multisat.writing.whole import local, whole_folder

_AS_STORED: dict[str, Any] = {"decode_coords": "all", "mask_and_scale": False}


def write_zarr(
    data: xr.Dataset | xr.DataArray,
    path: str | Path,
    *,
    region: Region | None = None,
    mode: Literal["w-", "w"] = "w-",
    compute: bool = True,
    chunks: Mapping[str, int] | None = None,
) -> Path:
    """Write a Zarr store, an empty one to be filled, or a block of one.

    A store that is written at once is whole or not there. To write it in blocks, make it with
    ``compute=False``, then give each block with a ``region``; processes may write different
    blocks at one time. What no block wrote is NaN, or the no data of whole numbers, or their
    largest number if they have none.

    Args:
        data: Georeferenced pixels; dimensions (y, x) or (time, y, x), eager or Dask.
        path: The store, a folder.
        region: Slices of the store along time, y and x (all of it where none is given) that the
            data is, or ``"auto"`` to find them by the coordinates.
        mode: ``"w-"`` makes a new store, ``"w"`` replaces one.
        compute: False writes coordinates and attributes only; it needs Dask.
        chunks: Pixels of a chunk along time, y and x; Dask's own, or (1, 512, 512).

    Returns:
        The store.

    Raises:
        UsageError: The data has no CRS, the store is there already or is none, a region cuts a
            chunk or lies elsewhere than the data, or zarr is not installed.
    """
    check_installed()
    target, placed = local(path), Placed.of(data)
    if region is not None:
        _check_alone(mode, compute=compute, chunks=chunks)
        _write_region(placed, target, region)
        return target
    check_store(target, mode)
    cube = _chunked(conventional(placed), placed, chunks)
    with whole_folder(target) as temporary:
        _save(cube if compute else _blank(cube), temporary, compute=compute)
    return target


def check_installed() -> None:
    """Raise UsageError if Zarr stores cannot be written here."""
    if find_spec("zarr") is None:
        raise UsageError("writing Zarr needs zarr", hint='pip install "multisat-eo[zarr]"')


def _check_alone(mode: str, *, compute: bool, chunks: object) -> None:
    if mode != "w-" or not compute or chunks is not None:
        raise UsageError(
            "mode, compute and chunks have no meaning with a region", hint="give them when the store is made"
        )


def check_store(target: Path, mode: str) -> None:
    """Raise UsageError if a new store cannot take a name."""
    if mode not in ("w-", "w"):
        raise UsageError(f"mode cannot be {mode!r}", hint='use "w-" or "w", and region= to fill a store')
    if not target.exists():
        return
    if mode == "w-":
        raise UsageError(f"{target} is there already", hint='replace it with mode="w"')
    if not (target / "zarr.json").is_file() and not (target / ".zgroup").is_file():
        raise UsageError(f"{target} is there and is no Zarr store", hint="choose another name")


def _chunked(cube: xr.Dataset, placed: Placed, wanted: Mapping[str, int] | None) -> xr.Dataset:
    unknown = sorted(set(wanted or {}) - set(map(str, cube.dims)))
    if unknown:
        raise UsageError(f"no dimension is called {', '.join(unknown)}", hint="use time, y and x")
    known = {"wkt": placed.crs.to_wkt(version="WKT2_2019")}
    for name, band in cube.data_vars.items():
        sizes = dict(zip(band.dims, chunks_of(band, _of(band, wanted)), strict=True))
        encoding = {**band.encoding, "chunks": tuple(sizes.values()), "fill_value": _fill(band)}
        cube[name] = band.chunk(sizes) if band.chunks is not None else band
        cube[name].encoding = encoding
        cube[name].attrs |= {"_CRS": known} if {"y", "x"} <= set(band.dims) else {}  # what GDAL reads
    return cube


def _of(band: xr.DataArray, wanted: Mapping[str, int] | None) -> dict[str, int]:
    return {dim: size for dim, size in (wanted or {}).items() if dim in band.dims}


def _fill(band: xr.DataArray) -> Any:  # noqa: ANN401 - a number of the band's type
    if band.dtype.kind == "f":
        return band.dtype.type(np.nan)
    return band.attrs.get("_FillValue", np.iinfo(band.dtype).max)


def _blank(cube: xr.Dataset) -> xr.Dataset:
    """Return the cube with arrays that are promised and never computed."""
    try:
        import dask.array as da
    except ImportError:
        raise UsageError("compute=False needs Dask", hint='pip install "multisat-eo[dask]"') from None
    for name, band in cube.data_vars.items():
        encoding = band.encoding
        cube[name] = (band.dims, da.zeros(band.shape, chunks=-1, dtype=band.dtype), band.attrs)
        cube[name].encoding = encoding
    return cube


def _write_region(placed: Placed, target: Path, region: Region) -> None:
    if not (target / "zarr.json").is_file():
        raise UsageError(f"{target} is no Zarr store", hint="make it first, with compute=False")
    with xr.open_zarr(target, chunks=None, consolidated=False, **_AS_STORED) as store:
        slices = region_of(placed, store, region)
    cube = conventional(placed)
    for name, band in cube.data_vars.items():
        _put(band, target, str(name), tuple(slices[str(dim)] for dim in band.dims))


def _put(band: xr.DataArray, target: Path, name: str, where: tuple[slice, ...]) -> None:
    """Write the numbers as they are: what readers do with them stands in the store already."""
    import zarr

    array: Any = zarr.open_array(target, path=name, mode="r+")
    if band.chunks is None:
        array[where] = band.values
        return
    import dask.array as da

    # one task per chunk of the store, so that no two write the same
    da.store(band.data.rechunk(array.shards or array.chunks), array, regions=where, lock=False)


def _save(cube: xr.Dataset, path: Path, *, compute: bool) -> None:
    with warnings.catch_warnings():
        # readers look for consolidated metadata, though version 3 does not have it in its text yet
        warnings.filterwarnings("ignore", "Consolidated metadata is currently not part", UserWarning)
        how: dict[str, Any] = {"mode": "w-", "zarr_format": 3, "consolidated": True, "compute": compute}
        cube.to_zarr(path, **how)
