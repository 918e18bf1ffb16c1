"""Arrays as files of an answer."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.io import MemoryFile

from multisat.sandbox.sentinel_hub.grids import PixelGrid
from multisat.sandbox.sentinel_hub.refusing import RENDERER, Refused
from multisat.sandbox.sentinel_hub.setting_up import Output

TIFF, PNG, JPEG, JSON, TAR = "image/tiff", "image/png", "image/jpeg", "application/json", "application/x-tar"
EXTENSIONS: Mapping[str, str] = {TIFF: "tif", PNG: "png", JPEG: "jpg", JSON: "json"}
"""Media type to the ending of a file in a tar."""
_TYPES: Mapping[str, str] = {
    "AUTO": "uint8", "INT8": "int8", "UINT8": "uint8", "INT16": "int16", "UINT16": "uint16",
    "FLOAT32": "float32",
}  # fmt: skip
_PICTURES: Mapping[str, tuple[str, tuple[str, ...], tuple[int, ...]]] = {
    PNG: ("PNG", ("uint8", "uint16"), (1, 2, 3, 4)),
    JPEG: ("JPEG", ("uint8",), (1, 3)),
}
"""Media type to GDAL's name, the types and the numbers of bands it takes."""


def cast(values: NDArray[np.float64], sample_type: str) -> NDArray[Any]:
    """Return values in a sample type.

    Integers are rounded to the nearest and clamped, and what is not a number becomes 0; ``AUTO`` stretches 0
    to 1 over 0 to 255.
    """
    dtype = np.dtype(_TYPES[sample_type])
    if dtype.kind == "f":
        with np.errstate(over="ignore"):
            return values.astype(dtype)
    limits = np.iinfo(dtype)
    stretched = values * 255 if sample_type == "AUTO" else values
    finite = np.nan_to_num(stretched, nan=0.0, posinf=limits.max, neginf=limits.min)
    return np.clip(np.floor(finite + 0.5), limits.min, limits.max).astype(dtype)


def file_of(
    values: NDArray[np.float64], output: Output, grid: PixelGrid, kind: str, *, cog: bool = False
) -> bytes:
    """Return an output as a file.

    Args:
        values: Shape (bands, rows, columns).
        output: What the script says of it.
        grid: Where it lies.
        kind: Media type.
        cog: Whether a TIFF is to be cloud-optimised.

    Raises:
        Refused: The format does not take the sample type or the number of bands.
    """
    array = cast(values, output.sample_type)
    profile: dict[str, Any] = {"height": grid.height, "width": grid.width, "count": len(array)}
    if kind == TIFF:
        where = {"crs": grid.crs, "transform": grid.transform, "compress": "deflate"}
        driver = {"driver": "COG"} if cog else {"driver": "GTiff", "interleave": "pixel"}
        profile |= {**driver, **where, "nodata": output.nodata}
    else:
        name, dtypes, counts = _PICTURES[kind]
        if array.dtype.name not in dtypes or len(array) not in counts:
            what = f"{len(array)} bands of {output.sample_type}"
            raise Refused(f"Output '{output.id}' has {what}, which {kind} cannot hold.", RENDERER)
        profile |= {"driver": name, **({"quality": 90} if kind == JPEG else {})}
    return _written(array, profile)


def _written(array: NDArray[Any], profile: Mapping[str, Any]) -> bytes:
    import warnings

    from rasterio.errors import NotGeoreferencedWarning

    with warnings.catch_warnings(), MemoryFile() as memory:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # pictures have no place
        with memory.open(dtype=array.dtype, **profile) as file:
            file.write(array)
        return bytes(memory.read())


def json_of(data: object) -> bytes:
    """Return JSON."""
    return json.dumps(data).encode()


def tar_of(files: Sequence[tuple[str, bytes]]) -> bytes:
    """Return files by name as a tar."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as tar:
        for name, body in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            tar.addfile(entry, io.BytesIO(body))
    return whole.getvalue()
