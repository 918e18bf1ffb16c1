"""The example that is not STAC does what the contract says, though it is no part of an installation."""

import sys
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from multisat.errors import UnsupportedOperation
from multisat.model import Request
from multisat.testing import Target, provider_suite

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "plugins" / "multisat-example-folder" / "src"
AREA = (11.495, 48.312, 11.52, 48.33)
LINES = 120


def provider():
    sys.path.insert(0, str(SOURCE))
    try:
        from multisat_example_folder.provider import Folder
    finally:
        sys.path.remove(str(SOURCE))
    return Folder()


def write(folder, name, values):
    import rasterio

    transform = rasterio.transform.from_origin(684000, 5357000, 10, 10)
    profile = {"count": 1, "dtype": "uint16", "crs": "EPSG:32632", "transform": transform}
    with rasterio.open(folder / name, "w", driver="GTiff", width=300, height=300, **profile) as file:
        file.write(values, 1)


@contextmanager
def filled():
    """Synthetic files of two days, and one that is none."""
    random = np.random.default_rng(3)
    with TemporaryDirectory() as folder:
        for day in ("sentinel-2b_20230605T101559", "sentinel-2a_20230610T101601"):
            for band in ("red", "nir"):
                write(
                    Path(folder), f"{day}_{band}.tif", random.integers(500, 5000, (300, 300), dtype="uint16")
                )
            write(Path(folder), f"{day}_scl.tif", random.choice([4, 5, 9], (300, 300)).astype("uint16"))
        (Path(folder) / "notes.txt").write_text("no raster")
        yield Target(
            environment={"MULTISAT_EXAMPLE_FOLDER_PATH": folder},
            aoi=AREA,
            time="2023-06",
            empty=(-140.2, 10.0, -140.0, 10.2),
        )


test_conformance = provider_suite(provider, target=filled)


def test_it_is_no_part_of_an_installation():
    assert "example-folder" not in {entry.name for entry in entry_points(group="multisat")}


def test_without_a_folder_it_is_passed_over(monkeypatch):
    monkeypatch.delenv("MULTISAT_EXAMPLE_FOLDER_PATH", raising=False)
    with pytest.raises(UnsupportedOperation, match="MULTISAT_EXAMPLE_FOLDER_PATH"):
        list(provider().search(Request.of(AREA, "2023")))


def test_no_item_leads_out_of_the_folder(monkeypatch, tmp_path):
    made = provider()
    monkeypatch.setenv("MULTISAT_EXAMPLE_FOLDER_PATH", str(tmp_path))
    asset = type("Any", (), {"href": "../../etc/hostname"})
    assert Path(made.access(asset).href).parent == tmp_path


def test_it_is_short_enough_to_be_read():
    lines = [line for path in SOURCE.rglob("*.py") for line in path.read_text().splitlines() if line.strip()]
    assert len(lines) <= LINES
