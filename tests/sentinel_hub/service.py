"""A Process API over the synthetic archive of recipes: tokens, tiles, evalscripts that really run."""

import io
import itertools
import json
import tarfile
from datetime import datetime

import numpy as np
from rasterio.io import MemoryFile
from rasterio.transform import from_bounds
from tests.oracle import Pixels
from tests.recipes.archive import build
from tests.sentinel_hub.scripts import run_script

from multisat.sandbox.http import Response, Server

MOST = 2500


class Stopped(Exception):
    """What ``answer`` raises to refuse a request."""


class Processing:
    """Answers requests.

    ``faults`` are responses given, first to last, instead of answers; ``bodies`` are the Process requests that
    were answered.
    """

    def __init__(self):
        self.bodies, self.faults, self.tokens = [], [], itertools.count()
        self.valid, self.granted = set(), 0
        self.answer = computed

    def respond(self, request):
        """Answer a request; see ``multisat.sandbox.http``."""
        if request.path == "/token":
            return self._token(request)
        if self.faults:
            return self.faults.pop(0)
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.valid:
            return refusal(401, "Unauthorized", "COMMON_UNAUTHORIZED")
        try:
            outputs = self.answer(request.body)
        except Stopped:
            return refusal(400, "stopped", "COMMON_BAD_PAYLOAD")
        self.bodies.append(request.body)
        bounds, size = request.body["input"]["bounds"], outputs[next(iter(outputs))].shape[1:]
        names = [one["identifier"] for one in request.body["output"]["responses"]]
        files = [(name, tiff(outputs[name], bounds, size)) for name in names]
        spent = {"x-processingunits-spent": "0.25"}
        if len(files) == 1:
            return Response(body=files[0][1], headers={"Content-Type": "image/tiff", **spent})
        assert request.headers["accept"] == "application/x-tar"
        return Response(body=tar(files), headers={"Content-Type": "application/x-tar", **spent})

    def expire(self):
        """Let every token end."""
        self.valid.clear()

    def _token(self, request):
        self.granted += 1
        if request.form != {
            "grant_type": "client_credentials",
            "client_id": "sh-client",
            "client_secret": "sh-secret",
        }:
            return Response.json({"error": "invalid_client"}, 401)
        token = f"token-{next(self.tokens)}"
        self.valid.add(token)
        return Response.json({"access_token": token, "expires_in": 3600, "token_type": "Bearer"})


def units(found):
    """Return the processing units that a result says it cost."""
    number, unit = found.attrs["spent"].split(" ", 1)
    assert unit == "processing units"
    return float(number)


def refusal(status, reason, code, **headers):
    """Return an error as the service words it."""
    error = {"status": status, "reason": reason, "message": reason, "code": code}
    return Response(
        status=status,
        body=json.dumps({"error": error}).encode(),
        headers={"Content-Type": "application/json", **headers},
    )


def computed(body):
    """Return the outputs of a request over the archive."""
    (data,), script = body["input"]["data"], body["evalscript"]
    bounds, output = body["input"]["bounds"], body["output"]
    assert bounds["properties"]["crs"].endswith("/0/32632")
    assert output["width"] <= MOST >= output["height"]
    left, bottom, right, top = bounds["bbox"]
    size = (right - left) / output["width"]
    assert size == (top - bottom) / output["height"]
    pixels = Pixels(x=left, y=top, size=size, rows=output["height"], columns=output["width"])
    tiles = [(tile, _listed(tile)) for tile in _tiles(data)]
    return run_script(
        script, lambda tile, name: _band(tile, name, pixels), tiles, (pixels.rows, pixels.columns)
    )


def _tiles(data):
    """Return the scenes of a data source, oldest first, those that are cut from one the other way round."""
    times = data["dataFilter"]["timeRange"]
    first, last = (datetime.fromisoformat(times[name]) for name in ("from", "to"))
    archive = build(data["type"])
    found = [scene for one in archive.overpasses for scene in one.scenes if first <= scene.time <= last]
    return sorted(found, key=lambda scene: (scene.time, scene.name))


def _listed(tile):
    path = f"s3://DATA/{tile.name}.SAFE/GRANULE"
    return {"date": tile.time.isoformat(), "dataPath": path, "cloudCoverage": tile.cloud_cover}


def _band(tile, name, pixels):
    if name == "dataMask":
        inside = [_inside(band.pixels, pixels) for band in tile.bands.values()]
        return np.logical_or.reduce(inside).astype(int)
    return tile.bands[name].at(pixels)[0]


def _inside(have, pixels):
    """Return where the centres of pixels lie on a file."""
    x, y = np.meshgrid(np.arange(pixels.columns) + 0.5, np.arange(pixels.rows) + 0.5)
    columns = (pixels.x + x * pixels.size - have.x) // have.size
    rows = (have.y - pixels.y + y * pixels.size) // have.size
    return (columns >= 0) & (columns < have.columns) & (rows >= 0) & (rows < have.rows)


def tiff(values, bounds, size):
    """Return a GeoTIFF."""
    rows, columns = size
    profile = {
        "driver": "GTiff", "count": len(values), "dtype": values.dtype, "height": rows, "width": columns,
        "crs": "EPSG:32632", "transform": from_bounds(*bounds["bbox"], columns, rows), "compress": "deflate",
    }  # fmt: skip
    with MemoryFile() as held:
        with held.open(**profile) as file:
            file.write(values)
        return held.read()


def tar(files):
    """Return files in a tar, as the service packs several outputs."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as packed:
        for name, data in files:
            member = tarfile.TarInfo(f"{name}.tif")
            member.size = len(data)
            packed.addfile(member, io.BytesIO(data))
    return held.getvalue()


def serving(processing):
    """Return a server of a service."""
    return Server(0, processing.respond, name="sentinel-hub")
