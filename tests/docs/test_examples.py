"""Every example runs, against the sandbox, and makes what it says."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import orjson
import rasterio

from multisat.sandbox import Sandbox

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def test_monthly_ndvi(tmp_path):
    with Sandbox() as box:
        (tmp_path / "field.geojson").write_bytes(orjson.dumps(box.places["munich"]))
        done = subprocess.run(
            [sys.executable, str(EXAMPLES / "monthly_ndvi.py"), "field.geojson", "2023-05/2023-09", "ndvi"],
            cwd=tmp_path,
            env={**os.environ, **box.environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    months = [Path(line).name[:6] for line in done.stdout.splitlines()]
    assert months == ["202305", "202306", "202307", "202308"]
    means = []
    for line in done.stdout.splitlines():
        with rasterio.open(tmp_path / line) as file:
            assert file.crs.to_epsg() == 32632
            means.append(float(np.nanmean(file.read(1))))
    assert means.index(max(means)) in {1, 2}  # greenest in midsummer, as the synthetic world is made


def test_every_example_is_tried_here():
    assert {p.name for p in EXAMPLES.glob("*.py")} == {"monthly_ndvi.py"}
