"""NDVI and EVI of every forest of a file, month by month, without clouds; and of hexagons over a city.

    python examples/forests.py forests.gpkg city.geojson 2023-05/2023-09 out/

The same on the command line; to go on with the sixteenth forest, or to do one only:

    multisat zonal forests.gpkg 2023-05/2023-09 --id forest -i NDVI -i EVI -s mean -s median -o forests.csv
    multisat zonal forests.gpkg 2023-05/2023-09 --id forest -i NDVI -i EVI --from 16 -o rest.csv
    multisat zonal forests.gpkg 2023-05/2023-09 --id forest -i NDVI -i EVI --only 283 -o one.csv
    multisat zonal city.geojson 2023-05/2023-09 --hex-size 500m -i NDVI -o hexagons.gpkg
"""

import sys
from pathlib import Path

import multisat as ms
from multisat.zones import hexagons

MEANS = ("mean", "median")


def main(forests: str, city: str, dates: str, folder: str) -> None:
    """Say what to compute, and compute it of features."""
    out = Path(folder)
    recipe = ms.Recipe().mask("clear").index("NDVI").index("EVI").composite("month", "median")
    ms.zonal(forests, dates, recipe, id="forest", stats=MEANS, out=out / "forests.csv")
    ms.zonal(forests, dates, recipe, id="forest", stats=MEANS, start=16, out=out / "rest.csv")
    ms.zonal(forests, dates, recipe, id="forest", stats=MEANS, only=["283"], out=out / "one.csv")
    ms.zonal(hexagons(city, "500m"), dates, recipe, stats="mean", out=out / "hexagons.gpkg")
    print(*(out / name for name in ("forests.csv", "rest.csv", "one.csv", "hexagons.gpkg")), sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
