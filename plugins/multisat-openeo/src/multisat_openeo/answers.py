"""Whatever file comes back, as arrays on the grid of the task: placed, never resampled."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from multisat.errors import InvalidAnswer
from multisat.model import Grid

_OFF = 1e-3
"""Of a pixel: how far a file's pixels may be from those of the task; formats round coordinates."""
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
_HINT = "report it to the back-end, or run it on this machine: leave out on="

Layer = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Slice:
    """What a file holds of one time.

    Attributes:
        time: As the service labels it, UTC; None if it has no time.
        layers: Band to float32 of shape (y, x) on the task's grid, NaN where there is none.
    """

    time: np.datetime64 | None
    layers: Mapping[str, Layer]


def slices(paths: Sequence[Path], grid: Grid) -> list[Slice]:
    """Return what files hold, placed on a grid.

    Raises:
        InvalidAnswer: A file is none of those that are known, or its pixels are others.
    """
    found = [one for path in paths for one in _read(path, grid)]
    if not found:
        raise InvalidAnswer("the result holds no pixels", provider="openeo", hint=_HINT)
    return found


def _read(path: Path, grid: Grid) -> Iterator[Slice]:
    with path.open("rb") as file:
        begin = file.read(4)
    if begin in {b"\x89HDF", b"CDF\x01", b"CDF\x02"}:
        yield from _netcdf(path, grid, "h5netcdf" if begin == b"\x89HDF" else "scipy")
    elif begin in {b"II*\x00", b"MM\x00*", b"II+\x00"}:
        yield _tiff(path, grid)
    elif begin == b"PK\x03\x04":
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                yield from _read(Path(packed.extract(name, path.parent / f"{path.name}.d")), grid)
    else:
        raise InvalidAnswer(f"{path.name} is neither netCDF nor GeoTIFF", provider="openeo", hint=_HINT)


def _netcdf(path: Path, grid: Grid, engine: Any) -> Iterator[Slice]:  # noqa: ANN401 - xarray's own words
    import xarray as xr

    with xr.open_dataset(path, engine=engine) as held:
        cube = held.load()
    if not {"x", "y"} <= set(cube.dims):
        raise InvalidAnswer("the result has no dimensions x and y", provider="openeo", hint=_HINT)
    _check_crs(_crs_of(cube), grid)
    put = _placing(grid, cube["x"].values, cube["y"].values)
    names = [str(n) for n, one in cube.data_vars.items() if {"x", "y"} <= set(one.dims)]
    time = next((name for name in ("t", "time") if name in cube.dims), None)
    for step in range(cube.sizes[time]) if time else [0]:
        part = cube.isel({time: step}) if time else cube
        layers = {name: put(part[name].transpose("y", "x").values) for name in names}
        yield Slice(time=_time(part[time].values) if time else None, layers=layers)


def _time(label: Any) -> np.datetime64:  # noqa: ANN401 - an array of one
    """Return a label as an instant; some back-ends write text.

    Raises:
        InvalidAnswer: It is no time.
    """
    try:
        found: np.datetime64 = np.asarray(label).astype("datetime64[s]").reshape(1)[0]
    except ValueError:
        raise InvalidAnswer(f"{label} is no time", provider="openeo", hint=_HINT) from None
    return found


def _tiff(path: Path, grid: Grid) -> Slice:
    import rasterio

    with rasterio.open(path) as file:
        values = file.read(masked=True).astype(np.float32).filled(np.nan)
        names = [name or f"band{number}" for number, name in enumerate(file.descriptions, 1)]
        at, crs = file.transform, file.crs
    x = at.c + at.a * (np.arange(values.shape[2]) + 0.5)
    y = at.f + at.e * (np.arange(values.shape[1]) + 0.5)
    if len(set(names)) != len(names):
        raise InvalidAnswer("several times in one GeoTIFF, which does not say which", provider="openeo",
                            hint="ask for netCDF")  # fmt: skip
    _check_crs(crs.to_wkt() if crs else None, grid)
    put, day = _placing(grid, x, y), _DAY.search(path.stem)
    when = np.datetime64("-".join(day.groups()), "s") if day else None
    return Slice(time=when, layers={name: put(one) for name, one in zip(names, values, strict=True)})


def _crs_of(cube: Any) -> str | None:  # noqa: ANN401 - a dataset
    """Return the CRS a dataset names in the ways that are usual, as text."""
    for name in ("crs", "spatial_ref"):
        if name in cube.variables:
            told = cube[name].attrs
            return next((str(told[key]) for key in ("crs_wkt", "spatial_ref") if told.get(key)), None)
    return None


def _check_crs(told: str | None, grid: Grid) -> None:
    from pyproj import CRS

    if told is not None and not CRS.from_user_input(told).equals(CRS(grid.crs), ignore_axis_order=True):
        code = CRS.from_user_input(told).to_epsg()
        raise InvalidAnswer(
            f"the result is in EPSG:{code}, and {grid.crs} was asked for",
            provider="openeo",
            hint=f'the area lies between two zones: plan it with crs="EPSG:{code}"',
        )


def _placing(grid: Grid, x: NDArray[Any], y: NDArray[Any]) -> Any:  # noqa: ANN401 - a function
    """Return what puts an array of a file on the grid; what the file lacks is NaN.

    Raises:
        InvalidAnswer: Its pixels are not those of the grid.
    """
    a, _, c, _, e, f = grid.transform
    columns, rows = _index(x, c, a), _index(y, f, e)
    inside = [(at >= 0) & (at < size) for at, size in zip((rows, columns), grid.shape, strict=True)]
    source, target = np.ix_(*inside), np.ix_(rows[inside[0]], columns[inside[1]])

    def put(values: NDArray[Any]) -> Layer:
        found = np.full(grid.shape, np.nan, np.float32)
        found[target] = values[source]
        return found

    return put


def _index(centres: NDArray[Any], corner: float, size: float) -> NDArray[np.intp]:
    """Return the row or column of each pixel centre."""
    at = (np.asarray(centres, np.float64) - corner) / size - 0.5
    if (
        np.abs(at - np.round(at)).max(initial=0) > _OFF
        or np.abs(np.abs(np.diff(at)) - 1).max(initial=0) > _OFF
    ):
        raise InvalidAnswer(
            "the pixels of the result are not those of the plan", provider="openeo", hint=_HINT
        )
    return np.round(at).astype(np.intp)
