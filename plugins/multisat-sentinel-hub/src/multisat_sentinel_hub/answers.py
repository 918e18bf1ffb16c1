"""What the Process API answers, as arrays."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.io import MemoryFile

from multisat.errors import InvalidAnswer
from multisat_sentinel_hub.deployments import NAME
from multisat_sentinel_hub.pieces import Piece

Arrays = dict[str, NDArray[Any]]
USERDATA = "userdata"
"""Identifier of what a script says in words."""


def unpacked(answer: bytes, piece: Piece) -> Arrays:
    """Return the outputs of an answer, each of shape (band, y, x).

    Args:
        answer: A TIFF, or a tar of them if there are several.
        piece: What was asked.

    Raises:
        InvalidAnswer: It is not what was asked.
    """
    return _checked(outputs_of(answer, list(piece.outputs)), piece)


def unpacked_files(files: Mapping[str, bytes], piece: Piece) -> Arrays:
    """Return the outputs of a piece that came as a file each; errors as for ``unpacked``."""
    found = [outputs_of(data, [name]) for name, data in files.items()]
    return _checked({name: values for one in found for name, values in one.items()}, piece)


def _checked(found: Arrays, piece: Piece) -> Arrays:
    for name, (bands, kind) in piece.outputs.items():
        shape = (bands, *piece.part.shape)
        if name not in found or found[name].shape != shape:
            have = found[name].shape if name in found else "nothing"
            raise _odd(f"{name} should have the shape {shape}, and is {have}")
        found[name] = found[name].astype(kind, copy=False)
    return {name: found[name] for name in piece.outputs}


def outputs_of(answer: bytes, names: Sequence[str]) -> Arrays:
    """Return the outputs of an answer, each of shape (band, y, x).

    Args:
        answer: A TIFF, or a tar of them if there are several.
        names: Identifiers that were asked for.

    Raises:
        InvalidAnswer: It cannot be read.
    """
    try:
        return {name: _pixels(data) for name, data in files_of(answer, names) if name != USERDATA}
    except (tarfile.TarError, RasterioError, OSError) as error:
        raise _odd(f"an answer that cannot be read: {type(error).__name__}") from error


def files_of(answer: bytes, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Give the files of an answer, by identifier."""
    if len(names) == 1:
        yield names[0], answer
        return
    with tarfile.open(fileobj=io.BytesIO(answer)) as held:
        for member in held:
            file = held.extractfile(member)
            if file is not None:
                yield member.name.rpartition("/")[2].rpartition(".")[0], file.read()


def _pixels(data: bytes) -> NDArray[Any]:
    with MemoryFile(data) as held, held.open() as file:
        pixels: NDArray[Any] = file.read()
    return pixels


def _odd(text: str) -> InvalidAnswer:
    return InvalidAnswer(text, provider=NAME, hint="try again, then report it to the service")
