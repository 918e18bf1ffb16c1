"""``.multisat`` on every dataset and data array of xarray, once this module is imported.

What a method needs is imported when it is called, because every load imports this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from multisat.errors import UsageError

if TYPE_CHECKING:
    import geopandas
    from matplotlib.figure import Figure
    from odc.geo.geobox import GeoBox


@xr.register_dataset_accessor("multisat")  # type: ignore[no-untyped-call]
@xr.register_dataarray_accessor("multisat")  # type: ignore[no-untyped-call]
class MultisatAccessor:
    """What multisat can do with georeferenced pixels, wherever they come from.

    Args:
        data: A dataset or data array that says where its pixels lie.
    """

    def __init__(self, data: Any) -> None:  # noqa: ANN401 - a dataset or data array
        self._data = data

    @property
    def crs(self) -> str:
        """The CRS, such as ``"EPSG:32632"``, or as WKT."""
        from multisat.writing.placed import Placed

        return Placed.of(self._data).grid.crs

    @property
    def geobox(self) -> GeoBox:
        """The grid as an odc-geo GeoBox."""
        from multisat.writing.placed import Placed

        return Placed.of(self._data).grid.geobox

    def clip(self, aoi: object, *, all_touched: bool = False) -> Any:  # noqa: ANN401 - of the kind it came from
        """Return the pixels inside a polygon, cropped to the box around it; see ``multisat.writing.clip``.

        Args:
            aoi: What ``AOI.of`` takes; points and lines only with ``all_touched``.
            all_touched: Keep pixels that the area touches, not only those with their centre inside.

        Raises:
            UsageError: No pixel is inside, or the data has no CRS.
        """
        from multisat.writing import clip

        return clip(self._data, aoi, all_touched=all_touched)

    def zonal(
        self,
        features: object,
        stats: Sequence[str] = ("mean", "count", "valid"),
        classes: Any = None,  # noqa: ANN401 - see multisat.zones.wanted
    ) -> geopandas.GeoDataFrame:
        """Return one row per feature and time step, pixels weighted by their exact share inside.

        Args:
            features: What ``AOIs.of`` takes.
            stats: Such as ``mean``, ``median``, ``q10``, ``count``, ``valid``; ``share`` for classes.
            classes: Layers of codes with names of their classes; ``scl``, ``qa_pixel``, ``fmask`` are known.
        """
        from multisat.writing.placed import Placed
        from multisat.zones import zonal_of

        placed = Placed.of(self._data)
        return zonal_of(placed.cube, features, placed.grid, stats, classes=classes)

    def ndvi(self) -> xr.DataArray:
        """Return the NDVI of a dataset (time, y, x) or (y, x).

        Raises:
            UsageError: There are no variables ``red`` and ``nir``.
        """
        from multisat.cube import ndvi

        if not isinstance(self._data, xr.Dataset) or not {"red", "nir"} <= set(self._data.data_vars):
            raise UsageError("NDVI needs the variables red and nir", hint='load(["red", "nir"])')
        return ndvi(self._data)

    def to_cog(self, path: str | Path, **options: Any) -> list[Path]:  # noqa: ANN401 - those of write_cog
        """Write one COG, or one per time step; see ``multisat.write_cog``.

        Args:
            path: File or folder to write.
            options: Those of ``multisat.write_cog``.
        """
        from multisat.writing import write_cog

        return write_cog(self._data, path, **options)

    def to_netcdf(self, path: str | Path) -> Path:
        """Write a netCDF file; see ``multisat.write_netcdf``.

        Args:
            path: File to write; what is there is replaced.
        """
        from multisat.writing import write_netcdf

        return write_netcdf(self._data, path)

    def to_zarr(self, path: str | Path, **options: Any) -> Path:  # noqa: ANN401 - those of write_zarr
        """Write a Zarr store or a block of one; see ``multisat.write_zarr``.

        Args:
            path: Store to write.
            options: Those of ``multisat.write_zarr``.
        """
        from multisat.writing import write_zarr

        return write_zarr(self._data, path, **options)

    def plot(self, band: str | None = None) -> Figure:
        """Draw a first look and return the matplotlib figure; see ``multisat.writing.plotting``.

        Args:
            band: Which variable; None is true colour, or the first change, or the first.
        """
        from multisat.writing.plotting import plot

        return plot(self._data, band)
