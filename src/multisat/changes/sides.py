"""Before and after an event, from one relative orbit: from another the same ground looks different."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from multisat.cube.overpasses import overpasses
from multisat.errors import NothingFound, UsageError
from multisat.model import Scene, TimeRange

Side = tuple[Sequence[Scene], TimeRange]
"""Scenes and the time range they are from."""


def common_orbit(before: Sequence[Scene], after: Sequence[Scene], orbit: int | None = None) -> int:
    """Return the relative orbit that sees the area on both sides.

    Args:
        before: Scenes before the event.
        after: Scenes after it.
        orbit: The one to take; None takes the one with most looks on the side where it has fewer, then
            with most looks in all, then the lowest number.

    Raises:
        NothingFound: No orbit has a look on both sides.
        UsageError: The one asked for has not.
    """
    first, second = _looks(before), _looks(after)
    both = sorted(set(first) & set(second))
    if orbit is not None and orbit not in both:
        known = ", ".join(map(str, both)) or "none"
        raise UsageError(f"orbit {orbit} has no look on both sides", hint=f"orbits with both: {known}")
    if not both:
        raise NothingFound(
            f"no relative orbit has a look both before {_told(first)} and after {_told(second)}",
            hint="take more days on both sides",
        )
    if orbit is not None:
        return orbit
    return max(both, key=lambda one: (min(first[one], second[one]), first[one] + second[one], -one))


def around(event: object, days: int) -> tuple[TimeRange, TimeRange]:
    """Return so many days before an event, and as many after it.

    Args:
        event: A day or a time range, UTC; it is part of neither side.
        days: Days on each side.

    Raises:
        UsageError: It has no beginning or no end.
    """
    when = TimeRange.of(event)
    if when.start is None or when.end is None or days < 1:
        raise UsageError("an event has a beginning and an end", hint='such as "2023-11-02", days=30')
    span = timedelta(days=days)
    return TimeRange(start=when.start - span, end=when.start), TimeRange(start=when.end, end=when.end + span)


def same_orbit(
    found: Sequence[Sequence[Scene]], times: tuple[TimeRange, TimeRange], orbit: int | None = None
) -> tuple[Side, Side]:
    """Return the scenes before and after, in order of time, of one relative orbit; see ``common_orbit``."""
    before, after = found
    one = common_orbit(before, after, orbit)
    return (_of_orbit(before, one), times[0]), (_of_orbit(after, one), times[1])


def check_one_orbit(scenes: Sequence[Scene]) -> int:
    """Return the relative orbit of scenes.

    Raises:
        UsageError: They are of several, or one does not tell.
    """
    orbits = {scene.relative_orbit for scene in scenes}
    if len(orbits) != 1 or None in orbits:
        told = ", ".join(sorted(str(one) for one in orbits))
        raise UsageError(
            f"scenes of relative orbits {told} cannot be compared", hint="take those of one orbit"
        )
    return int(orbits.pop() or 0)


def _of_orbit(scenes: Sequence[Scene], orbit: int) -> tuple[Scene, ...]:
    return tuple(sorted((s for s in scenes if s.relative_orbit == orbit), key=lambda s: s.datetime))


def _looks(scenes: Sequence[Scene]) -> Counter[int]:
    """Count the overpasses of each relative orbit."""
    return Counter(group[0].relative_orbit for group in overpasses(scenes) if group[0].relative_orbit)


def _told(looks: Counter[int]) -> str:
    return "(" + (", ".join(f"{orbit}: {number}" for orbit, number in sorted(looks.items())) or "none") + ")"
