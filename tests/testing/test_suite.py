"""How the checks are run: expected failures, abilities that are not declared, and pytest."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.testing.broken.scenes import OwnUnits
from tests.testing.sound import SECRET, Sound, target

from multisat.errors import UsageError
from multisat.testing import Skipped, Trial, judge, provider_suite
from multisat.testing.running import perform

ROOT = Path(__file__).resolve().parents[2]
UNITS, TIMES = "check_units_are_those_of_the_vocabulary", "check_times_are_utc"
MODULE = f"""
from tests.testing.broken.scenes import OwnUnits
from tests.testing.sound import Sound, target
from multisat.testing import provider_suite

test_found_out = provider_suite(OwnUnits, target=target)
test_announced = provider_suite(OwnUnits, target=target, expected={{"{UNITS}": "units are to be mended"}})
test_mended = provider_suite(Sound, target=target, expected={{"{UNITS}": "units are to be mended"}})
"""


@pytest.fixture(scope="module")
def where():
    with target() as found:
        yield found


class Listing(Sound):
    """Lists scenes, and declares nothing else."""

    @property
    def capabilities(self):
        return replace(super().capabilities, assets=False, recipes=False, counts=False, login="none")

    def engine(self):
        return super(Sound, self).engine()


def states(make, where, **options):
    return {v.check: v for v in judge(Trial(make=make, target=where), **options)}


def test_an_expected_failure_is_named_with_its_reason(where):
    found = states(OwnUnits, where, expected={UNITS: "units are to be mended"})[UNITS]
    assert (found.state, found.note, found.bad) == ("expected", "units are to be mended", False)


def test_an_expected_failure_that_passes_is_bad(where):
    found = states(Sound, where, expected={TIMES: "to be mended"})[TIMES]
    assert (found.state, found.bad) == ("no longer fails", True)


@pytest.mark.parametrize(
    ("expected", "said"), [({"check_all": "why"}, "no check is called"), ({TIMES: ""}, "without a reason")]
)
def test_expectations_are_checked_at_once(expected, said):
    with pytest.raises(UsageError, match=said):
        provider_suite("earth-search", expected=expected)


@pytest.mark.parametrize(
    ("name", "ability"),
    [
        ("check_load_can_be_lazy", "assets"),
        ("check_can_run_keeps_its_word", "recipes"),
        ("check_matched_counts", "counts"),
        ("check_a_login_is_found", "login"),
    ],
)
def test_what_is_not_declared_is_not_asked_and_named(where, name, ability):
    with pytest.raises(Skipped, match=f"the capability '{ability}' is not declared"):
        perform(name, Trial(make=Listing, target=where))


@pytest.mark.parametrize("name", ["check_a_hang_ends_at_the_deadline", "check_a_missing_file_is_unreadable"])
def test_what_cannot_be_broken_is_not_asked_to_fail(where, name):
    with pytest.raises(Skipped, match="cannot be made to fail"):
        perform(name, Trial(make=Sound, target=replace(where, breaking=None)))


def test_variables_of_the_target_end_with_each_check(where, monkeypatch):
    monkeypatch.setenv("MULTISAT_EARTH_SEARCH_URL", "http://127.0.0.1:9")
    perform(TIMES, Trial(make=Sound, target=where))
    assert Sound().url == "http://127.0.0.1:9"


class Blurting(Sound):
    """Tells its login in an error."""

    def search(self, request, **options):
        raise RuntimeError(f"no answer to {SECRET}")


def test_what_a_provider_blurts_out_is_not_repeated(where):
    told = states(Blurting, where)["check_search_finds_scenes"]
    assert (told.state, told.note) == ("failed", "RuntimeError: no answer to (a secret)")


@pytest.mark.slow
def test_one_line_makes_a_suite(launch, tmp_path):
    (tmp_path / "test_mine.py").write_text(MODULE)
    done = launch(
        sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-k", f"{UNITS} or {TIMES}",
        "test_mine.py", PYTHONPATH=str(ROOT), COLUMNS="300",
    )  # fmt: skip
    assert done.returncode == 1
    assert f"test_found_out[{UNITS}] FAILED" in done.stdout
    assert f"test_announced[{UNITS}] XFAIL (units are to be mended)" in done.stdout
    assert f"test_mended[{UNITS}] FAILED" in done.stdout
    assert "2 failed, 3 passed" in done.stdout
    assert "1 xfailed" in done.stdout
