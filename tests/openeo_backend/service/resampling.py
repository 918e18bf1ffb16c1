"""Other grids."""

import numpy as np
import xarray as xr
from openeo_driver.errors import FeatureUnsupportedException
from openeo_driver.util.geometry import BoundingBox
from rasterio.enums import Resampling
from rasterio.transform import from_origin
from rasterio.warp import reproject
from tests.openeo_backend.service.loading import Grid

_METHODS = {"near": "nearest", "med": "med", "cubicspline": "cubic_spline"}


def target(grid, resolution, projection):
    """Return the grid of whole pixels of a resolution that covers another; 0 keeps the pixel size."""
    size = resolution[0] if isinstance(resolution, (list, tuple)) else resolution
    bottom, right = grid.y - grid.rows * grid.size, grid.x + grid.columns * grid.size
    box = BoundingBox(grid.x, bottom, right, grid.y, crs=grid.crs)
    if projection:
        box = box.reproject(f"EPSG:{projection}" if isinstance(projection, int) else projection)
        if not size:
            raise FeatureUnsupportedException(
                message="resample_spatial to another projection needs a resolution"
            )
    return Grid.around(box.as_dict(), size or grid.size)


def onto(data, grid, to, method):
    """Return an array on another grid."""
    values = data.transpose(..., "y", "x").values
    found = np.full((*values.shape[:-2], to.rows, to.columns), np.nan)
    for place in np.ndindex(values.shape[:-2]):
        reproject(
            values[place].copy(),
            found[place],
            src_transform=_affine(grid),
            src_crs=grid.crs,
            dst_transform=_affine(to),
            dst_crs=to.crs,
            src_nodata=np.nan,
            dst_nodata=np.nan,
            resampling=Resampling[_METHODS.get(method, method)],
        )
    dims = data.transpose(..., "y", "x").dims
    coords = {name: data[name] for name in dims[:-2]} | to.coords
    return xr.DataArray(found, dims=dims, coords=coords)


def _affine(grid):
    return from_origin(grid.x, grid.y, grid.size, grid.size)
