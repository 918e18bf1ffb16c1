"""Monthly cloud-free NDVI of a field, from whichever archives answer.

    python examples/monthly_ndvi.py field.geojson 2023-05/2023-09 ndvi/

Writes one GeoTIFF per month: the median of the clear looks of all Sentinel-2 overpasses.
"""

import sys

import multisat as ms


def main(field: str, dates: str, folder: str) -> None:
    """Search, read, reduce, write."""
    found = ms.search(field, dates, collections="sentinel-2-l2a", max_cloud=80)
    cube = found.load(["red", "nir"], mask="clear")
    monthly = ms.ndvi(cube).resample(time="MS").median()
    monthly = monthly.dropna("time", how="all").rio.write_crs(cube.rio.crs)
    for path in ms.write_cog(monthly.rename("ndvi"), folder):
        print(path)


if __name__ == "__main__":
    main(*sys.argv[1:])
