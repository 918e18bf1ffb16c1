"""What each archive answered, as a table on standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multisat.model import Outcome, Status

if TYPE_CHECKING:
    from multisat.federate import SearchResult

_COLOURS = {
    Status.OK: "green",
    Status.EMPTY: "dim",
    Status.PARTIAL: "yellow",
    Status.SKIPPED: "dim",
    Status.FAILED: "red",
    Status.TIMED_OUT: "red",
}


def print_outcomes(found: SearchResult) -> None:
    """Print one line per archive, then what to know about each, to standard error."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in ("archive", "answer", "scenes", "seconds", "requests", "complete"):
        table.add_column(name, justify="right" if name in {"scenes", "seconds", "requests"} else "left")
    for outcome in found.outcomes:
        table.add_row(*_cells(outcome))
    console = Console(stderr=True)
    console.print(table)
    for outcome in found.outcomes:
        for line in _remarks(outcome):
            console.print(escape(f"  {outcome.provider}: {line}"), soft_wrap=True, highlight=False)
    folded = sum(len(scene.alternates) for scene in found.scenes)
    whole = "complete" if found.complete else "NOT complete"
    console.print(f"{len(found)} scenes after folding {folded} copies; the list is {whole}", highlight=False)


def _cells(outcome: Outcome) -> tuple[str, ...]:
    colour = _COLOURS[outcome.status]
    return (
        outcome.provider,
        f"[{colour}]{outcome.status.value}[/{colour}]",
        str(outcome.scenes),
        f"{outcome.seconds:.2f}",
        str(outcome.requests),
        "yes" if outcome.complete else "-" if outcome.status is Status.SKIPPED else "no",
    )


def _remarks(outcome: Outcome) -> list[str]:
    said = [str(outcome.error).removeprefix(f"{outcome.provider}: ")] if outcome.error else []
    return [*said, *outcome.notes]
