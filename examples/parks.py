"""Every look at nine parks in a year: an overview, and the clear ones only as true-colour clips.

    python examples/parks.py parks.geojson 2023 out/

The same on the command line; only quality layers are read until --fetch:

    multisat screen parks.geojson 2023 -c sentinel-2-l2a --max-cloud 5 --min-covered 99 \
        --save overview.csv --plot clouds.png --fetch red,green,blue --out clips/
"""

import sys
from pathlib import Path

import multisat as ms


def main(parks: str, dates: str, folder: str) -> None:
    """Look at clouds, keep the overview, read what is clear."""
    out = Path(folder)
    looks = ms.screen(parks, dates, collections="sentinel-2-l2a")
    looks.save(out / "overview.csv")
    looks.plot().figure.savefig(out / "clouds.png", dpi=150)
    clips = looks.filter(max_cloud=5, min_covered=99).fetch(["red", "green", "blue"], out / "clips")
    print(out / "overview.csv", out / "clouds.png", *(one.path for one in clips), sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
