"""The oracle judges multisat, so it knows nothing of it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_oracle_imports_nothing_it_judges():
    code = "import sys, tests.oracle; print(sorted(m for m in sys.modules if m.startswith('multisat')))"
    command = [sys.executable, "-P", "-c", code]
    done = subprocess.run(command, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
