"""Checks of searches: where, which collections, and that nothing comes twice or unasked."""

from __future__ import annotations

from collections import Counter

from multisat.errors import UnsupportedOperation
from multisat.model import AOI
from multisat.testing.asking import needs
from multisat.testing.trial import Trial, Unmet, expect, given


@needs("search", scenes=False)
def check_search_finds_scenes(trial: Trial) -> None:
    """There are scenes where the target says that there are some."""
    expect(trial.found, f"no scene over {trial.aoi} in {trial.target.time}: is the target right?")


@needs("search")
def check_search_asks_nothing_before_its_first_page(trial: Trial) -> None:
    """Making a search sends no request."""
    sent = trial.search().requests
    expect(sent == 0, f"{sent} requests were sent before the first page was wanted")


@needs("search")
def check_search_gives_what_touches_the_area(trial: Trial) -> None:
    """Every footprint shares a point with the area, whatever the service says of it."""
    astray = [s.id for s in trial.found if not s.geometry.intersects(trial.aoi.lonlat)]
    expect(not astray, f"{len(astray)} scenes do not touch the area: {astray[:3]}")


@needs("search")
def check_search_gives_no_scene_twice(trial: Trial) -> None:
    """Every entry of the archive comes once."""
    twice = [uid for uid, number in Counter(s.uid for s in trial.found).items() if number > 1]
    expect(not twice, f"{len(twice)} scenes came more than once: {twice[:3]}")


@needs("search")
def check_search_is_repeatable(trial: Trial) -> None:
    """The same question gets the same answer."""
    first, again = {s.uid for s in trial.scenes}, {s.uid for s in trial.ask()}
    expect(first <= again, f"asked again, {sorted(first - again)[:3]} were missing")


@needs("search")
def check_search_crosses_the_antimeridian(trial: Trial) -> None:
    """An area across ±180° is searched on both sides."""
    where = AOI.of(given(trial.target.dateline, "the target names no area across ±180° (Target.dateline)"))
    found = trial.ask(aoi=where)
    unseen = [box for box in where.parts if not any(s.geometry.intersects(box) for s in found)]
    expect(not unseen, f"no scene on the side {[p.bounds for p in unseen]}")
    sides = {s for part in where.parts for s in trial.ask(aoi=AOI.of(part))}
    expect(sides <= set(found), f"{len(sides - set(found))} scenes come only if each side is asked alone")


@needs("search")
def check_search_of_an_empty_area_is_empty(trial: Trial) -> None:
    """Where nothing is, the answer is an empty, complete list and no error."""
    where = given(trial.target.empty, "the target names no area without scenes (Target.empty)")
    search = trial.search(trial.request(aoi=where))
    try:
        found = list(search)
    except Exception as error:
        raise Unmet(f"an empty answer was an error: {error!r}") from error
    expect(not found and search.complete, f"{len(found)} scenes, complete {search.complete}")


@needs("search")
def check_unknown_collections_are_refused(trial: Trial) -> None:
    """A collection the archive lacks is UnsupportedOperation, never an empty list."""
    try:
        found = trial.ask(collections=("no-such-collection",))
    except UnsupportedOperation:
        return
    raise Unmet(f"asked for no-such-collection alone, {len(found)} scenes came and no error")


@needs("search")
def check_native_names_are_accepted(trial: Trial) -> None:
    """The archive's own collection ids, as declared, ask for what is of them."""
    one = trial.scenes[0]
    names = trial.provider.capabilities.native
    expect(one.native_id in names, f"{one.native_id} is not among the native names {', '.join(names)}")
    found = trial.ask(collections=(one.native_id,))
    expect(one in found, f"asked for {one.native_id}, its scene {one.id} did not come")
    others = {s.native_id for s in found} - {
        s.native_id for s in trial.scenes if s.collection == one.collection
    }
    expect(not others, f"asked for {one.native_id}, scenes of {sorted(others)} came")
