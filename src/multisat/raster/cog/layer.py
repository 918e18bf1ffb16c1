"""How the pixels of one directory are stored."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from multisat.raster.cog.directory import Directory
from multisat.raster.cog.limits import Limits
from multisat.raster.cog.refusals import DamagedError, NotForEngine

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _FILL_ORDER, _ORIENTATION, _SAMPLES = 256, 257, 258, 259, 266, 274, 277
_PREDICTOR, _TILE_WIDTH, _TILE_HEIGHT, _OFFSETS, _COUNTS, _FORMAT, _LERC = 317, 322, 323, 324, 325, 339, 50674
_DEFLATE_OLD, _DEFLATE = 32946, 8
CODECS = {1: "none", 5: "lzw", _DEFLATE: "deflate", 34887: "lerc", 50000: "zstd"}
_PREDICTED = {"lzw", "deflate", "zstd"}
_LONGEST_SIDE = 2**31 - 1
_SLACK = 65536
"""Bytes a packed tile may be longer than twice the unpacked one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Layer:
    """One image of a file, in tiles.

    Attributes:
        height, width: Pixels.
        tile_height, tile_width: Pixels of a tile; tiles at the lower and right edge are padded.
        offsets, counts: Position and length of each tile in bytes, row by row; 0 if it is left out.
        codec: ``"none"``, ``"lzw"``, ``"deflate"``, ``"lerc"`` or ``"zstd"``.
        predictor: 1 none, 2 differences along a row, 3 bytes of floating point numbers.
        stored: Type of a number in the file, with its byte order; of the unpacked one if ``bits`` < 8
            or odd.
        bits: Bits a number takes in the file.
        outer: Codec that LERC data is packed in once more: ``"none"``, ``"deflate"`` or ``"zstd"``.
    """

    height: int
    width: int
    tile_height: int
    tile_width: int
    offsets: NDArray[np.generic] = field(repr=False)
    counts: NDArray[np.generic] = field(repr=False)
    codec: str
    predictor: int
    stored: np.dtype[np.generic]
    bits: int
    outer: str = "none"

    @property
    def across(self) -> int:
        """Tiles in a row of tiles."""
        return -(-self.width // self.tile_width)

    @property
    def row_bytes(self) -> int:
        """Bytes of one unpacked row of a tile."""
        return -(-self.tile_width * self.bits // 8)

    @property
    def dtype(self) -> np.dtype[np.generic]:
        """Type of a number in native byte order."""
        return self.stored.newbyteorder("=")


def layer(directory: Directory, size: int, limits: Limits) -> Layer:
    """Return how a directory's pixels are stored.

    Raises:
        NotForEngine: In a way the engine does not read.
        DamagedError: In a way that cannot be.
    """
    _check_plain(directory)
    height, width = directory.number(_HEIGHT, 0), directory.number(_WIDTH, 0)
    tall, wide = directory.number(_TILE_HEIGHT, 0), directory.number(_TILE_WIDTH, 0)
    if not (0 < height <= _LONGEST_SIDE and 0 < width <= _LONGEST_SIDE and tall > 0 and wide > 0):
        raise DamagedError(f"an image of {height} x {width} pixels in tiles of {tall} x {wide}")
    stored, bits = _numbers(directory)
    tile = tall * wide * stored.itemsize
    if tile > limits.tile:
        raise DamagedError(f"tiles of {tile:,} bytes")
    number = -(-height // tall) * -(-width // wide)
    offsets, counts = directory.numbers(_OFFSETS), directory.numbers(_COUNTS)
    if offsets.size != number or counts.size != number:
        raise DamagedError(f"{number} tiles, but {offsets.size} positions and {counts.size} lengths")
    codec = _codec(directory)
    found = Layer(
        height=height,
        width=width,
        tile_height=tall,
        tile_width=wide,
        offsets=offsets,
        counts=counts,
        codec=codec,
        predictor=directory.number(_PREDICTOR, 1) if codec in _PREDICTED else 1,
        stored=stored,
        bits=bits,
        outer=_outer(directory),
    )
    _check_predictor(found)
    _check_places(found, size, tile)
    return found


def check_readable(directory: Directory) -> None:
    """Check what is quickly told of a directory.

    Raises:
        NotForEngine: Its pixels are stored in a way the engine does not read.
    """
    _check_plain(directory)
    _numbers(directory)
    _codec(directory)
    _outer(directory)


def _check_plain(directory: Directory) -> None:
    if _TILE_WIDTH not in directory.entries:
        raise NotForEngine("it is in strips")
    if directory.number(_SAMPLES, 1) != 1:
        raise NotForEngine("it has several bands")
    if directory.number(_FILL_ORDER, 1) != 1 or directory.number(_ORIENTATION, 1) != 1:
        raise NotForEngine("it is turned")


def _numbers(directory: Directory) -> tuple[np.dtype[np.generic], int]:
    bits, form = directory.number(_BITS, 1), directory.number(_FORMAT, 1)
    kind = {1: "u", 2: "i", 3: "f"}.get(form)
    if kind is None or bits not in range(1, 65):
        raise NotForEngine(f"numbers of format {form} and {bits} bits")
    if bits in (8, 16, 32, 64) and not (kind == "f" and bits < 32):  # noqa: PLR2004 - no half precision
        return np.dtype(f"{directory.order}{kind}{bits // 8}"), bits
    if kind == "u" and bits < 16:  # noqa: PLR2004 - packed numbers, as GDAL's NBITS writes them
        return np.dtype("=u1" if bits < 8 else "=u2"), bits  # noqa: PLR2004 - what holds them
    raise NotForEngine(f"numbers of {bits} bits")


def _codec(directory: Directory) -> str:
    code = directory.number(_COMPRESSION, 1)
    codec = CODECS.get(_DEFLATE if code == _DEFLATE_OLD else code)
    if codec is None:
        raise NotForEngine(f"compression {code}")
    return codec


def _outer(directory: Directory) -> str:
    parameters = directory.numbers(_LERC)
    code = int(parameters[1]) if parameters.size > 1 else 0
    if code not in (0, 1, 2):
        raise NotForEngine(f"LERC inside compression {code}")
    return ("none", "deflate", "zstd")[code]


def _check_predictor(found: Layer) -> None:
    whole = found.bits in (8, 16, 32, 64)
    kind = found.stored.kind
    if found.predictor != 1 and (not whole or found.predictor not in ((2, 3) if kind == "f" else (2,))):
        raise NotForEngine(f"predictor {found.predictor} of {found.bits} bits")


def _check_places(found: Layer, size: int, tile: int) -> None:
    if found.offsets.dtype.kind != "u" or found.counts.dtype.kind != "u":
        raise DamagedError("its tiles have no whole numbers for places")
    counts = found.counts.astype(np.float64)
    if counts.max(initial=0) > 2 * tile + _SLACK:
        raise DamagedError(f"a tile of {int(counts.max()):,} bytes")
    if (found.offsets.astype(np.float64) + counts).max(initial=0) > size:
        raise DamagedError("its tiles lie outside of it")
