"""Process graphs of the user's own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from multisat.contracts import Deadline
from multisat.errors import UsageError
from multisat.plugins import registry
from multisat_openeo import downloading
from multisat_openeo.engine import OpenEOEngine
from multisat_openeo.service import Service

if TYPE_CHECKING:
    from multisat.contracts import RemoteJob


def run_graph(
    graph: Mapping[str, Any] | str | Path,
    out: str | Path | None = None,
    *,
    url: str | None = None,
    batch: bool = False,
    title: str = "",
    deadline: float | None = None,
) -> list[Path] | RemoteJob:
    """Run a process graph as it is, which may call processes that the user has stored there (UDP).

    Args:
        graph: A flat process graph, one within ``{"process_graph": ...}``, its JSON text, or a file of it.
        out: File of the result; of a batch job the folder. None starts a batch job and returns it.
        url: Address of the back-end; None is that of the configuration.
        batch: Whether it runs as a batch job; it is waited for if ``out`` is given.
        title: Of the job.
        deadline: Seconds in all, or None.

    Returns:
        The files that were written, or the job.

    Raises:
        UsageError: This is no process graph, or nothing says where the result goes.
        CredentialsError: A login is missing, or was refused.
        ProviderError: The back-end did not do it.
    """
    engine = _engine(url)
    flat, until = flat_graph(graph), Deadline(deadline)
    if batch or out is None:
        if not batch:
            raise UsageError(
                "nothing says where the result goes", hint="name a file: out=, or say batch=True"
            )
        job = engine.start(flat, title=title or "multisat")
        if out is None:
            return job
        job.wait(deadline=until)
        return downloading.results(engine.service, job.id, Path(out))
    body = {"process": {"process_graph": flat}}
    answer = engine.service.ask("POST", "/result", body=body, computes=True, stream=True, deadline=until)
    return [downloading.keep(answer, Path(out))]


def flat_graph(given: Mapping[str, Any] | str | Path) -> dict[str, Any]:
    """Return a flat process graph.

    Raises:
        UsageError: It is none.
    """
    data = _read(given) if isinstance(given, str | Path) else given
    inner = data.get("process_graph", data.get("process", {}).get("process_graph", data))
    nodes = inner.values() if isinstance(inner, Mapping) else ()
    if not nodes or not all(isinstance(one, Mapping) and "process_id" in one for one in nodes):
        raise UsageError(
            "this is no process graph", hint='give {"node": {"process_id": ..., "arguments": ...}}'
        )
    return dict(inner)


def _read(given: str | Path) -> Mapping[str, Any]:
    text = str(given)
    try:
        if not text.lstrip().startswith("{"):
            text = Path(given).read_text(encoding="utf-8")
        found = json.loads(text)
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot read the process graph: {error}", hint="name a JSON file") from None
    return found if isinstance(found, dict) else {}


def _engine(url: str | None) -> OpenEOEngine:
    if url is not None:
        return OpenEOEngine(Service(url.rstrip("/")))
    found = registry().provider("openeo").engine()
    if not isinstance(found, OpenEOEngine):
        raise UsageError("another plugin is called openeo", hint="give url=")
    return found
