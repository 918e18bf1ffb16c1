"""Monthly NDVI of a field, clouds masked with a soft margin: a Gaussian of 11 pixels over the mask.

    python examples/gaussian_mask.py field.geojson 2023-05/2023-09 out/

The same on the command line:

    multisat index field.geojson 2023-05/2023-09 --mask cloud,shadow,cirrus --kernel 11,1.6,0.1 \
        -o ndvi.nc --preview ndvi.png
"""

import sys
from pathlib import Path

import multisat as ms


def main(field: str, dates: str, folder: str) -> None:
    """Say what to compute, compute it, write it, draw it."""
    out = Path(folder)
    recipe = ms.Recipe().mask("cloud,shadow,cirrus", kernel=ms.gaussian(11, 1.6, 0.1)).index("NDVI")
    ndvi = recipe.composite("month", "median").run(field, dates)
    ms.write(ndvi, out / "ndvi.nc")
    ndvi.multisat.plot().savefig(out / "ndvi.png")
    print(out / "ndvi.nc", out / "ndvi.png", sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
