"""CPU from bytes to scenes: 2,000 items of 17 assets over loopback, against pystac-client's items.

    uv run python benchmarks/items.py

Both read the same pages from the same server in turn, each in a process of its own. Synthetic items.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median

ITEMS, PAGE, RUNS = 2000, 200, 5
WEST, SOUTH, EAST, NORTH = 11.0, 48.0, 12.0, 49.0
BANDS = (*(f"band{n:02d}" for n in range(14)), "scl", "visual", "thumbnail")


ASSET = {
    "href": "https://example.com/scenes/S2A_32UPU_20230504/B04.tif",
    "type": "image/tiff; application=geotiff; profile=cloud-optimized",
    "title": "Red (band 4) - 10m",
    "eo:bands": [
        {"name": "red", "common_name": "red", "center_wavelength": 0.665, "full_width_half_max": 0.038}
    ],
    "gsd": 10,
    "proj:shape": [10980, 10980],
    "proj:transform": [10, 0, 600000, 0, -10, 5400000],
    "raster:bands": [
        {"nodata": 0, "data_type": "uint16", "bits_per_sample": 15, "scale": 0.0001, "offset": -0.1}
    ],
    "roles": ["data", "reflectance"],
}


def item(number: int) -> dict[str, object]:
    """Return an item with the fields Earth Search publishes."""
    uri = f"S2A_MSIL2A_20230504T101031_N0509_R022_T32UPU_20230504T{number:06d}.SAFE"
    properties = {
        "datetime": "2023-05-04T10:16:43.024000Z",
        "platform": "sentinel-2a",
        "constellation": "sentinel-2",
        "instruments": ["msi"],
        "eo:cloud_cover": 12.5,
        "proj:epsg": 32632,
        "mgrs:utm_zone": 32,
        "grid:code": "MGRS-32UPU",
        "s2:processing_baseline": "05.09",
        "s2:product_uri": uri,
        "s2:datastrip_id": "S2A_OPER_MSI_L2A_DS_2APS_20230504T221031_S20230504T101034_N05.09",
        "s2:generation_time": "2023-05-04T22:10:31.000000Z",
        "earthsearch:boa_offset_applied": True,
        **{f"s2:class_{n}_percentage": n * 1.5 for n in range(15)},
    }
    ring = [[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]]
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "stac_extensions": [],
        "id": f"S2A_32UPU_20230504_{number}_L2A",
        "collection": "sentinel-2-l2a",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "bbox": [WEST, SOUTH, EAST, NORTH],
        "properties": properties,
        "assets": dict.fromkeys(BANDS, ASSET),
        "links": [],
    }


def serve() -> tuple[str, ThreadingHTTPServer]:
    """Serve the pages on a free port."""
    pages: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            page = pages[int(body.get("next") or 0)]
            self.send_response(200)
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    url = f"http://127.0.0.1:{server.server_address[1]}"
    for start in range(0, ITEMS, PAGE):
        link = {"rel": "next", "method": "POST", "href": f"{url}/search", "body": {"next": start // PAGE + 1}}
        features = [item(n) for n in range(start, start + PAGE)]
        links = [link] if start + PAGE < ITEMS else []
        pages.append(json.dumps({"type": "FeatureCollection", "features": features, "links": links}).encode())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"{ITEMS} items of {len(BANDS)} assets in {len(pages)} pages, {sum(map(len, pages)) / 1e6:.0f} MB")
    return url, server


OURS = """
import os, sys, time
os.environ["MULTISAT_EARTH_SEARCH_URL"] = sys.argv[1]
import multisat as ms, multisat.stac.search, shapely
request = ms.Request.of((11.2, 48.2, 11.3, 48.3), "2023-05", collections=["sentinel-2-l2a"])
search = ms.provider("earth-search").search(request)
begin = time.process_time()
scenes = list(search)
print(len(scenes), time.process_time() - begin, search.requests)
"""
PEER = """
import sys, time
from pystac_client import ItemSearch
search = ItemSearch(sys.argv[1] + "/search", collections=["sentinel-2-l2a"], limit=200)
begin = time.process_time()
items = list(search.items())
print(len(items), time.process_time() - begin, 10)
"""


def measure(program: str, url: str) -> tuple[int, float, int]:
    """Return count, CPU seconds and requests of one run in a fresh process."""
    out = subprocess.run(
        [sys.executable, "-c", program, url], capture_output=True, text=True, check=True
    ).stdout
    count, seconds, requests = out.split()
    return int(count), float(seconds), int(requests)


def main() -> None:
    """Measure both in turn and print medians and their ratio."""
    url, server = serve()
    ours, peer = [], []
    for _ in range(RUNS):
        ours.append(measure(OURS, url))
        peer.append(measure(PEER, url))
        time.sleep(0.2)
    server.shutdown()
    a, b = median(r[1] for r in ours), median(r[1] for r in peer)
    print(f"multisat scenes       {ours[0][0]} in {a:.2f} s CPU, {ours[0][2]} requests")
    print(f"pystac-client items   {peer[0][0]} in {b:.2f} s CPU, {peer[0][2]} requests")
    print(f"ratio {b / a:.1f}")


if __name__ == "__main__":
    main()
