"""What an asynchronous request of a user's script has left in the bucket, as arrays on a grid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from affine import Affine
from odc.geo.geobox import GeoBox

from multisat.cube.block import Block
from multisat.errors import InvalidAnswer
from multisat_sentinel_hub.answers import Arrays, outputs_of
from multisat_sentinel_hub.asynchronous import AsyncJob
from multisat_sentinel_hub.deployments import NAME
from multisat_sentinel_hub.jobs import spent


def brought(job: AsyncJob) -> tuple[Block, Arrays, str]:
    """Return the pixels of a finished request, its outputs of shape (band, y, x), and what it cost.

    What was asked is read from the copy of the request in the bucket, so that its id is enough.

    Raises:
        ProviderRefused: It failed, or has not ended.
        InvalidAnswer: What is in the bucket cannot be read.
    """
    status, asked = job.finished(), job.request()
    try:
        whole = _pixels(asked)
        names = [str(one["identifier"]) for one in asked["output"]["responses"]]
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidAnswer(
            "the copy of the request cannot be read", provider=NAME, hint="submit it again"
        ) from error
    found = [outputs_of(data, [name]) for name, data in job.files(names).items()]
    return whole, {name: values for one in found for name, values in one.items()}, spent(status)


def _pixels(asked: Mapping[str, Any]) -> Block:
    bounds, output = asked["input"]["bounds"], asked["output"]
    west, south, east, north = map(float, bounds["bbox"])
    columns, rows = int(output["width"]), int(output["height"])
    place = Affine((east - west) / columns, 0, west, 0, -(north - south) / rows, north)
    number = str(bounds["properties"]["crs"]).rpartition("/")[2]
    return Block.all_of(GeoBox((rows, columns), place, f"EPSG:{number}"))
