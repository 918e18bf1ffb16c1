"""A provider that is broken in one way fails the one check that names it, and a sound one fails none."""

import pytest
from tests.testing.broken import BROKEN
from tests.testing.sound import Sound, target

from multisat.testing import CHECKS, Trial, judge

EVERY = 6
"""Every so manieth is always tried, the others with the slow tests."""
OURS = {
    "check_load_keeps_the_native_grid",
    "check_load_gives_float32_over_time",
    "check_load_masks_clouds",
    "check_load_can_be_lazy",
    "check_load_beyond_all_scenes_finds_nothing",
}
"""What no small change of a provider breaks, for the reading is not its own."""


def some():
    for number, kind in enumerate(BROKEN):
        marks = [] if number % EVERY == 0 else [pytest.mark.slow]
        yield pytest.param(kind, id=kind.__name__, marks=marks)


@pytest.fixture(scope="module")
def where():
    with target() as found:
        yield found


@pytest.fixture(scope="module")
def sound(where):
    return list(judge(Trial(make=Sound, target=where)))


def test_a_sound_provider_passes_every_check(sound):
    assert [v for v in sound if v.state != "passed"] == []


@pytest.mark.parametrize("kind", [*some()])
def test_it_fails_the_check_that_names_its_fault(where, kind):
    bad = [v for v in judge(Trial(make=kind, target=where)) if v.bad]
    assert [v.check for v in bad] == [kind.fails], bad
    assert bad[0].note


def test_every_check_is_failed_by_one():
    assert sorted([kind.fails for kind in BROKEN]) == sorted(set(CHECKS) - OURS)
    assert len(BROKEN) >= 25
