"""Checks of pages: they end, they can be resumed, and only a whole list is complete."""

from __future__ import annotations

from collections.abc import Iterator

from multisat.contracts import Page, Search
from multisat.errors import UsageError
from multisat.model import Request
from multisat.testing.asking import needs
from multisat.testing.trial import Skipped, Trial, Unmet, expect, given


@needs("search")
def check_complete_comes_with_the_last_page(trial: Trial) -> None:
    """A list is not complete before it is read, and is when it has been."""
    search = trial.search()
    expect(not search.complete, "complete before anything was read")
    list(search.pages())
    expect(search.complete, "not complete after every page was read")


@needs("search")
def check_no_resume_token_is_left_at_the_end(trial: Trial) -> None:
    """After the last page there is nothing to go on with."""
    search = trial.search()
    list(search.pages())
    expect(search.resume is None, "a resume token is left after the last page")


@needs("search")
def check_pages_are_resumed(trial: Trial) -> None:
    """A search that goes on with a token gives the rest, and the first pages not again."""
    search, first, rest = _begun(trial)
    token = given(search.resume, "all scenes came on one page")
    everything = {s.uid for s in first.scenes} | {s.uid for page in rest for s in page.scenes}
    later = {s.uid for s in trial.search(_busy(trial), resume=token)}
    again = later & {s.uid for s in first.scenes}
    expect(not again, f"{len(again)} scenes of the first page came again")
    lost = everything - later - {s.uid for s in first.scenes}
    expect(not lost, f"{len(lost)} scenes were lost by resuming")


@needs("search")
def check_a_resume_token_belongs_to_its_request(trial: Trial) -> None:
    """The token of another question is refused, not answered with the wrong pages."""
    search, _, _ = _begun(trial)
    token = given(search.resume, "all scenes came on one page")
    try:
        next(trial.search(trial.request(), resume=token).pages())
    except UsageError:
        return
    raise Unmet("the token of another request was taken")


@needs("search", "counts")
def check_matched_counts(trial: Trial) -> None:
    """The archive says how many items match, no fewer than there are, after the first page."""
    collection = trial.scenes[0].native_id
    search = trial.search(trial.request(collections=(collection,)))
    number = len({scene.uid for scene in search})
    said = search.matched()
    expect(said is not None and said >= number, f"matched() is {said}, and {number} scenes came")


def _busy(trial: Trial) -> Request:
    aoi, time = given(trial.target.busy, "the target names no area with several pages (Target.busy)")
    return trial.request(aoi=aoi, time=time)


def _begun(trial: Trial) -> tuple[Search, Page, Iterator[Page]]:
    search = trial.search(_busy(trial))
    pages = search.pages()
    first = next(pages, None)
    if first is None:
        raise Skipped("there is no page")
    return search, first, pages
