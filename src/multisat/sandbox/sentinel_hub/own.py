"""Collections that users brought along (BYOC): they are listed here, and read as ``byoc-ID``."""

from __future__ import annotations

from multisat.sandbox.http import Request, Response
from multisat.sandbox.secure.answers import plain_json
from multisat.sandbox.sentinel_hub.bucket import BUCKET
from multisat.sandbox.sentinel_hub.refusing import NOT_FOUND, Refused

ROOT = "/api/v1/byoc/collections"
_COLLECTIONS = (
    {
        "id": "00000000-0000-4000-8000-000000000001",
        "name": "synthetic yields",
        "s3Bucket": BUCKET,
        "isConfigured": True,
        "created": "2025-01-01T00:00:00Z",
        "additionalData": {
            "bands": {"YIELD": {"bitDepth": 32, "sampleFormat": "FLOAT"}},
            "maxMetersPerPixel": 500.0,
            "hasSensingTimes": "NO",
        },
    },
)


def own_collections(request: Request) -> Response:
    """Answer a request below ``/api/v1/byoc/collections``.

    Raises:
        Refused: There is no such collection.
    """
    number = request.path.removeprefix(ROOT).strip("/")
    if not number:
        return plain_json({"data": list(_COLLECTIONS), "links": {}})
    found = next((one for one in _COLLECTIONS if one["id"] == number), None)
    if found is None:
        raise Refused("Collection not found.", NOT_FOUND, 404)
    return plain_json({"data": found})
