"""Compiled process graphs: as they were, of standard processes only, sound by the client's own reading."""

import json
from dataclasses import replace

import pytest
from tests.openeo.cases import cases
from tests.openeo.compiled import EVERYTHING, FOLDER, STANDARD, graphs, text
from tests.recipes.stored import Stored

from multisat_openeo.graph import Graph, callback, parameter, processes

pytestmark = pytest.mark.filterwarnings("ignore::multisat.cube.MultisatWarning")


@pytest.fixture(scope="module")
def made():
    return dict(graphs())


def test_graphs_are_as_they_were(made):
    kept = {path.stem: path.read_text() for path in FOLDER.glob("*.json")}
    assert len(kept) >= 40
    assert {name: text(graph) for name, graph in made.items()} == kept


def test_only_standard_processes(made):
    assert set().union(*map(processes, made.values())) <= STANDARD


def test_one_load_of_bands_and_mask_and_one_result(made):
    for graph in made.values():
        (load,) = (n["arguments"] for n in graph.values() if n["process_id"] == "load_collection")
        assert len(set(load["bands"])) == len(load["bands"])
        (last,) = (n["process_id"] for n in graph.values() if n.get("result"))
        assert last == "save_result"


def test_the_client_reads_them(made):
    """The openEO client walks a graph from its result and finds every node."""
    from openeo.internal.process_graph_visitor import ProcessGraphVisitor

    for graph in made.values():
        top = ProcessGraphVisitor.dereference_from_node_arguments(json.loads(text(graph)))
        assert graph[top]["process_id"] == "save_result"


def loaded_of(made):
    return [
        n["arguments"]
        for graph in made.values()
        for n in graph.values()
        if n["process_id"] == "load_collection"
    ]


def test_a_cloud_limit_includes_its_end():
    from multisat_openeo.compiling import loaded

    task = Stored().task(cases(1)[0])
    limited = replace(task, request=replace(task.request, max_cloud=20))
    (load,) = (n for n in loaded(limited, EVERYTHING).values() if n["process_id"] == "load_collection")
    (node,) = load["arguments"]["properties"]["eo:cloud_cover"]["process_graph"].values()
    assert (node["process_id"], node["arguments"]["y"]) == ("lte", 20)
    (load,) = (
        n for n in loaded(limited, replace(EVERYTHING, limits=False)).values() if "id" in n["arguments"]
    )
    assert "properties" not in load["arguments"]


def test_times_are_half_open_and_extents_lie_on_pixels(made):
    for load in loaded_of(made):
        start, end = load["temporal_extent"]
        assert start < end
        assert start.endswith("T00:00:00Z")
        assert end.endswith("T00:00:00Z")
        box = load["spatial_extent"]
        assert all(box[side] % 10 == 0 for side in ("west", "south", "east", "north"))
        assert box["crs"] == 32632


def test_a_step_that_is_there_is_not_added_again():
    graph = Graph()
    first = graph.add("load_collection", id="A")
    assert graph.add("load_collection", id="A") == first
    assert graph.add("load_collection", id="B") != first
    inner = callback(lambda g: g.add("add", x=parameter("x"), y=1))
    assert inner == {
        "process_graph": {
            "add1": {"process_id": "add", "arguments": {"x": {"from_parameter": "x"}, "y": 1}, "result": True}
        }
    }


def test_unknown_things_are_told_at_once():
    from multisat.errors import UnsupportedOperation, UsageError
    from multisat_openeo.place import source_of

    with pytest.raises(UsageError, match="has no band rededge2"):
        replace(EVERYTHING, has=("B04", "B08")).band("rededge2")
    task = Stored().task(cases(1)[0])
    other = replace(task, scenes=tuple(replace(s, collection="landsat-c2-l2") for s in task.scenes))
    with pytest.raises(UnsupportedOperation, match="landsat-c2-l2"):
        source_of(other)
