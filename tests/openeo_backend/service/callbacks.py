"""Process graphs inside processes (callbacks), worked out on whole arrays; NaN is null."""

import xarray as xr
from openeo_driver.errors import FeatureUnsupportedException
from tests.openeo_backend.service.pointwise import POINTWISE
from tests.openeo_backend.service.reducers import REDUCERS


def run(graph, parameters, dimension=None):
    """Return the result of a flat process graph.

    Args:
        graph: Node name to node.
        parameters: Name to value: arrays, lists, numbers.
        dimension: What reducers reduce in an array.
    """
    done = {}

    def value(given):
        if isinstance(given, dict):
            return _special(given)
        return [value(one) for one in given] if isinstance(given, list) else given

    def _special(given):
        if "from_node" in given:
            return node(given["from_node"])
        if "from_parameter" in given:
            return parameters.get(given["from_parameter"])
        return given if "process_graph" in given else {k: value(v) for k, v in given.items()}

    def node(name):
        if name not in done:
            done[name] = call(graph[name]["process_id"], _arguments(graph[name]), dimension, parameters)
        return done[name]

    def _arguments(one):
        return {key: value(given) for key, given in one["arguments"].items()}

    return node(next(name for name, one in graph.items() if one.get("result")))


def call(process, arguments, dimension=None, parameters=None):
    """Return what one process gives."""
    if process in POINTWISE:
        return POINTWISE[process](**arguments)
    if process == "array_element":
        return _element(dimension=dimension, **arguments)
    if process not in REDUCERS:
        raise FeatureUnsupportedException(
            message=f"Process {process!r} is not supported inside another process."
        )
    data, along = _stacked(arguments.pop("data"), dimension)
    if isinstance(arguments.get("condition"), dict):
        inner = arguments["condition"]["process_graph"]
        arguments["condition"] = run(inner, {**(parameters or {}), "x": data})
    arguments.pop("context", None)
    return REDUCERS[process](data, along, **arguments)


def _stacked(data, dimension):
    """Return data as one array and the dimension that its elements lie along."""
    if isinstance(data, xr.DataArray):
        return data, dimension
    arrays = [one if isinstance(one, xr.DataArray) else xr.DataArray(one) for one in data]
    return xr.concat(arrays, "element", coords="minimal", compat="override"), "element"


def _element(*, data, dimension, index=None, label=None, return_nodata=False):
    if not isinstance(data, xr.DataArray):
        return data[index]
    if label is not None:
        return data.sel({dimension: label}, drop=True)
    return data.isel({dimension: index}, drop=True)
