"""Band arithmetic as values: read, written, computed; and the published indices by name.

A small closed grammar of our own. What a user or a file writes is never run as Python.
"""

from __future__ import annotations

from multisat.expressions.evaluating import evaluate
from multisat.expressions.grammar import FUNCTIONS
from multisat.expressions.lookup import Index, index, indices
from multisat.expressions.nodes import Binary, Call, Expression, Name, Number, Unary, names
from multisat.expressions.parsing import parse
from multisat.expressions.printing import text

__all__ = [
    "FUNCTIONS",
    "Binary",
    "Call",
    "Expression",
    "Index",
    "Name",
    "Number",
    "Unary",
    "evaluate",
    "index",
    "indices",
    "names",
    "parse",
    "text",
]
