"""Checks of what is filtered: half-open time, inclusive cloud limits, unknown clouds, properties, limits."""

from __future__ import annotations

from datetime import UTC, timedelta

from multisat.model import TimeRange
from multisat.testing.asking import needs
from multisat.testing.trial import Trial, expect, given, moment

_TELLING = ("platform", "relative_orbit", "cloud_cover", "tile")
"""Properties that tell scenes apart, at most places."""


@needs("search")
def check_time_includes_its_start(trial: Trial) -> None:
    """A range that begins with a scene has it."""
    one = trial.dated[0]
    expect(one in trial.ask(time=moment(one)), f"{one.id} is not in the range that begins with it")


@needs("search")
def check_time_excludes_its_end(trial: Trial) -> None:
    """A range that ends with a scene does not have it: ranges are half open."""
    one = trial.dated[0]
    before = TimeRange(start=one.datetime - timedelta(days=1), end=one.datetime)
    expect(one not in trial.ask(time=before), f"{one.id} is in a range that ends when it begins")


@needs("search")
def check_cloud_limit_is_kept(trial: Trial) -> None:
    """No scene is cloudier than asked for."""
    limit = min(_clouds(trial))
    above = [s.id for s in trial.ask(max_cloud=limit) if (s.cloud_cover or 0) > limit]
    expect(not above, f"asked for {limit} % at most, {above[:3]} came")


@needs("search")
def check_cloud_limit_is_inclusive(trial: Trial) -> None:
    """A scene that is exactly as cloudy as the limit is kept."""
    limit = max(_clouds(trial))
    wanted = next(s for s in trial.scenes if s.cloud_cover == limit)
    expect(wanted in trial.ask(max_cloud=limit), f"{wanted.id} has {limit} %, the limit, and was dropped")


@needs("search")
def check_unknown_cloud_is_kept(trial: Trial) -> None:
    """A scene whose cloud cover is unknown passes every limit."""
    unknown = tuple(s for s in trial.scenes if s.cloud_cover is None)
    given(unknown, "no scene at the target has an unknown cloud cover")
    kept = trial.ask(max_cloud=0)
    lost = [s.id for s in unknown if s not in kept]
    expect(not lost, f"{lost[:3]} were dropped, though their cloud cover is unknown")


@needs("search")
def check_property_filters_are_kept(trial: Trial) -> None:
    """A condition on a property holds for everything that comes, and loses nothing."""
    known = {name: [v for s in trial.scenes if (v := s.value(name)) is not None] for name in _TELLING}
    differing = next((name for name, values in known.items() if len(set(values)) > 1), None)
    name = given(differing, "the scenes at the target are all alike")
    value = known[name][-1]
    wanted = {s.uid for s in trial.scenes if s.value(name) == value}
    found = {s.uid: s.value(name) for s in trial.ask(filters={name: value})}
    odd = [uid for uid, has in found.items() if has != value]
    expect(not odd, f"asked for {name} {value}, {len(odd)} others came, such as {odd[:1]}")
    expect(wanted <= set(found), f"{len(wanted - set(found))} scenes with {name} {value} were lost")


@needs("search")
def check_limit_keeps_the_first(trial: Trial) -> None:
    """With a limit the earliest scenes come; more than asked for may, fewer or others may not."""
    earliest = min(s.datetime.astimezone(UTC) for s in trial.dated)
    found = [s.datetime.astimezone(UTC) for s in trial.ask(limit=1)]
    expect(earliest in found, f"limited to 1, the earliest scene ({earliest:%Y-%m-%d}) was not given")


@needs("search")
def check_a_cut_list_is_not_complete(trial: Trial) -> None:
    """A search that ends at its limit does not say that there is no more."""
    search = trial.search(trial.request(limit=1))
    number = len(list(search))
    cut = number < len({s.uid for s in trial.scenes})
    expect(not (cut and search.complete), f"{number} of more scenes were given, and the list is complete")


def _clouds(trial: Trial) -> list[float]:
    known = tuple(s.cloud_cover for s in trial.scenes if s.cloud_cover is not None)
    sound = tuple(cover for cover in known if 0 <= cover <= 100)  # noqa: PLR2004 - percent
    return list(given(sound, "no scene at the target has a known cloud cover"))
