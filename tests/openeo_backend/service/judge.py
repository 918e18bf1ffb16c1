"""The second judge: openeo-processes-dask runs a graph over the same pixels, with its own processes.

It judges graphs with periods of the calendar over layers without gaps. In version 2026.9.1 ``if`` takes
null for true, intervals of ``aggregate_temporal`` are open on the left, and months are
labelled with their last day.
"""

import tempfile
from functools import cache
from pathlib import Path

import numpy as np
from openeo_pg_parser_networkx import OpenEOProcessGraph
from openeo_pg_parser_networkx.process_registry import Process
from tests.openeo_backend.service.loading import Grid, loaded
from tests.openeo_backend.service.times import instant


def run(scenes, graph):
    """Return the result of a flat process graph as the bytes of a netCDF file.

    Args:
        scenes: What there is.
        graph: As it is sent to a service; a box in metres is loaded as it is, without a margin for kernels.
    """
    import dask

    registry = _registry()

    def load(**given):
        return _loaded(scenes, **given)

    registry["load_collection"] = Process(spec=_specs().load_collection, implementation=load)
    registry["save_result"] = Process(spec=_specs().save_result, implementation=lambda data, **_: data)
    with dask.config.set(scheduler="synchronous"):
        found = OpenEOProcessGraph({"process_graph": _digestible(graph)}).to_callable(registry)().compute()
    return _netcdf(found)


def _digestible(given):
    """Return a graph in the forms that openeo-processes-dask takes; it means the same.

    A feature becomes a collection of one. Numbers of a condition become floating, as kernels of whole numbers
    give whole numbers there.
    """
    if isinstance(given, list):
        return [_digestible(one) for one in given]
    if not isinstance(given, dict):
        return given
    if given.get("type") == "Feature":
        return {"type": "FeatureCollection", "features": [given]}
    numbers = {"accept", "reject"} if "accept" in given else ()
    whole = {key: float(one) for key, one in given.items() if key in numbers and isinstance(one, int)}
    return {key: whole.get(key, _digestible(one)) for key, one in given.items()}


@cache
def _specs():
    import openeo_processes_dask.specs

    return openeo_processes_dask.specs


def _registry():
    from openeo.local.processing import init_process_registry

    return init_process_registry()


def _loaded(scenes, *, id, spatial_extent, temporal_extent, bands=None, properties=None, **_):  # noqa: A002
    start, end = (
        instant(str(one.to_numpy())) if one.root is not None else None for one in temporal_extent.root
    )
    most = _most_cloud(properties)
    found = [
        one
        for one in scenes
        if one.collection == id
        and start <= one.time < end
        and (most is None or one.properties.get("eo:cloud_cover", np.inf) <= most)
    ]
    box = {side: getattr(spatial_extent, side) for side in ("west", "south", "east", "north")}
    size = min(found[0].bands[band].size for band in bands)
    grid = Grid.around(box | {"crs": f"EPSG:{_epsg(spatial_extent.crs)}"}, size)
    cube = loaded(found, bands, grid).chunk({"x": -1, "y": -1})
    return cube.rio.write_crs(grid.crs)


def _epsg(crs):
    from pyproj import CRS

    return CRS.from_user_input(crs).to_epsg()


def _most_cloud(properties):
    if not properties:
        return None
    (one,) = properties["eo:cloud_cover"]["process_graph"].values()
    return one["arguments"]["y"]


def _netcdf(found):
    found = found.drop_vars("spatial_ref", errors="ignore")
    whole = found.to_dataset("bands") if "bands" in found.dims else found.to_dataset(name="var")
    for one in whole.variables.values():
        one.attrs = {}
    whole.attrs = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "judged.nc"
        whole.to_netcdf(path, engine="h5netcdf")
        return path.read_bytes()
