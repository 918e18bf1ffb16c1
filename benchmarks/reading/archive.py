"""A synthetic archive: tiled, deflated files like Sentinel-2's, and the items that describe them.

    python -m benchmarks.reading.archive FOLDER

Four scenes are written, 0.8 GB; the others are hard links to them, so that each has an address of its own.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .catalogue import SCENES, item
from .workloads import DISTINCT, EPSG, NORTH, PIXEL, SIZE, WEST

DEFAULT = Path(tempfile.gettempdir()) / "multisat-reading-archive"
BLOCK = 1024
LIGHT = {"blue": (1300, 0.3), "green": (1600, 0.4), "red": (1800, 0.6), "nir": (3200, 1.5)}
"""Level of bare ground, and how strongly fields differ."""
GRAIN = {"blue": 14.0, "green": 14.0, "red": 15.0, "nir": 28.0}
"""Noise of a pixel; it decides how badly a file compresses, which is to 0.8 of its size as in reality."""

if TYPE_CHECKING:
    from numpy.typing import NDArray

    _Floats = NDArray[np.float32]


def ready(folder: Path, scenes: int = SCENES) -> None:
    """Make the archive unless it is there."""
    if (folder / "items.json").exists():
        return
    print(f"writing a synthetic archive to {folder}", file=sys.stderr, flush=True)
    cloudy = [write_scene(folder / "distinct" / str(number), number) for number in range(DISTINCT)]
    items = [item(number, cloudy[number % DISTINCT]) for number in range(scenes)]
    for number, one in enumerate(items):
        own = folder / "scenes" / one["id"]
        own.mkdir(parents=True, exist_ok=True)
        for file in (folder / "distinct" / str(number % DISTINCT)).iterdir():
            (own / file.name).unlink(missing_ok=True)
            (own / file.name).hardlink_to(file)
    (folder / "items.json").write_text(json.dumps(items))


def surface(rng: np.random.Generator, cells: int) -> _Floats:
    """Return a landscape of standard height: random knots, straight in between."""
    knots = rng.standard_normal((cells + 1, cells + 1), dtype=np.float32)
    at = np.linspace(0, cells, SIZE, endpoint=False, dtype=np.float32)
    below = at.astype(int)
    part = at - below
    rows: _Floats = knots[below] * (1 - part)[:, None] + knots[below + 1] * part[:, None]
    return rows[:, below] * (1 - part) + rows[:, below + 1] * part


def land() -> tuple[_Floats, _Floats]:
    """Return the relief and the fields that all scenes share."""
    rng = np.random.default_rng(1)
    relief = surface(rng, 15) * 300 + surface(rng, 110) * 200 + surface(rng, 800) * 130
    patches = rng.uniform(0, 600, (SIZE // 30 + 1, SIZE // 30 + 1)).astype(np.float32)
    return relief, patches.repeat(30, 0).repeat(30, 1)[:SIZE, :SIZE]


def write_scene(folder: Path, number: int) -> float:
    """Write the files of one scene and return its cloud cover in percent."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(50 + number)
    relief, fields = land()
    sky = surface(rng, 8) + surface(rng, 70) * np.float32(0.4)
    empty = outside_swath() if number == DISTINCT - 1 else None
    for band, (level, contrast) in LIGHT.items():
        light = level + relief + fields * contrast + np.clip((sky - 1) * 2500, 0, 6000)
        light += rng.standard_normal(light.shape, dtype=np.float32) * GRAIN[band]
        write(folder / f"{band}.tif", emptied(np.clip(light, 1, 15000).astype(np.uint16), empty), PIXEL)
    classes = emptied(classified(sky, relief), empty)
    write(folder / "scl.tif", classes[::2, ::2], 2 * PIXEL)
    return float(np.isin(classes, (8, 9, 10)).mean() * 100)


def outside_swath() -> NDArray[np.bool_]:
    """Return the corner that one of the scenes does not cover."""
    along = np.arange(SIZE)
    return along[None, :] + along[:, None] * 0.3 > SIZE * 1.15


def emptied(values: NDArray[Any], empty: NDArray[np.bool_] | None) -> NDArray[Any]:
    """Return the values with no data, which is 0, where the scene is empty."""
    return values if empty is None else np.where(empty, values.dtype.type(0), values)


def classified(sky: _Floats, relief: _Floats) -> NDArray[np.uint8]:
    """Return the scene classes: land, water, clouds and the shadows beside them."""
    shadow = np.roll(sky, (60, 80), (0, 1)) > 1.3
    rules = [
        (sky > 1.9, 9),
        (sky > 1.3, 8),
        (sky > 1.05, 10),
        (shadow, 3),
        (relief < -450, 6),
        (relief > 150, 4),
    ]
    chosen = np.select([rule for rule, _ in rules], [np.uint8(value) for _, value in rules], np.uint8(5))
    return chosen.astype(np.uint8)


def write(path: Path, values: NDArray[Any], pixel: int) -> None:
    """Write a cloud-optimised file with overviews."""
    import rasterio
    from rasterio.transform import from_origin

    layout = {"driver": "COG", "compress": "DEFLATE", "blocksize": BLOCK, "num_threads": "ALL_CPUS"}
    wide = values.dtype == np.uint16
    how = {"predictor": "STANDARD" if wide else "NO", "overview_resampling": "AVERAGE" if wide else "NEAREST"}
    shape = {
        "height": values.shape[0],
        "width": values.shape[1],
        "count": 1,
        "dtype": values.dtype,
        "nodata": 0,
    }
    where = {"crs": EPSG, "transform": from_origin(WEST, NORTH, pixel, pixel)}
    with rasterio.open(path, "w", **layout, **how, **shape, **where) as file:
        file.write(values, 1)


if __name__ == "__main__":
    ready(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT)
