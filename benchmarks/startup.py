"""Start-up: ``import multisat`` and ``multisat --help`` against a bare click program.

uv run python benchmarks/startup.py
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

RUNS = 15
BARE = "import click\n@click.command()\ndef main():\n    pass\nmain(['--help'])\n"


def seconds(*command: str) -> float:
    """Return wall seconds of one run."""
    begin = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - begin


def main() -> None:
    """Run all in turn and print medians in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE)
        programs = {
            "python -c pass": (sys.executable, "-c", "pass"),
            "import multisat": (sys.executable, "-c", "import multisat"),
            "bare click --help": (sys.executable, str(bare)),
            "multisat --help": (str(Path(sys.executable).with_name("multisat")), "--help"),
            "multisat providers": (str(Path(sys.executable).with_name("multisat")), "providers"),
        }
        times: dict[str, list[float]] = {name: [] for name in programs}
        for _ in range(RUNS):
            for name, command in programs.items():
                times[name].append(seconds(*command))
    for name, measured in times.items():
        print(f"{name:20} {1000 * median(measured):7.0f} ms")
    ratio = median(times["multisat --help"]) / median(times["bare click --help"])
    print(f"multisat --help takes {ratio:.2f} times a bare click program")


if __name__ == "__main__":
    main()
