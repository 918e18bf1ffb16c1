"""Spyndex's catalogue of indices, read as data: its code is never imported.

Spyndex (MIT licence) packages the Awesome Spectral Indices list, doi:10.1038/s41597-023-02096-0. The
layout of its files was the same in 0.6 to 0.12, compared 2026-11-21; formulas change with releases (GARI in
0.12), so the version is bounded closely.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec, module_from_spec
from typing import Any

from multisat.errors import MultisatError


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An index as the catalogue has it.

    Attributes:
        name: Short name.
        title: Long name.
        formula: Over letters of bands and constants.
        parameters: These letters and constants.
        reference: Link to the paper.
        domain: Such as ``"vegetation"``.
    """

    name: str
    title: str
    formula: str
    parameters: tuple[str, ...]
    reference: str
    domain: str


@cache
def entries() -> Mapping[str, Entry]:
    """Return every index by name, in the catalogue's order."""
    found = _packaged("spectral-indices-dict.json")["SpectralIndices"]
    return {name: _entry(row) for name, row in found.items()}


@cache
def defaults() -> Mapping[str, float | None]:
    """Return every constant by name with its default; None where there is none."""
    found = {name: row["default"] for name, row in _packaged("constants.json").items()}
    return {name: None if value is None else float(value) for name, value in found.items()}


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(
        name=row["short_name"],
        title=row["long_name"],
        formula=row["formula"],
        parameters=tuple(row["bands"]),
        reference=row["reference"],
        domain=row["application_domain"],
    )


def _packaged(name: str) -> Any:  # noqa: ANN401 - JSON
    spec = find_spec("spyndex")
    if spec is None:
        raise MultisatError("the catalogue of indices is not installed", hint="pip install spyndex")
    # a module made of its spec but not run: importing spyndex would import an HTTP client
    return json.loads((files(module_from_spec(spec)) / "data" / name).read_text(encoding="utf-8"))
