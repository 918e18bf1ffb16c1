"""Looks before and after an event, searched for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from multisat.changes import Side, around, same_orbit
from multisat.model import AOI, Outcome, Request
from multisat.recipe.binding import place, searched


@dataclass(frozen=True, kw_only=True)
class Looks:
    """What is compared.

    Attributes:
        aoi: Area.
        before: Scenes before the event and the time range they are from.
        after: The same after it; all are of one relative orbit.
        outcomes: What each archive answered, before and after.
    """

    aoi: AOI
    before: Side
    after: Side
    outcomes: tuple[Outcome, ...]

    def __str__(self) -> str:
        """Return a line for each side."""
        sides = {"before": self.before, "after": self.after}
        return "\n".join(f"{name}: {_said(side)}" for name, side in sides.items())


def looks(
    aoi: AOI,
    event: object,
    *,
    days: int,
    collection: str,
    on: str | Sequence[str] | None = None,
    orbit: int | None = None,
    deadline: float | None = 60.0,
) -> Looks:
    """Search on both sides of an event and keep one relative orbit; see ``multisat.change``.

    Raises:
        NothingFound: There is no scene on a side, or no orbit has a look on both.
        UsageError: The event or the orbit cannot be understood.
        ProviderError: No archive answered.
    """
    times = around(event, days)
    _, archives = place(on)
    first, second = (
        searched(Request.of(aoi, time, collections=(collection,)), archives, deadline) for time in times
    )
    before, after = same_orbit((first.scenes, second.scenes), times, orbit)
    return Looks(aoi=aoi, before=before, after=after, outcomes=(*first.outcomes, *second.outcomes))


def _said(side: Side) -> str:
    scenes, time = side
    dates = ", ".join(f"{one.datetime:%Y-%m-%d}" for one in scenes)
    orbit = f"relative orbit {scenes[0].relative_orbit} ({scenes[0].orbit_state or 'unknown direction'})"
    return f"{len(scenes)} scenes of {orbit} in {time}: {dates}"
