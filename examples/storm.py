"""Radar before and after a storm, from one orbit: where power is lost, trees may have fallen.

    python examples/storm.py field.geojson 2023-06-28 out/

The same on the command line:

    multisat change field.geojson 2023-06-28 --days 24 -o storm.tif --preview storm.png
"""

import sys
from pathlib import Path

import multisat as ms


def main(area: str, event: str, folder: str) -> None:
    """Compare, write, draw."""
    out = Path(folder)
    storm = ms.change(area, event, days=24)
    ms.write(storm, out / "storm.tif")
    storm.multisat.plot("vv_change").savefig(out / "storm.png")
    print(f"relative orbit {storm.attrs['relative_orbit']}", out / "storm.tif", out / "storm.png", sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
