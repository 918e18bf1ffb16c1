"""Cloud-optimised GeoTIFF files."""

from __future__ import annotations

import os
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rioxarray  # noqa: F401 - registers the .rio accessor
import xarray as xr
from rasterio.io import MemoryFile
from rasterio.shutil import copy as copy_raster

from multisat.errors import UsageError


def write_cog(data: xr.Dataset | xr.DataArray, path: str | Path) -> list[Path]:
    """Write one COG, or one per time step.

    Bands are in the order of the variables, with their names, units and reasons; the file's tags
    say which scenes it is made of. Files are written under a temporary name and renamed.

    Args:
        data: Georeferenced pixels; dimensions (y, x) or (time, y, x).
        path: The file; for data with a time dimension the folder, which is made.

    Returns:
        The files written, in order of time.

    Raises:
        UsageError: The data has no CRS.
    """
    cube = data.to_dataset(name=data.name or "value") if isinstance(data, xr.DataArray) else data
    if cube.rio.crs is None:
        raise UsageError("the data has no CRS", hint="write what load() gives")
    target = Path(path)
    if "time" not in cube.dims:
        return [_write_one(cube, target)]
    target.mkdir(parents=True, exist_ok=True)
    return [_write_one(step, target / name) for name, step in _steps(cube)]


def _steps(cube: xr.Dataset) -> list[tuple[str, xr.Dataset]]:
    """Return a distinct, safe file name for each time step."""
    found: dict[str, xr.Dataset] = {}
    for index in range(cube.sizes["time"]):
        step = cube.isel(time=index)
        when = re.sub(r"[-:]", "", str(step["time"].values.astype("datetime64[s]")))
        words = [when, *(_word(step, name) for name in ("collection", "platform") if name in step.coords)]
        name = "_".join(w for w in words if w)
        found[f"{name}.tif" if f"{name}.tif" not in found else f"{name}_{index}.tif"] = step
    return list(found.items())


def _word(step: xr.Dataset, name: str) -> str:
    """Return a coordinate as part of a file name: it came from the network, so only plain characters."""
    return re.sub(r"[^a-z0-9-]+", "-", str(step[name].values).lower()).strip("-")[:60]


def _write_one(cube: xr.Dataset, target: Path) -> Path:
    names = [str(name) for name in cube.data_vars]
    dtype = np.result_type(*(cube[name].dtype for name in names))
    rows, columns = cube.sizes["y"], cube.sizes["x"]
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "height": rows,
        "width": columns,
        "count": len(names),
        "dtype": dtype.name,
        "crs": cube.rio.crs,
        "transform": cube.rio.transform(),
        "nodata": _nodata(cube, names, dtype),
    }
    with MemoryFile() as memory, memory.open(**profile) as file:
        for index, name in enumerate(names, 1):
            _write_band(file, index, name, cube[name])
        file.update_tags(**_tags(cube))
        _copy(file, target, dtype)
    return target


def _nodata(cube: xr.Dataset, names: list[str], dtype: np.dtype[Any]) -> float | None:
    if np.issubdtype(dtype, np.floating):
        return float("nan")
    declared = {cube[name].attrs.get("nodata") for name in names}
    return declared.pop() if len(declared) == 1 else None


def _write_band(file: Any, index: int, name: str, band: xr.DataArray) -> None:  # noqa: ANN401 - rasterio's writer
    file.write(band.transpose("y", "x").values.astype(file.dtypes[0]), index)
    file.set_band_description(index, name)
    file.set_band_unit(index, str(band.attrs.get("units", "")))
    said = {key: str(band.attrs[key]) for key in ("why", "source_bands", "classes") if band.attrs.get(key)}
    file.update_tags(index, **said)


def _tags(cube: xr.Dataset) -> dict[str, str]:
    tags = {"TIFFTAG_SOFTWARE": f"multisat-eo {version('multisat-eo')}"}
    for name in ("time", "platform", "provider", "collection", "item", "processing_baseline"):
        if name in cube.coords and cube[name].ndim == 0:
            tags[name.upper()] = str(cube[name].values)
    if cube.attrs.get("mask"):
        tags["MASK"] = str(cube.attrs["mask"])
    return tags


def _copy(file: Any, target: Path, dtype: np.dtype[Any]) -> None:  # noqa: ANN401 - rasterio's writer
    """Write the COG beside its target and rename it."""
    temporary = target.with_name(f".{target.stem}.{os.getpid()}.part.tif")
    predictor = "FLOATING_POINT" if np.issubdtype(dtype, np.floating) else "STANDARD"
    try:
        with rasterio.Env(GDAL_TIFF_INTERNAL_MASK="YES"):
            copy_raster(file, temporary, driver="COG", compress="DEFLATE", predictor=predictor, blocksize=512)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
