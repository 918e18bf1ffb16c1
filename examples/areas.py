"""Write the areas of the other examples into a folder; all are synthetic and lie in the sandbox.

    python examples/areas.py inputs/

Makes ``field.geojson``, ``city.geojson``, ``parks.geojson`` (nine parks at three places) and ``forests.gpkg``
(twenty forests with their numbers). To run the examples offline, start ``multisat sandbox --port 8123`` in
another terminal and say ``eval "$(multisat sandbox --print-environment --port 8123)"`` in yours.
"""

import json
import sys
from pathlib import Path

import geopandas

from multisat.sandbox.places import CITY, FIELDS, FORESTS, PARKS


def main(folder: str) -> None:
    """Write four files."""
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    for name, shapes in (("field", FIELDS["munich"]), ("city", CITY), ("parks", PARKS)):
        (out / f"{name}.geojson").write_text(json.dumps(shapes))
        print(out / f"{name}.geojson")
    geopandas.GeoDataFrame.from_features(FORESTS["features"], crs=4326).to_file(out / "forests.gpkg")
    print(out / "forests.gpkg")


if __name__ == "__main__":
    main(*sys.argv[1:])
