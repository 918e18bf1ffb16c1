"""Going on with an incomplete search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multisat.errors import UsageError
from multisat.federate.merge import merge
from multisat.plugins import registry

if TYPE_CHECKING:
    from multisat.federate.result import SearchResult


def resume(found: SearchResult, *, deadline: float | None) -> SearchResult:
    """Return the result with what the incomplete archives still had to say.

    Raises:
        UsageError: No outcome carries a resume token.
    """
    from multisat.federate.fanout import fan_out
    from multisat.federate.result import SearchResult

    tokens = {o.provider: o.resume for o in found.outcomes if o.resume}
    if not tokens or found.request is None:
        raise UsageError("there is nothing to resume", hint="search again")
    providers = [registry().provider(name) for name in tokens]
    more = fan_out(found.request, providers, deadline=deadline, resume=tokens)
    newer = {o.provider: o for o in more.outcomes}
    copies = (copy for scene in (*found.scenes, *more.scenes) for copy in scene.copies)
    order = [o.provider for o in found.outcomes]
    outcomes = tuple(newer.get(o.provider, o) for o in found.outcomes)
    return SearchResult.of(found.request, merge(copies, order), outcomes)
