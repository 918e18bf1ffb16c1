"""One file or layer of a scene, with what is needed to turn its numbers into physics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from multisat.model.grid import Grid


class Asset(Protocol):
    """The contract of one file or layer; any object with these attributes will do.

    Attributes:
        key: The archive's own name for it.
        band: Canonical band.
        href: Unsigned address; it never holds a credential.
        media_type: Such as ``"image/tiff; application=geotiff; profile=cloud-optimized"``.
        grid: Where its pixels lie, or None if only the file knows.
        dtype: NumPy name of the stored type, or None if only the file knows.
        nodata: Stored value that means no data, or None.
        scale: Factor from stored to physical values, applied first.
        offset: Added after the factor, in ``unit``.
        unit: Unit of the physical values.
        why: The reason scale, offset and nodata hold.
    """

    @property
    def key(self) -> str: ...  # noqa: D102
    @property
    def band(self) -> str: ...  # noqa: D102
    @property
    def href(self) -> str: ...  # noqa: D102
    @property
    def media_type(self) -> str | None: ...  # noqa: D102
    @property
    def grid(self) -> Grid | None: ...  # noqa: D102
    @property
    def dtype(self) -> str | None: ...  # noqa: D102
    @property
    def nodata(self) -> float | None: ...  # noqa: D102
    @property
    def scale(self) -> float: ...  # noqa: D102
    @property
    def offset(self) -> float: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def why(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True, slots=True)
class FileAsset:
    """An asset that is one raster file.

    Attributes:
        key: The archive's own name for it.
        band: Canonical band.
        href: Unsigned address; it never holds a credential.
        media_type: Media type, or None.
        grid: Where its pixels lie, or None if only the file knows.
        dtype: NumPy name of the stored type, or None if only the file knows.
        nodata: Stored value that means no data, or None.
        scale: Factor from stored to physical values, applied first.
        offset: Added after the factor, in ``unit``.
        unit: Unit of the physical values; ``"1"`` is none.
        why: The reason scale, offset and nodata hold.
    """

    key: str
    band: str
    href: str
    media_type: str | None = None
    grid: Grid | None = None
    dtype: str | None = None
    nodata: float | None = None
    scale: float = 1.0
    offset: float = 0.0
    unit: str = "1"
    why: str
