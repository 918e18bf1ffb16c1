"""What bodies of requests must look like, and what is wrong with those that do not.

Source: the service's OpenAPI description, documentation.dataspace.copernicus.eu (2025-03).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from multisat.sandbox.sentinel_hub.refusing import Refused

Schema = Mapping[str, Any]

_TEXT, _NUMBER, _BOOLEAN = {"type": "string"}, {"type": "number"}, {"type": "boolean"}
_TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}


def _object(required: tuple[str, ...] = (), /, **properties: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"type": "object", "required": list(required), "properties": properties}


def _one_of(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


_TIMES = _object(("from", "to"), **dict.fromkeys(("from", "to"), _TIME))
_GEOMETRY = _object(
    ("type", "coordinates"), type=_one_of("Polygon", "MultiPolygon"), coordinates={"type": "array"}
)
_BOUNDS = _object(
    bbox={"type": "array", "items": _NUMBER, "minItems": 4, "maxItems": 4},
    geometry=_GEOMETRY,
    properties=_object(crs=_TEXT),
)
_RESAMPLING = _one_of("NEAREST", "BILINEAR", "BICUBIC")
_DATA = _object(
    ("type",),
    type=_TEXT,
    id=_TEXT,
    dataFilter=_object(
        timeRange=_TIMES,
        mosaickingOrder=_one_of("mostRecent", "leastRecent", "leastCC"),
        maxCloudCoverage={"type": "number", "minimum": 0, "maximum": 100},
        orbitDirection=_one_of("ASCENDING", "DESCENDING"),
        acquisitionMode=_TEXT,
        polarization=_TEXT,
        resolution=_TEXT,
    ),
    processing=_object(
        upsampling=_RESAMPLING,
        downsampling=_RESAMPLING,
        harmonizeValues=_BOOLEAN,
        orthorectify=_BOOLEAN,
        backCoeff=_one_of("BETA0", "SIGMA0_ELLIPSOID", "GAMMA0_ELLIPSOID", "GAMMA0_TERRAIN"),
        speckleFilter=_object(("type",), type=_one_of("NONE", "LEE")),
    ),
)
_INPUT = _object(("bounds", "data"), bounds=_BOUNDS, data={"type": "array", "items": _DATA, "minItems": 1})
_FORMAT = _object(("type",), type=_one_of("image/tiff", "image/png", "image/jpeg", "application/json"))
_SIZE: Mapping[str, Any] = {
    "width": {"type": "integer"},
    "height": {"type": "integer"},
    "resx": _NUMBER,
    "resy": _NUMBER,
}
_OUTPUT = _object(
    **_SIZE,
    responses={"type": "array", "items": _object(("identifier",), identifier=_TEXT, format=_FORMAT)},
)

PROCESS = _object(("input", "evalscript"), input=_INPUT, output=_OUTPUT, evalscript=_TEXT)
"""Body of a process request."""

_PERCENTILES = _object(("k",), k={"type": "array", "items": {"type": "number", "minimum": 0, "maximum": 100}})
_HISTOGRAM = _object(
    nBins={"type": "number", "exclusiveMinimum": 0},
    binWidth={"type": "number", "exclusiveMinimum": 0},
    lowEdge=_NUMBER,
    highEdge=_NUMBER,
    bins={"type": "array", "items": _NUMBER, "minItems": 2},
)
_CALCULATION = _object(
    statistics={"type": "object", "additionalProperties": _object(percentiles=_PERCENTILES)},
    histograms={"type": "object", "additionalProperties": _HISTOGRAM},
)
AGGREGATION = _object(
    ("timeRange", "aggregationInterval", "evalscript"),
    timeRange=_TIMES,
    aggregationInterval=_object(("of",), of=_TEXT, lastIntervalBehavior=_one_of("SKIP", "SHORTEN", "EXTEND")),
    evalscript=_TEXT,
    **_SIZE,
)
"""The ``aggregation`` of a statistical request."""
CALCULATIONS = {"type": "object", "additionalProperties": _CALCULATION}
"""The ``calculations`` of a statistical request."""
STATISTICS = _object(
    ("input", "aggregation"), input=_INPUT, aggregation=AGGREGATION, calculations=CALCULATIONS
)
"""Body of a statistical request."""

_STORE = _object(("s3",), s3=_object(("url",), url=_TEXT, accessKey=_TEXT, secretAccessKey=_TEXT))
ASYNC = _object(
    ("input", "output", "evalscript"),
    input=_INPUT,
    output={**_OUTPUT, "required": ["delivery"], "properties": {**_OUTPUT["properties"], "delivery": _STORE}},
    evalscript=_TEXT,
)
"""Body of an asynchronous process request."""
_BATCH_INPUT = _object(("data",), bounds=_BOUNDS, data=_INPUT["properties"]["data"])
BATCH = _object(
    ("processRequest", "input", "output"),
    processRequest=_object(
        ("input", "output", "evalscript"), input=_BATCH_INPUT, output=_OUTPUT, evalscript=_TEXT
    ),
    input=_object(
        ("type",), type=_one_of("tiling-grid", "geopackage"), id={"type": "integer"}, resolution=_NUMBER
    ),
    output=_object(("type", "delivery"), type=_one_of("raster"), delivery=_STORE),
    description=_TEXT,
)
"""Body of a batch process request; the stand-in writes no Zarr."""
BATCH_STATISTICS = _object(
    ("input", "aggregation", "output"),
    input=_object(("features", "data"), features=_STORE, data=_INPUT["properties"]["data"]),
    aggregation=AGGREGATION,
    calculations={"anyOf": [CALCULATIONS, {"type": "null"}]},
    output=_STORE,
)
"""Body of a batch statistical request."""

_NAMES = {"type": ["array", "null"], "items": _TEXT}
SEARCH = _object(
    ("collections", "datetime"),
    collections={"type": "array", "items": _TEXT, "minItems": 1, "maxItems": 1},
    datetime=_TEXT,
    bbox={"type": "array", "items": _NUMBER, "minItems": 4, "maxItems": 4},
    intersects=_object(("type",), type=_TEXT),
    ids={"type": "array", "items": _TEXT},
    limit={"type": "integer", "minimum": 1, "maximum": 100},
    next={"type": "integer", "minimum": 0, "maximum": 10**9},
    fields=_object(include=_NAMES, exclude=_NAMES),
    distinct=_TEXT,
    filter={"type": ["string", "object"]},
    **{"filter-lang": _one_of("cql2-text", "cql2-json")},
)
"""Body of a search."""


def check(body: Any, schema: Schema) -> None:  # noqa: ANN401 - JSON
    """Hold that a body is as a schema says.

    Raises:
        Refused: It is not; ``errors`` names each parameter.
    """
    from jsonschema import Draft202012Validator

    problems = [
        {"parameter": "->".join(map(str, error.absolute_path)) or "body", "violation": error.message[:300]}
        for error in Draft202012Validator(schema).iter_errors(body)
    ]
    if problems:
        first = problems[0]
        raise Refused(f"Invalid request: {first['parameter']}: {first['violation']}", errors=problems)
