"""Many archives as one: fan-out, deadline, outcomes, de-duplication."""

from __future__ import annotations

from multisat.federate.fanout import fan_out
from multisat.federate.merge import merge
from multisat.federate.result import SearchResult

__all__ = ["SearchResult", "fan_out", "merge"]
