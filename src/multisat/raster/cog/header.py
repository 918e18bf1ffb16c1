"""A file's header: its pyramid of layers, and the bytes it is made from."""

from __future__ import annotations

from dataclasses import dataclass, field

from multisat.raster.cog import geo
from multisat.raster.cog.directory import Directory, directories
from multisat.raster.cog.layer import Layer, check_readable, layer
from multisat.raster.cog.limits import Limits
from multisat.raster.cog.ranges import Identity
from multisat.raster.cog.refusals import DamagedError
from multisat.raster.contract import RasterInfo

_KIND, _HEIGHT, _WIDTH = 254, 257, 256
_REDUCED, _MASK = 1, 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """What is known of a file before its pixels are read.

    Attributes:
        info: Its grids, type and no-data value.
        data: The bytes it was read from.
        identity: The version of the file it holds for.
        limits: Bounds on what it may say.
        first: How the pixels of the full resolution are stored.
        images: Its images, as long as ``info.levels``.
        masks: Masks of images.
    """

    info: RasterInfo
    data: bytes
    identity: Identity
    limits: Limits
    first: Layer
    images: tuple[Directory, ...] = field(repr=False)
    masks: tuple[Directory, ...] = field(repr=False)

    def layer(self, level: int) -> Layer:
        """Return how the pixels of a level are stored.

        Raises:
            DamagedError: In a way that cannot be, or not as the full resolution is.
        """
        if level == 0:
            return self.first
        found = layer(self.images[level], self.identity.size, self.limits)
        if found.dtype.name != self.info.dtype:
            raise DamagedError("its overviews are of another type")
        return found

    def mask(self, level: int) -> Layer | None:
        """Return the mask of a level, or None if the file has none for it.

        Raises:
            DamagedError: It is stored in a way that cannot be.
        """
        shape = self.info.levels[level].shape
        fitting = (m for m in self.masks if _shape(m) == shape)
        return next((layer(m, self.identity.size, self.limits) for m in fitting), None)


def header(data: bytes, identity: Identity, limits: Limits) -> Header:
    """Read a header.

    Args:
        data: The beginning of the file.
        identity: The version of the file.
        limits: Bounds on what it may say.

    Raises:
        HeaderCutError: It goes on after ``data``.
        NotForEngine: It is for another reader.
        DamagedError: It contradicts itself.
    """
    found, needed = directories(data, identity.size)
    pictures = [d for d in found if not _kind(d) & _MASK]
    if not pictures:
        raise DamagedError("it holds no image")
    first, *others = pictures
    images = [first, *sorted((d for d in others if _kind(d) & _REDUCED), key=_width, reverse=True)]
    whole = layer(first, identity.size, limits)
    dtype = whole.dtype.name
    masks = tuple(d for d in found if _kind(d) & _MASK)
    for one in (*images[1:], *masks):
        check_readable(one)
    full = geo.grid(first)
    shapes = [_shape(one) for one in images]
    if any(0 in shape for shape in shapes):
        raise DamagedError("an overview without pixels")
    return Header(
        info=RasterInfo(
            levels=tuple(map(full.coarser, shapes)),
            dtype=dtype,
            nodata=geo.nodata(first, dtype),
            reader="cog",
        ),
        data=data[:needed],
        identity=identity,
        limits=limits,
        first=whole,
        images=tuple(images),
        masks=masks,
    )


def _kind(directory: Directory) -> int:
    return directory.number(_KIND, 0)


def _width(directory: Directory) -> int:
    return directory.number(_WIDTH, 0)


def _shape(directory: Directory) -> tuple[int, int]:
    return directory.number(_HEIGHT, 0), directory.number(_WIDTH, 0)
