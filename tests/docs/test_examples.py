"""Every example runs, against the sandbox, and makes what it says."""

import sys
from pathlib import Path

import numpy as np
import rasterio
from tests.docs import test_workflows

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def test_monthly_ndvi(execute, tmp_path):
    example = EXAMPLES / "monthly_ndvi.py"
    lines = execute(sys.executable, example, "field.geojson", "2023-05/2023-09", "ndvi").splitlines()
    assert [Path(line).name[:6] for line in lines] == ["202305", "202306", "202307", "202308"]
    means = []
    for line in lines:
        with rasterio.open(tmp_path / line) as file:
            assert file.crs.to_epsg() == 32632
            means.append(float(np.nanmean(file.read(1))))
    assert means.index(max(means)) in {1, 2}  # greenest in midsummer, as the synthetic world is made


def test_reflectance_proof(execute, optical):
    said = execute(sys.executable, EXAMPLES / "reflectance_proof.py", "--markdown")
    assert "synthetic" in said
    lines = [line.strip("| ").split(" | ") for line in said.splitlines() if line.startswith("|")]
    head, rows, worst = lines[0], lines[2:-1], lines[-1]
    assert {tuple(row[0].split()[:2]) for row in rows} == optical
    largest = {name: text.strip() for name, text in zip(head[2:], worst[2:], strict=True)}
    assert float(largest.pop("multisat")) < 0.002
    assert all(abs(float(row[2])) < 0.002 for row in rows)  # each was read by multisat
    assert max(float(text) for text in largest.values() if text != "not installed") > 0.02


def test_every_example_is_tried_here():
    tried = {
        "areas.py",
        "monthly_ndvi.py",
        "reflectance_proof.py",
        *(f"{name}.py" for name in test_workflows.RUNS),
    }
    assert {p.name for p in EXAMPLES.glob("*.py")} == tried
