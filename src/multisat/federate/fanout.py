"""Asking every archive at once, under one deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from multisat.contracts import Deadline, Provider
from multisat.errors import UsageError
from multisat.federate.collect import Collector
from multisat.federate.merge import merge
from multisat.federate.result import SearchResult
from multisat.model import Request
from multisat.vocab.collections import COLLECTIONS, expand


def fan_out(
    request: Request,
    providers: Sequence[Provider],
    *,
    deadline: float | None = 30.0,
    resume: Mapping[str, str] | None = None,
) -> SearchResult:
    """Ask all providers at once and merge what they answer.

    Args:
        request: The question.
        providers: Whom to ask, best first: the order decides between equal copies.
        deadline: Seconds for everything together, or None to wait for ever.
        resume: Tokens by provider name, from the outcomes of an earlier search.

    Raises:
        UsageError: No provider was given, or none of them knows a collection that was named.
    """
    _check(request, providers)
    limit = Deadline(deadline)
    tokens = resume or {}
    collectors = [
        Collector(provider=p, request=request, deadline=limit, resume=tokens.get(p.name)) for p in providers
    ]
    for collector in collectors:
        collector.start()
    for collector in collectors:
        collector.wait()
    limit.cancel()
    answers = [collector.result() for collector in collectors]
    scenes = merge((s for found, _ in answers for s in found), [p.name for p in providers])
    return SearchResult.of(request, scenes, tuple(outcome for _, outcome in answers))


def _check(request: Request, providers: Sequence[Provider]) -> None:
    if not providers:
        raise UsageError("no provider to ask", hint="install one: pip install 'multisat-eo[all]'")
    known = set(COLLECTIONS)
    for provider in providers:
        known.update(provider.capabilities.collections, provider.capabilities.native)
    unknown = [name for name in expand(request.collections) if name not in known]
    if unknown:
        raise UsageError(
            f"no archive knows the collection {', '.join(unknown)}", hint=f"use {', '.join(sorted(known))}"
        )
