"""One known truth, stored in the ways the archives store it, and what each tool makes of it.

    python examples/reflectance_proof.py [--markdown]

Starts the sandbox, whose synthetic scenes show one field with known reflectance, and reads red and
near infrared by multisat and in the ways notebooks of other libraries show. Every number is measured.
"""

import argparse
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np

import multisat as ms
from multisat.sandbox import Sandbox, truth

Pair = tuple[float, float]  # red and near infrared

LON, LAT, HALF, EPSG, METRES = 11.502, 48.314, 0.0008, 32632, 10
BOX = (LON - HALF, LAT - HALF, LON + HALF, LAT + HALF)
"""Some 150 m inside one even field, so that no grid matters."""
ARCHIVES, SENSORS = "earth-search planetary-computer nasa-cmr", "sentinel-2-l2a landsat-c2-l2 hls"
LANDSAT, OTHERS = (0.0000275, -0.2), (0.0001, 0.0)  # scale and offset of the handbooks
DECLARING = {"hls2-l30", "hls2-s30"}
"""Items that declare these in the real archives; the sandbox's do not, so it is added for stackstac."""
OFFSET_SINCE = 4.0  # the processing baseline of Sentinel-2 that brought the offset


@dataclass(frozen=True)
class Variant:
    """One way of storing: a scene, its item, and the keys of red and near infrared."""

    scene: ms.Scene
    item: dict[str, Any]
    keys: list[str]

    @property
    def kind(self) -> tuple[str, bool, str]:
        """What tells it from others."""
        flag = self.item["properties"].get("earthsearch:boa_offset_applied")
        words = {None: "", True: ", offset applied", False: ", offset not applied"}
        name = f"{self.scene.provider} {self.scene.native_id}"
        return name, (self.scene.baseline or 0) >= OFFSET_SINCE, words[flag]

    @property
    def scale(self) -> Pair:
        """Scale and offset of the handbook."""
        return LANDSAT if self.scene.collection.startswith("landsat") else OTHERS


def variant(scene: ms.Scene) -> Variant:
    """Return the variant of a scene, with the item as the real archive writes it."""
    bands = ["red", "nir" if scene.collection.startswith("sentinel") else "nir08"]
    made = Variant(scene, deepcopy(dict(scene.item)), [scene.assets[band].key for band in bands])
    for key in made.keys if scene.native_id in DECLARING else ():
        scale, offset = made.scale
        made.item["assets"][key].setdefault("raster:bands", [{"scale": scale, "offset": offset}])
    return made


def is_clear(scene: ms.Scene) -> bool:
    """Whether there is no cloud over the field that day."""
    lon, lat = np.meshgrid(np.linspace(BOX[0], BOX[2], 20), np.linspace(BOX[1], BOX[3], 20))
    return bool((truth.weather(lon, lat, scene.datetime.date()) == truth.CLEAR).all())


def variants() -> list[Variant]:
    """Search all archives and keep the first clear scene of each way of storing."""
    found = ms.search(BOX, "2021/2023", collections=SENSORS.split(), providers=ARCHIVES.split())
    copies = [copy for scene in found for copy in scene.copies if "red" in copy.assets and is_clear(copy)]
    first = {made.kind: made for made in map(variant, reversed(copies))}
    return [first[kind] for kind in sorted(first)]


def known(stored: Variant) -> Pair:
    """Return the truth at the field on the day of the scene."""
    at = np.array(LON), np.array(LAT), stored.scene.datetime.date()
    return float(truth.ground("red", *at)), float(truth.ground("nir", *at))


def by_multisat(stored: Variant) -> Pair:
    """Read with multisat."""
    cube = ms.load(stored.scene, ["red", "nir"], aoi=BOX, errors="raise")
    return float(cube.red.median()), float(cube.nir.median())


def by_odc_stac(stored: Variant) -> Pair:
    """Use the numbers as stored: odc-stac's notebook for Sentinel-2, Planetary Computer's for Landsat."""
    import odc.stac
    import pystac

    items = [pystac.Item.from_dict(stored.item)]
    cube = odc.stac.load(items, bands=stored.keys, bbox=BOX, crs=f"EPSG:{EPSG}", resolution=METRES)
    divisor = 1 if stored.scale == LANDSAT else 10000
    return float(cube[stored.keys[0]].median()) / divisor, float(cube[stored.keys[1]].median()) / divisor


def by_stackstac(stored: Variant, *, rescale: bool = True) -> Pair:
    """Apply what ``raster:bands`` declares: the default of ``stackstac.stack`` since 0.5."""
    import stackstac

    where = {"epsg": EPSG, "resolution": METRES, "bounds_latlon": BOX}
    cube = stackstac.stack([stored.item], assets=stored.keys, rescale=rescale, **where).compute()
    return float(cube[:, 0].median()), float(cube[:, 1].median())


def by_cubo_way(stored: Variant) -> Pair | None:
    """Divide stored numbers by 10000: Sentinel-2 minicubes for learning, made by cubo over stackstac."""
    if stored.scale == LANDSAT:
        return None
    red, nir = by_stackstac(stored, rescale=False)
    return red / 10000, nir / 10000


def by_rioxarray(stored: Variant) -> Pair:
    """Open the file and apply the handbook's factor: as notebooks for HLS and Landsat do."""
    import rioxarray

    files = [stored.item["assets"][key]["href"] for key in stored.keys]
    opened: list[Any] = [rioxarray.open_rasterio(file, masked=True) for file in files]
    red, nir = (float(band.rio.clip_box(*BOX, crs="EPSG:4326").median()) for band in opened)
    scale, offset = stored.scale
    return red * scale + offset, nir * scale + offset


TOOLS: dict[str, Callable[[Variant], Pair | None]] = {
    "multisat": by_multisat,
    "odc-stac, no offset": by_odc_stac,
    "stackstac, as declared": by_stackstac,
    "stackstac, / 10000": by_cubo_way,
    "rioxarray, handbook factor": by_rioxarray,
}


def cell(tool: Callable[[Variant], Pair | None], stored: Variant, *, brief: bool) -> tuple[str, float]:
    """Return red with its error and that of NDVI as text (or only the last), and its size."""
    try:
        pair = tool(stored)
    except ModuleNotFoundError:
        return "not installed", np.nan
    if pair is None:
        return "-", np.nan
    (red, nir), (true_red, true_nir) = pair, known(stored)
    wrong = (nir - red) / (nir + red) - (true_nir - true_red) / (true_nir + true_red)
    if brief:
        return f"{round(wrong, 3) + 0:+.3f}", abs(wrong)
    shown = f"{red:.3f} ({round(red - true_red, 3) + 0:+.3f})" if red < 1 else f"DN {red:.0f}"
    return f"{shown}, {round(wrong, 3) + 0:+.3f}", abs(wrong)


def table(*, brief: bool) -> list[list[str]]:
    """Measure everything; the last row has the largest errors."""
    rows, errors = [["variant", "truth", *TOOLS]], []
    for stored in variants():
        cells = [cell(tool, stored, brief=brief) for tool in TOOLS.values()]
        name = f"{stored.kind[0]} {stored.scene.processing_baseline or ''}{stored.kind[2]}"
        rows.append([name.rstrip(), f"{known(stored)[0]:.3f}", *(text for text, _ in cells)])
        errors.append([error for _, error in cells])
    worst = ["not installed" if np.isnan(w) else f"{w:.4f}" for w in np.fmax.reduce(errors)]
    return [*rows, ["largest NDVI error", "", *worst]]


@contextmanager
def sandbox() -> Iterator[None]:
    """Serve the synthetic archives from a process of their own and point multisat at them."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    os.environ |= {**Sandbox(port=port).environment, "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR"}
    command = [sys.executable, "-m", "multisat", "sandbox", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        try:
            if not next(iter(server.stdout or ()), b""):  # it speaks when it serves
                raise SystemExit("the sandbox does not start")
            yield
        finally:
            server.terminate()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="One truth through all archives and tools.")
    parser.add_argument("--markdown", action="store_true", help="errors of NDVI only, not aligned")
    narrow = parser.parse_args().markdown
    with sandbox():
        rows = table(brief=narrow)
    wide = "In each cell: red (its error), error of NDVI. DN is a stored number."
    print("One synthetic field.", "Errors of NDVI." if narrow else wide, end="\n\n")
    widths = [3 if narrow else max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in [rows[0], ["-" * width for width in widths], *rows[1:]]:
        print("| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |")


if __name__ == "__main__":
    main()
