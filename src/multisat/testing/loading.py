"""Checks of pixels: grid, type, physics, masks, laziness, and areas beyond every scene."""

from __future__ import annotations

import math
import pickle
from collections.abc import Mapping

from multisat.cube.opening import Opener
from multisat.errors import NothingFound
from multisat.model import AOI, Asset
from multisat.raster import RasterInfo, run
from multisat.testing.asking import needs
from multisat.testing.trial import Skipped, Trial, Unmet, expect, given
from multisat.vocab.bands import BANDS

_BETWEEN: Mapping[str, tuple[float, float]] = {
    "optical": (-0.5, 2.0),
    "thermal": (150.0, 400.0),
    "sar": (0.0, 1000.0),
    "elevation": (-500.0, 9000.0),
}
"""Values that nature can have: reflectance, kelvin, linear power, metres."""


@needs("assets")
def check_files_lie_where_declared(trial: Trial) -> None:
    """The grid an asset declares is that of its file: CRS, corner, pixel size and shape."""
    asset, header = _declared(trial), _header(trial)
    grid = given(asset.grid, "the archive declares no grid")
    found = header.grid
    expect(
        found.shape == grid.shape, f"{asset.key} is declared {grid.shape} pixels (y, x), has {found.shape}"
    )
    near = all(math.isclose(a, b, abs_tol=1e-6) for a, b in zip(found.transform, grid.transform, strict=True))
    expect(near, f"{asset.key} is declared at {grid.transform}, and lies at {found.transform}")


@needs("assets")
def check_files_have_the_declared_type(trial: Trial) -> None:
    """Stored numbers have the type that is declared."""
    asset, header = _declared(trial), _header(trial)
    kind = given(asset.dtype, "the archive declares no type")
    expect(kind == header.dtype, f"{asset.key} is declared {kind}, and is {header.dtype}")


@needs("assets")
def check_load_keeps_the_native_grid(trial: Trial) -> None:
    """Without other wishes a cube has the pixels of the file: its CRS, its pixel size, its lattice."""
    import odc.geo.xr  # noqa: F401 - gives cubes their .odc

    header, grid = _header(trial).grid, trial.cube.odc.geobox
    expect(grid.crs == header.crs, f"read in {grid.crs}, stored in {header.crs}")
    a, b = grid.affine, header.transform
    expect(math.isclose(a.a, b[0]), f"read with pixels of {a.a}, stored with {b[0]}")
    off = ((a.c - b[2]) / b[0]) % 1
    expect(min(off, 1 - off) < 1e-6, f"read {off:.3f} pixels beside the stored ones")  # noqa: PLR2004


@needs("assets")
def check_load_gives_float32_over_time(trial: Trial) -> None:
    """A band is float32 (time, y, x)."""
    band = trial.cube[trial.picture[1]]
    expect(band.dims == ("time", "y", "x"), f"the axes are {band.dims}")
    expect(band.dtype == "float32", f"the type is {band.dtype}")


@needs("assets")
def check_load_gives_physical_numbers(trial: Trial) -> None:
    """Scaled numbers are such as nature can have, and not all are missing."""
    name = trial.picture[1]
    values = trial.cube[name]
    expect(bool(values.notnull().any()), f"every pixel of {name} is NaN")
    low, high = _BETWEEN[BANDS[name].kind]
    least, most = float(values.min()), float(values.max())
    expect(low <= least and most <= high, f"{name} is {least:.4g} to {most:.4g}, not {low} to {high}")


@needs("assets")
def check_load_masks_clouds(trial: Trial) -> None:
    """``mask="clear"`` reads the quality layer: it only takes pixels away, and reports them."""
    given(trial.quality, "no scene has a quality layer")
    name = trial.picture[1]
    masked = trial.load(mask="clear")
    kept = masked[name].notnull()
    same = masked[name].where(kept).equals(trial.cube[name].where(kept))
    expect(same, "masking changed pixels that are clear")
    expect(not bool((kept & (masked["mask"] == 1)).any()), "pixels that are masked have values")


@needs("assets")
def check_load_can_be_lazy(trial: Trial) -> None:
    """With ``chunks`` nothing is read until it is computed, and then it is the same."""
    try:
        import dask.array  # noqa: F401
    except ImportError:
        raise Skipped("dask is not installed") from None
    name = trial.picture[1]
    later = trial.load(chunks={"y": 64, "x": 64})
    expect(later[name].chunks is not None, "the pixels were read at once")
    expect(later[name].compute().equals(trial.cube[name]), "read later, the pixels are others")


@needs("assets")
def check_load_beyond_all_scenes_finds_nothing(trial: Trial) -> None:
    """An area that no scene touches is NothingFound, not a cube of NaN."""
    west, south, east, north = trial.aoi.lonlat.bounds
    away = -60.0 if north > 0 else 60.0
    try:
        trial.load(aoi=AOI.of((west, away, west + east - west, away + north - south)))
    except NothingFound:
        return
    raise Unmet("an area that no scene touches was loaded")


@needs("assets")
def check_access_is_made_anew_and_never_kept(trial: Trial) -> None:
    """A file can be opened any number of times; what opens it shows nothing and cannot be pickled."""
    asset = _declared(trial)
    first = trial.provider.access(asset)
    try:
        trial.provider.access(asset)
    except Exception as error:
        raise Unmet(f"asked a second time how to open {asset.key}, it raised {error!r}") from error
    expect(first.href not in repr(first) or first.href == asset.href, "an access shows its signed address")
    try:
        pickle.dumps(first)
    except TypeError:
        return
    raise Unmet("an access can be pickled, and would carry its signature elsewhere")


def _declared(trial: Trial) -> Asset:
    scene, band = trial.picture
    return scene.assets[band]


def _header(trial: Trial) -> RasterInfo:
    from multisat.cube.load import default_reader

    scene, band = trial.picture
    with Opener(default_reader(), trial.access) as opener:
        return run(opener.describe(scene, scene.assets[band]))
