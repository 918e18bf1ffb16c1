"""Compiled graphs of the recipes, kept as snapshots; ``python -m tests.openeo.compiled`` writes them anew."""

import json
from pathlib import Path

from tests.openeo.cases import cases
from tests.recipes.stored import Stored

from multisat.engine.plan import plan
from multisat_openeo.compiling import composed, loaded
from multisat_openeo.deciding import reasons
from multisat_openeo.place import Place
from multisat_openeo.sources import SENTINEL_2
from multisat_openeo.spans import Spans

FOLDER = Path(__file__).with_name("snapshots")
STANDARD = frozenset(
    [
        "absolute",
        "add",
        "add_dimension",
        "aggregate_temporal",
        "aggregate_temporal_period",
        "apply",
        "apply_kernel",
        "array_element",
        "count",
        "divide",
        "eq",
        "exp",
        "filter_bands",
        "filter_bbox",
        "first",
        "gt",
        "if",
        "last",
        "ln",
        "load_collection",
        "log",
        "lte",
        "mask",
        "mask_polygon",
        "max",
        "mean",
        "median",
        "merge_cubes",
        "min",
        "multiply",
        "or",
        "power",
        "quantiles",
        "reduce_dimension",
        "save_result",
        "sd",
        "sqrt",
        "subtract",
    ]
)
"""Processes of the openEO standard (1.2.0, 2021-12), as far as recipes need them."""
EVERYTHING = Place(
    source=SENTINEL_2,
    collection="SENTINEL2_L2A",
    has=tuple(band.native for band in SENTINEL_2.bands.values()),
    processes=STANDARD,
)
"""A back-end that has all of them, and all bands."""


def graphs(place=EVERYTHING):
    """Give a name and a process graph for each recipe."""
    stored = Stored()
    for case in cases():
        task = stored.task(case)
        made = plan(task, retry=False)
        whole = not reasons(task, made, place)
        graph = composed(task, made, place, Spans.of(task, made)) if whole else loaded(task, place)
        yield str(case), graph


def text(graph):
    """Return a graph as it is kept: a node a line."""
    nodes = ",\n".join(f"{json.dumps(name)}: {json.dumps(node)}" for name, node in graph.items())
    return f"{{\n{nodes}\n}}\n"


def write():
    """Write all snapshots."""
    FOLDER.mkdir(exist_ok=True)
    for name, graph in graphs():
        (FOLDER / f"{name}.json").write_text(text(graph))


if __name__ == "__main__":
    write()
