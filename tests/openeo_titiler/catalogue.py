"""The STAC catalogue that titiler-openeo reads: the sandbox's Sentinel-2, with the bands named in the collection."""

import threading
from contextlib import contextmanager

from multisat.sandbox.archive.catalogue import everything
from multisat.sandbox.dialects.planetary_computer import PlanetaryComputer
from multisat.sandbox.http import Response, Server

COLLECTION = "sentinel-2-l2a"
OFFSET = -1000
"""Of processing baseline 04.00 and later: told with the files, so that the service removes it as others do."""
_COLLECTIONS = "https://api.stacspec.org/v1.0.0/collections"


class Listed(PlanetaryComputer):
    """Sentinel-2 under the names of ESA, with files that need no signature."""

    conforms_to = (*PlanetaryComputer.conforms_to, _COLLECTIONS)

    def __init__(self, url, address_of):
        held = (entry for entry in everything() if entry.collection == COLLECTION and entry.files)
        super().__init__(url, held, address_of)
        self.items = [_told(item) for item in self.items]

    def handle(self, request, asked):
        """Answer a request; one collection has an address of its own, too."""
        if request.path.endswith(f"/collections/{COLLECTION}"):
            return Response.json(self._collection(COLLECTION))
        return super().handle(request, asked)

    def _root(self):
        told = super()._root()
        link = {"rel": "data", "href": f"{self.url}/collections", "type": "application/json"}
        return {**told, "links": [*told["links"], link]}

    def _collection(self, name):
        assets = {key: one for item in self.items for key, one in item["assets"].items()}
        described = {key: {"type": one["type"], "roles": one["roles"]} for key, one in assets.items()}
        return {**super()._collection(name), "item_assets": described}


def _told(item):
    """Return an item with its rasters alone, each with what is added to its numbers."""
    late = item["properties"]["s2:processing_baseline"] >= "04.00"
    rasters = {key: one for key, one in item["assets"].items() if one.get("roles") == ["data"]}
    return {**item, "assets": {key: _band(key, one, late) for key, one in rasters.items()}}


def _band(key, asset, late):
    offset = OFFSET if late and key != "SCL" else 0
    return {**asset, "raster:scale": 1, "raster:offset": offset}


@contextmanager
def served(files):
    """Serve the catalogue over files at an address; gives its own."""

    def respond(request):
        return held[0].handle(request, held[0].asked(request))

    held, server = [], Server(0, respond)
    url = f"http://127.0.0.1:{server.server_address[1]}/stac/v1"
    held.append(Listed(url, lambda name: f"{files}/{name}"))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield url
    finally:
        server.stop()
        thread.join()
