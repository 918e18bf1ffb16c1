"""The clearest scene at a point: what files it has, and a window of one band of it.

    python examples/one_window.py 11.507 48.321 2023-05/2023-07 window.tif

The same on the command line, with the window as west,south,east,north:

    multisat load 11.501,48.317,11.513,48.325 2023-05/2023-07 -c sentinel-2-l2a --max-cloud 20 \
        --sort cloud_cover --limit 1 --bands red -o window.tif
"""

import sys

import multisat as ms


def main(lon: str, lat: str, dates: str, path: str) -> None:
    """Search, look, read, write."""
    x, y = float(lon), float(lat)
    found = ms.search((x, y), dates, collections="sentinel-2-l2a", max_cloud=20, sort="cloud_cover")
    for name, asset in found[0].assets.items():
        print(f"{name:10} {asset.grid.resolution[1] if asset.grid else '?'} m  {asset.href}")
    cube = ms.load(found[0], ["red"], aoi=(x - 0.006, y - 0.004, x + 0.006, y + 0.004))
    print(ms.write(cube, path)[0])


if __name__ == "__main__":
    main(*sys.argv[1:])
