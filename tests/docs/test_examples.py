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


def test_reflectance_proof():
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / "reflectance_proof.py"), "--markdown"],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "synthetic" in done.stdout
    lines = [line.strip("| ").split(" | ") for line in done.stdout.splitlines() if line.startswith("|")]
    head, rows, worst = lines[0], lines[2:-1], lines[-1]
    assert {tuple(row[0].split()[:2]) for row in rows} == {
        ("earth-search", "sentinel-2-l2a"),
        ("earth-search", "sentinel-2-c1-l2a"),
        ("earth-search", "landsat-c2-l2"),
        ("planetary-computer", "sentinel-2-l2a"),
        ("planetary-computer", "landsat-c2-l2"),
        ("planetary-computer", "hls2-l30"),
        ("planetary-computer", "hls2-s30"),
        ("nasa-cmr", "HLSL30_2.0"),
        ("nasa-cmr", "HLSS30_2.0"),
    }
    largest = {name: text.strip() for name, text in zip(head[2:], worst[2:], strict=True)}
    assert float(largest.pop("multisat")) < 0.002
    assert all(abs(float(row[2])) < 0.002 for row in rows)  # each was read by multisat
    assert max(float(text) for text in largest.values() if text != "not installed") > 0.02


def test_every_example_is_tried_here():
    assert {p.name for p in EXAMPLES.glob("*.py")} == {"monthly_ndvi.py", "reflectance_proof.py"}
