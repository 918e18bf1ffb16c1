"""A process graph as text that runs without multisat."""

from __future__ import annotations

import json

from multisat.errors import UsageError
from multisat_openeo.graph import Flat

DIALECTS = ("process-graph", "openeo")
_PYTHON = '''import json

import openeo

graph = json.loads(r"""
{graph}
""")

connection = openeo.connect("{url}").authenticate_oidc()
cube = connection.datacube_from_flat_graph(graph)
cube.download("result.{ending}")  # or cube.execute_batch("result.{ending}", title="multisat")
'''


def written(graph: Flat, dialect: str, url: str) -> str:
    """Return a graph as JSON, or as a program for the openEO client; it holds no credential.

    Raises:
        UsageError: There is no such dialect.
    """
    told = json.dumps(graph, indent=2)
    if dialect == "process-graph":
        return told
    if dialect == "openeo":
        ending = "tif" if '"GTiff"' in told else "nc"
        return _PYTHON.format(graph=told, url=url, ending=ending)
    raise UsageError(f"openeo writes no {dialect}", hint=f"use {' or '.join(DIALECTS)}")
