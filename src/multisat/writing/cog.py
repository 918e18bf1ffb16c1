"""Cloud-optimised GeoTIFF files."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import rasterio
import xarray as xr
from rasterio.io import MemoryFile
from rasterio.shutil import copy as copy_raster

from multisat.errors import UsageError
from multisat.model import TimeRange
from multisat.raster.redact import redact
from multisat.writing.item import check_free, item_of, item_path, write_item
from multisat.writing.packing import Packed, Stored, as_they_are, packed
from multisat.writing.placed import Placed
from multisat.writing.whole import local, whole_file

_OPTIONS: dict[str, Any] = {
    "driver": "COG",
    "compress": "DEFLATE",
    "blocksize": 512,
    "bigtiff": "IF_SAFER",
    "num_threads": "ALL_CPUS",
}
_ALONG_TIME = ("time", "platform", "provider", "collection", "item", "processing_baseline", "cloud_cover")


def write_cog(
    data: xr.Dataset | xr.DataArray,
    path: str | Path,
    *,
    dtype: Packed | None = None,
    item: bool = True,
    period: object = None,
) -> list[Path]:
    """Write one COG, or one per time step, each with a STAC item beside it.

    Bands are in the order of the variables, with their names, units and reasons; the file's tags
    say which scenes it is made of. Overviews are averages, or nearest pixels if any band holds
    codes (a file has one method); the tag ``OVERVIEWS`` says which. Files are whole or not there.

    Args:
        data: Georeferenced pixels; dimensions (y, x) or (time, y, x).
        path: The file; for data with a time dimension the folder, which is made.
        dtype: ``"int16"`` or ``"uint16"`` stores floats as whole numbers of 0.0001, with scale and
            no data in the file; None stores values as they are.
        item: Whether to write ``NAME.json``, a STAC item; a raster without a time gets none.
        period: What ``TimeRange.of`` takes: the time of a raster that has none, such as a median.

    Returns:
        The COG files written, in order of time.

    Raises:
        UsageError: The data has no CRS, a value does not fit the dtype, or a JSON file that is no
            item of multisat is in the way.
    """
    placed = Placed.of(data).north_up()
    _check_dims(placed.cube)
    times = None if period is None else TimeRange.of(period)
    target = local(path)
    files = _steps(placed.cube, target) if "time" in placed.cube.dims else {target: placed.cube}
    if item:
        check_free(files)
    for file, step in files.items():
        one = Placed(cube=step.compute(), crs=placed.crs, transform=placed.transform)
        stored = as_they_are(one.cube) if dtype is None else packed(one.cube, dtype)
        _write_one(one, stored, file)
        if item:
            write_item(item_of(one, stored, file, times), item_path(file))
    return list(files)


def _check_dims(cube: xr.Dataset) -> None:
    if "time" in cube.dims and ("time" not in cube.coords or cube["time"].dtype.kind != "M"):
        raise UsageError("the steps along time have no dates", hint="give them a coordinate of datetime64")
    for name, band in cube.data_vars.items():
        if not {"y", "x"} <= set(band.dims) <= {"time", "y", "x"}:
            dims = ", ".join(map(str, band.dims))
            raise UsageError(f"{name} has the dimensions {dims}", hint="a COG has y and x: select or drop")


def _steps(cube: xr.Dataset, folder: Path) -> dict[Path, xr.Dataset]:
    """Return a distinct, safe file name for each time step."""
    found: dict[Path, xr.Dataset] = {}
    for index in range(cube.sizes["time"]):
        step = cube.isel(time=index)
        when = re.sub(r"[-:]", "", str(step["time"].values.astype("datetime64[s]")))
        words = [when, *(_word(step, name) for name in ("collection", "platform") if name in step.coords)]
        name = "_".join(w for w in words if w)
        path = folder / f"{name}.tif"
        found[path if path not in found else folder / f"{name}_{index}.tif"] = step
    return found


def _word(step: xr.Dataset, name: str) -> str:
    """Return a coordinate as part of a file name: it came from the network, so only plain characters."""
    return re.sub(r"[^a-z0-9-]+", "-", redact(str(step[name].values)).lower()).strip("-")[:60]


def _write_one(step: Placed, stored: Stored, target: Path) -> None:
    method = "NEAREST" if any(b.codes for b in stored.bands) else "AVERAGE"
    predictor = "FLOATING_POINT" if stored.dtype.kind == "f" else "STANDARD"
    rows, columns = stored.values[0].shape
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "height": rows,
        "width": columns,
        "count": len(stored.values),
        "dtype": stored.dtype.name,
        "crs": step.crs,
        "transform": step.transform,
        "nodata": stored.nodata,
        "bigtiff": "IF_SAFER",
    }
    with MemoryFile() as made, MemoryFile() as memory, memory.open(**profile) as file:
        for index, band in enumerate(step.cube.data_vars.values(), 1):
            _write_band(file, index, stored, band)
        file.scales = [b.scale for b in stored.bands]
        file.offsets = [b.offset for b in stored.bands]
        file.update_tags(**_tags(step.cube), OVERVIEWS=method)
        with rasterio.Env(GDAL_TIFF_INTERNAL_MASK="YES"):
            copy_raster(file, made.name, predictor=predictor, overview_resampling=method, **_OPTIONS)
        # Python writes the file: GDAL says nothing if the last bytes find no room as it closes one.
        with whole_file(target) as temporary:
            temporary.write_bytes(made.getbuffer())


def _write_band(file: Any, index: int, stored: Stored, band: xr.DataArray) -> None:  # noqa: ANN401 - rasterio's writer
    facts = stored.bands[index - 1]
    file.write(stored.values[index - 1], index)
    file.set_band_description(index, facts.name)
    file.set_band_unit(index, facts.unit)
    said = {
        key: redact(str(band.attrs[key])) for key in ("why", "source_bands", "classes") if band.attrs.get(key)
    }
    if stored.nodata is None and facts.nodata is not None:
        said["nodata"] = str(facts.nodata)
    file.update_tags(index, **said)


def _tags(cube: xr.Dataset) -> dict[str, str]:
    tags = {"TIFFTAG_SOFTWARE": f"multisat-eo {version('multisat-eo')}"}
    for name in _ALONG_TIME:
        if name in cube.coords and cube[name].ndim == 0:
            tags[name.upper()] = redact(str(cube[name].values))
    if cube.attrs.get("mask"):
        tags["MASK"] = str(cube.attrs["mask"])
    return tags
