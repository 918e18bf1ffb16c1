"""A provider that is broken in one way fails the one check that names it, and a sound one fails none."""

import pytest
from tests.testing.broken import BROKEN
from tests.testing.sound import Sound, target

from multisat.testing import CHECKS, Trial, judge


@pytest.fixture(scope="module")
def where():
    with target() as found:
        yield found


@pytest.fixture(scope="module")
def sound(where):
    return list(judge(Trial(make=Sound, target=where)))


def test_a_sound_provider_passes_every_check(sound):
    assert [v for v in sound if v.state != "passed"] == []


@pytest.mark.parametrize("kind", BROKEN, ids=lambda kind: kind.__name__)
def test_it_fails_the_check_that_names_its_fault(where, sound, kind):
    bad = [v for v in judge(Trial(make=kind, target=where)) if v.bad]
    assert [v.check for v in bad] == [kind.fails], bad
    assert bad[0].note


def test_there_are_at_least_25_ways():
    assert len({kind.fails for kind in BROKEN}) == len(BROKEN) >= 25
    assert {kind.fails for kind in BROKEN} <= set(CHECKS)
