"""One cloud-free image of a city of all images of a year, clipped to its limits.

    python examples/city.py city.geojson 2023 out/

The same on the command line:

    multisat composite city.geojson 2023 --period year --clip -o city.tif --preview city.png
"""

import sys
from pathlib import Path

import multisat as ms


def main(city: str, dates: str, folder: str) -> None:
    """Say what to compute, compute it, write it, draw it."""
    out = Path(folder)
    recipe = ms.Recipe().bands("red", "green", "blue").mask("clear").composite("year", "median").clip()
    image = recipe.run(city, dates)
    ms.write(image, out / "city.tif")
    image.multisat.plot().savefig(out / "city.png", dpi=150)
    print(out / "city.tif", out / "city.png", sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
