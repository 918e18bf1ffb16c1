"""A raster cube as openeo-driver works with it."""

import numpy as np
import scipy.ndimage
import shapely
import xarray as xr
from openeo.metadata import Band
from openeo_driver.datacube import DriverDataCube
from openeo_driver.errors import FeatureUnsupportedException, OpenEOApiException, ProcessGraphInvalidException
from openeo_driver.save_result import AggregatePolygonResult
from openeo_driver.util.geometry import BoundingBox
from pyproj import Transformer
from tests.openeo_backend.service import callbacks, joining, resampling, writing
from tests.openeo_backend.service.loading import Grid
from tests.openeo_backend.service.times import instant


class Cube(DriverDataCube):
    """A cube in memory.

    Args:
        data: float64; dimensions among t, bands and others, then y and x; NaN is null.
        metadata: Dimensions as the driver knows them.
        crs: Such as ``"EPSG:32632"``.
        crop: What is kept of it at the end; it holds more if kernels are laid over it.
        kind: Type of the numbers in a file: ``int16`` until something is computed, then ``float32``.
        sparse: Whether periods without looks are left out.
    """

    def __init__(self, data, metadata, *, crs, crop=None, kind="float32", sparse=False):
        super().__init__(metadata=metadata)
        self.data, self.crs, self.crop, self.kind, self.sparse = data, crs, crop, kind, sparse

    @property
    def grid(self):
        """The grid of the data."""
        x, y = self.data.x.values, self.data.y.values
        size = float(x[1] - x[0] if x.size > 1 else y[0] - y[1] if y.size > 1 else 10)
        return Grid(
            crs=self.crs, x=x[0] - size / 2, y=y[0] + size / 2, size=size, rows=y.size, columns=x.size
        )

    def like(self, data, metadata=None, *, kind="float32", crop=None):
        """Return a cube of other numbers in the same place."""
        return Cube(
            data,
            metadata or self.metadata,
            crs=self.crs,
            crop=crop or self.crop,
            kind=kind,
            sparse=self.sparse,
        )

    def cropped(self):
        """Return the data of the area that was asked for."""
        if self.crop is None:
            return self.data
        inside = self.crop
        right, bottom = inside.x + inside.columns * inside.size, inside.y - inside.rows * inside.size
        return self.data.sel(x=slice(inside.x, right), y=slice(inside.y, bottom))

    # ---- what is kept

    def filter_bands(self, bands):
        common = {band.common_name: band.name for band in self.metadata.bands}
        names = [one if one in self.data.bands.values else common.get(one, one) for one in bands]
        return self.like(self.data.sel(bands=names), self.metadata.filter_bands(bands), kind=self.kind)

    def filter_temporal(self, start, end):
        keep = np.ones(self.data.sizes["t"], bool)
        if start is not None:
            keep &= self.data.t.values >= np.datetime64(instant(start), "ns")
        if end is not None:
            keep &= self.data.t.values < np.datetime64(instant(end), "ns")
        return self.like(self.data.isel(t=keep), kind=self.kind)

    def filter_bbox(self, west, south, east, north, crs=None, base=None, height=None):
        box = BoundingBox(west, south, east, north, crs=crs or 4326).reproject(self.crs)
        return self.like(self.data, kind=self.kind, crop=Grid.around(box.as_dict(), self.grid.size))

    def filter_spatial(self, geometries):
        shape = self._here(_union(geometries))
        west, south, east, north = shape.bounds
        extent = {"west": west, "south": south, "east": east, "north": north, "crs": self.crs}
        crop = Grid.around(extent, self.grid.size)
        return self.like(self._outside(shape, np.nan), kind=self.kind, crop=crop)

    def mask_polygon(self, mask, replacement=None, inside=False):
        shape, other = self._here(_union(mask)), np.nan if replacement is None else replacement
        hit = self._covered(shape)
        return self.like(self.data.where(~hit if inside else hit, other), kind=self.kind)

    def mask(self, mask, replacement=None):
        hidden = (mask.data if mask.grid == self.grid else mask.resample_cube_spatial(self).data).fillna(
            0
        ) != 0
        if "bands" in hidden.dims and ("bands" not in self.data.dims or hidden.sizes["bands"] == 1):
            hidden = hidden.isel(bands=0, drop=True)
        filled = self.data.where(
            ~hidden.reindex_like(_shared(self.data, hidden), fill_value=False),
            np.nan if replacement is None else replacement,
        )
        return self.like(filled.transpose(*self.data.dims), kind=self.kind)

    def _outside(self, shape, value):
        return self.data.where(self._covered(shape), value)

    def _covered(self, shape):
        """Return pixels whose centre lies in a shape."""
        x, y = np.meshgrid(self.data.x.values, self.data.y.values)
        shapely.prepare(shape)
        inside = shapely.contains_xy(shape, x, y)
        return xr.DataArray(inside, dims=("y", "x"), coords={"y": self.data.y, "x": self.data.x})

    def _here(self, shape, crs=4326):
        change = Transformer.from_crs(crs, self.crs, always_xy=True)
        return shapely.transform(shape, change.transform, interleaved=False)

    # ---- what is computed

    def apply(self, process, *, context=None, env=None):
        return self.like(self._full(callbacks.run(process, {"x": self.data, "context": context})))

    def reduce_dimension(self, reducer, *, dimension, context=None, env=None):
        found = callbacks.run(reducer, {"data": self.data, "context": context}, dimension)
        if isinstance(found, list):
            raise ProcessGraphInvalidException
        return self.like(found.astype(float), self.metadata.reduce_dimension(dimension))

    def apply_dimension(self, process, *, dimension, target_dimension=None, context=None, env=None):
        found = callbacks.run(process, {"data": self.data, "context": context}, dimension)
        if isinstance(found, list):
            found = xr.concat(found, dimension).assign_coords({dimension: np.arange(len(found))})
        elif dimension not in found.dims:
            found = found.expand_dims({dimension: [0]})
        if target_dimension and target_dimension != dimension:
            return self._moved(found, dimension, target_dimension)
        return self.like(found.transpose(..., "y", "x"))

    def _moved(self, found, dimension, target):
        if target in found.dims:
            raise FeatureUnsupportedException(
                message=f"apply_dimension onto the existing dimension {target!r}"
            )
        renamed = self.metadata.rename_dimension(dimension, target)
        return self.like(found.rename({dimension: target}).transpose(..., "y", "x"), renamed)

    def apply_kernel(self, kernel, factor=1, border=0, replace_invalid=0):
        if any(side % 2 == 0 for side in kernel.shape):
            raise OpenEOApiException(
                code="KernelDimensionsUneven", status_code=400, message="A kernel has odd sides."
            )
        one = self.data.fillna(replace_invalid)
        weights = np.asarray(kernel, float).reshape((1,) * (one.ndim - 2) + kernel.shape)
        spread = scipy.ndimage.convolve(one.values, weights, mode="constant", cval=border) * factor
        return self.like(one.copy(data=spread))

    def ndvi(self, nir="nir", red="red", target_band=None):
        first, second = (self.filter_bands([one]).data.isel(bands=0, drop=True) for one in (nir, red))
        found = (first - second) / (first + second)
        if target_band is None:
            return self.like(found, self.metadata.reduce_dimension("bands"))
        both = xr.concat([self.data, found.expand_dims(bands=[target_band])], "bands")
        return self.like(both.transpose(*self.data.dims), self.metadata.append_band(Band(target_band)))

    def linear_scale_range(self, input_min, input_max, output_min, output_max):
        given = {
            "inputMin": input_min,
            "inputMax": input_max,
            "outputMin": output_min,
            "outputMax": output_max,
        }
        return self.like(callbacks.call("linear_scale_range", {"x": self.data, **given}))

    def merge_cubes(self, other, overlap_resolver):
        data = joining.merged(self.data, other.data, overlap_resolver)
        metadata = joining.metadata(self.metadata, data)
        return self.like(data, metadata, kind=self.kind if self.kind == other.kind else "float32")

    def aggregate_temporal(self, intervals, reducer, labels=None, dimension=None, context=None):
        labels = [np.datetime64(instant(one), "ns") for one in labels or [start for start, _ in intervals]]
        steps, kept = [], []
        for label, (start, end) in zip(labels, intervals, strict=True):
            span = self.filter_temporal(start, end).data
            if span.t.size or not self.sparse:
                steps.append(self._of_span(span, reducer, context))
                kept.append(label)
        found = xr.concat(steps, "t", coords="minimal", compat="override").assign_coords(t=kept)
        return self.like(found.transpose(*self.data.dims))

    def _of_span(self, span, reducer, context):
        if not span.t.size:
            return self.data.isel(t=0, drop=True) * np.nan
        return callbacks.run(reducer, {"data": span, "context": context}, "t").astype(float)

    def aggregate_spatial(self, geometries, reducer, target_dimension=None):
        shapes = [self._here(one, geometries.get_crs()) for one in geometries.get_geometries()]
        rows = [self._of_shape(one, reducer) for one in shapes]
        found = xr.concat(rows, "geometry").assign_coords(geometry=list(geometries.get_geometries().index))
        found = found if "bands" in found.dims else found.expand_dims(bands=["band"])
        if "t" not in found.dims:
            return geometries.with_cube(found.transpose("geometry", "bands"))
        found = found.transpose("t", "geometry", "bands")
        stamps = [f"{np.datetime_as_string(t, 's')}Z" for t in found.t.values]
        return AggregatePolygonResult(
            timeseries=dict(zip(stamps, found.values.tolist(), strict=True)), regions=geometries
        )

    def _of_shape(self, shape, reducer):
        pixels = self._outside(shape, np.nan).stack(pixel=("y", "x"))
        inside = self._covered(shape).stack(pixel=("y", "x"))
        return callbacks.run(reducer, {"data": pixels.isel(pixel=inside.values)}, "pixel")

    def _full(self, found):
        """Return an array of all dimensions, even if a callback gave a constant."""
        return (xr.zeros_like(self.data) + found).transpose(*self.data.dims)

    # ---- labels and dimensions

    def dimension_labels(self, dimension):
        return [str(one) for one in self.data[dimension].values]

    def rename_labels(self, dimension, target, source=None):
        old = list(self.data[dimension].values)
        names = dict(zip(source or old, target, strict=False))
        found = self.data.assign_coords({dimension: [names.get(one, one) for one in old]})
        return self.like(found, self.metadata.rename_labels(dimension, target, source), kind=self.kind)

    def rename_dimension(self, source, target):
        return self.like(
            self.data.rename({source: target}), self.metadata.rename_dimension(source, target), kind=self.kind
        )

    def add_dimension(self, name, label, type="other"):  # noqa: A002
        found = self.data.expand_dims({name: [label]})
        order = [one for one in ("t", "bands") if one in found.dims]
        rest = [one for one in found.dims if one not in {*order, "y", "x"}]
        return self.like(
            found.transpose(*rest, *order, "y", "x"),
            self.metadata.add_dimension(name, label, type),
            kind=self.kind,
        )

    def drop_dimension(self, name):
        if self.data.sizes[name] > 1:
            raise OpenEOApiException(
                code="DimensionLabelCountMismatch", status_code=400, message=f"{name} has labels."
            )
        return self.like(
            self.data.isel({name: 0}, drop=True), self.metadata.drop_dimension(name), kind=self.kind
        )

    # ---- places and files

    def resample_spatial(self, resolution=0, projection=None, method="near", align="upper-left"):
        grid = resampling.target(self.grid, resolution, projection)
        return self._onto(grid, method, crop=None)

    def resample_cube_spatial(self, target, method="near"):
        return self._onto(target.grid, method, crop=target.crop)

    def _onto(self, grid, method, crop):
        found = resampling.onto(self.data, self.grid, grid, method)
        return Cube(
            found, self.metadata, crs=grid.crs, crop=crop, kind=self.kind if method == "near" else "float32"
        )

    def sar_backscatter(self, args):
        return self

    def save_result(self, filename, format, format_options=None):  # noqa: A002
        return writing.one_file(self, filename, format)

    def write_assets(self, filename, format, format_options=None):  # noqa: A002
        return writing.assets(self, filename, format)


def _union(geometries):
    return geometries.to_multipolygon() if hasattr(geometries, "to_multipolygon") else geometries


def _shared(data, hidden):
    """Return an array with the labels of data in the dimensions of a mask."""
    return data.isel({one: 0 for one in data.dims if one not in hidden.dims}, drop=True)
