"""The Process API: one request, one answer of pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from multisat.sandbox.http import Request, Response
from multisat.sandbox.sentinel_hub.archive import Archive
from multisat.sandbox.sentinel_hub.billing import PROCESS_LEAST, Account, radar_factor, units
from multisat.sandbox.sentinel_hub.encoding import EXTENSIONS, JSON, PNG, TAR, TIFF, file_of, json_of, tar_of
from multisat.sandbox.sentinel_hub.evaluating import Evaluated, evaluate
from multisat.sandbox.sentinel_hub.grids import MOST, PixelGrid, grid_of
from multisat.sandbox.sentinel_hub.refusing import Refused
from multisat.sandbox.sentinel_hub.schemas import PROCESS, check

_USER_DATA = "userdata"
_MANY = ("application/tar", TAR)


@dataclass(frozen=True, kw_only=True)
class Processed:
    """What came of a process request.

    Attributes:
        files: File name, media type and body of each response.
        units: What it costs before any least price.
        evaluated: What the script gave.
        grid: Where it lies.
    """

    files: tuple[tuple[str, str, bytes], ...]
    units: float
    evaluated: Evaluated
    grid: PixelGrid


def process(request: Request, archive: Archive, account: Account) -> Response:
    """Answer ``POST /api/v1/process``.

    Raises:
        Refused: It is not valid, or the account is out of units.
    """
    check(request.body, PROCESS)
    account.require()
    accept = request.headers.get("accept", "")
    done = processed(request.body, archive, accept=accept)
    price = max(PROCESS_LEAST, done.units)
    account.spend(price)
    spent = {"x-processingunits-spent": f"{price:.6f}"}
    if any(kind in accept for kind in _MANY):
        whole = tar_of([(name, body) for name, _, body in done.files])
        return Response(body=whole, headers={"Content-Type": TAR, **spent})
    if len(done.files) > 1:
        raise Refused("Invalid request: several responses need the header Accept: application/tar.")
    _, kind, body = done.files[0]
    return Response(body=body, headers={"Content-Type": kind, **spent})


def processed(
    body: Mapping[str, Any], archive: Archive, *, accept: str = "", most: int = MOST, cog: bool = False
) -> Processed:
    """Carry out a request whose body is valid.

    Args:
        body: Its body.
        archive: Where the scenes are.
        accept: Header that chooses a format if the body names no responses.
        most: Pixels on a side.
        cog: Whether TIFFs are to be cloud-optimised.

    Raises:
        Refused: It cannot be carried out.
    """
    output, data = body.get("output", {}), body["input"]["data"]
    grid = grid_of(body["input"]["bounds"], output, most=most)
    done = evaluate(archive.question(data, body["evalscript"], grid))
    wanted = _responses(output, accept)
    files = tuple(_file(name, kind, done, grid, cog=cog) for name, kind in wanted)
    wide = any(
        k == TIFF and done.setup.outputs[n].sample_type == "FLOAT32" for n, k in wanted if n != _USER_DATA
    )
    holding = archive.holdings[data[0]["type"]]
    factor = radar_factor(holding.id, data[0].get("processing", {}))
    price = units(grid.size, done.setup.counted_bands, done.samples, wide=wide, factor=factor)
    return Processed(files=files, units=price, evaluated=done, grid=grid)


def _responses(output: Mapping[str, Any], accept: str) -> list[tuple[str, str]]:
    """Return identifier and media type of each response."""
    named = output.get("responses")
    if not named:
        return [("default", accept if accept in EXTENSIONS else PNG)]
    return [(one["identifier"], one.get("format", {}).get("type", PNG)) for one in named]


def _file(name: str, kind: str, done: Evaluated, grid: PixelGrid, *, cog: bool) -> tuple[str, str, bytes]:
    if name == _USER_DATA:
        return f"{name}.json", JSON, json_of(done.user_data)
    output = done.setup.outputs.get(name)
    if output is None or kind == JSON:
        raise Refused(f"Invalid request: the evalscript has no output '{name}' that {kind} can hold.")
    return f"{name}.{EXTENSIONS[kind]}", kind, file_of(done.arrays[name], output, grid, kind, cog=cog)
