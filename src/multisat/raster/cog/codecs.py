"""From the bytes of a tile to its pixels.

Unpacking happens in threads; buffers are kept per thread, because fresh ones cost more than the
unpacking itself.
"""

from __future__ import annotations

import struct
import threading
import zlib
from typing import Any, cast

import imagecodecs
import numpy as np
from isal import isal_zlib
from isal.igzip_lib import IsalError
from numpy.typing import NDArray

from multisat.raster.cog.layer import Layer
from multisat.raster.cog.refusals import DamagedError

_kept = threading.local()
_ERRORS = (RuntimeError, ValueError, zlib.error, struct.error, cast("type[Exception]", IsalError))


class TooFewRowsError(Exception):
    """The bytes at hand do not reach the rows that are wanted."""


def unpack(
    layer: Layer,
    data: Any,  # noqa: ANN401 - a buffer
    rows: tuple[int, int],
    columns: tuple[int, int],
    *,
    whole: bool,
) -> NDArray[np.generic]:
    """Return a block of one tile, in native byte order and memory of its own.

    Args:
        layer: How the tile is stored.
        data: Its packed bytes, or the beginning of them.
        rows: First row and the one after the last, in the tile.
        columns: First column and the one after the last, in the tile.
        whole: Whether ``data`` is all of the tile.

    Raises:
        TooFewRowsError: More bytes of the tile are needed.
        DamagedError: The bytes are no such tile.
    """
    try:
        block = _rows(layer, data, *rows, whole=whole)
        return _undone(layer, block, columns)
    except _ERRORS as error:
        if not whole:
            raise TooFewRowsError from None
        raise DamagedError(f"a tile does not unpack: {type(error).__name__}") from None


def _rows(layer: Layer, data: Any, first: int, stop: int, *, whole: bool) -> NDArray[np.generic]:  # noqa: ANN401
    """Return rows of a tile as they are stored, predictor still on."""
    if layer.codec == "lerc":
        return _lerc(layer, data)[first:stop]
    needed = stop * layer.row_bytes
    if layer.codec == "none":
        raw = memoryview(data)
    elif layer.codec == "deflate" and stop < layer.tile_height:
        raw = memoryview(isal_zlib.decompressobj().decompress(data, needed))
    else:
        raw = _all(layer, data)
    if len(raw) < needed:
        raise DamagedError("a tile is cut") if whole else TooFewRowsError
    return _numbers(layer, raw[first * layer.row_bytes : needed], stop - first)


def _all(layer: Layer, data: Any) -> memoryview:  # noqa: ANN401 - a buffer
    """Unpack a whole tile; what does not fit its size is an error of the codec."""
    decode = {
        "deflate": imagecodecs.deflate_decode,
        "lzw": imagecodecs.lzw_decode,
        "zstd": imagecodecs.zstd_decode,
    }[layer.codec]
    return memoryview(decode(data, out=_buffer(layer.row_bytes * layer.tile_height)))


def _buffer(size: int) -> bytearray:
    kept: dict[int, bytearray] = _kept.__dict__.setdefault("buffers", {})
    if size not in kept:
        kept.clear()
        kept[size] = bytearray(size)
    return kept[size]


def _numbers(layer: Layer, raw: memoryview, rows: int) -> NDArray[np.generic]:
    if layer.bits in (8, 16, 32, 64):
        return np.frombuffer(raw, layer.stored).reshape(rows, layer.tile_width)
    unpacked = imagecodecs.packints_decode(bytes(raw), layer.dtype, layer.bits, runlen=layer.tile_width)
    return np.asarray(unpacked).reshape(rows, layer.tile_width)


def _undone(layer: Layer, block: NDArray[np.generic], columns: tuple[int, int]) -> NDArray[np.generic]:
    first, stop = columns
    if layer.predictor == 2:  # noqa: PLR2004 - differences along a row
        whole = np.dtype(f"u{layer.stored.itemsize}")
        steps = block[:, :stop].view(whole.newbyteorder(layer.stored.byteorder)).astype(whole, copy=False)
        return np.asarray(imagecodecs.delta_decode(steps, axis=1))[:, first:].view(layer.dtype)
    if layer.predictor == 3:  # noqa: PLR2004 - bytes of floating point numbers
        found: NDArray[np.generic] = imagecodecs.floatpred_decode(
            np.ascontiguousarray(block).view(layer.dtype), axis=-1
        )
        return found[:, first:stop].astype(layer.dtype)
    return block[:, first:stop].astype(layer.dtype)


def _lerc(layer: Layer, data: Any) -> NDArray[np.generic]:  # noqa: ANN401 - a buffer
    """Unpack a LERC tile; pixels without a value are NaN, or 0 in whole numbers."""
    if layer.outer != "none":
        size = layer.tile_height * layer.tile_width * layer.stored.itemsize * 2 + 65536
        decode = imagecodecs.deflate_decode if layer.outer == "deflate" else imagecodecs.zstd_decode
        data = decode(data, out=bytearray(size))
    _check_lerc(layer, bytes(data[:26]))
    values, masks = imagecodecs.lerc_decode(data, masks=True)
    found = np.asarray(values).reshape(layer.tile_height, layer.tile_width)
    if found.dtype != layer.dtype:
        raise DamagedError("a tile is of another type")
    if masks is not None:
        nothing = np.nan if found.dtype.kind == "f" else 0
        found = np.where(np.asarray(masks).reshape(found.shape).astype(bool), found, nothing).astype(
            found.dtype
        )
    return found


def _check_lerc(layer: Layer, head: bytes) -> None:
    """Refuse a tile that would unpack to another size than the layer's, before memory is taken."""
    if head[:6] != b"Lerc2 ":
        raise DamagedError("a tile is no LERC 2")
    version = struct.unpack_from("<i", head, 6)[0]
    start = 14 if version >= 3 else 10  # noqa: PLR2004 - a checksum from then on
    depth = struct.unpack_from("<i", head, start + 8)[0] if version >= 4 else 1  # noqa: PLR2004 - numbers of a pixel
    if (*struct.unpack_from("<ii", head, start), depth) != (layer.tile_height, layer.tile_width, 1):
        raise DamagedError("a tile is of another size")
