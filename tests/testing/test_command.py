"""``multisat providers check`` as a user calls it."""

import json
import sys

import pytest

from multisat.testing import CHECKS


@pytest.mark.slow
def test_a_built_in_provider_is_checked_with_no_file(launch):
    done = launch(sys.executable, "-m", "multisat", "providers", "check", "nasa-cmr", "--format", "json")
    assert done.returncode == 0, done.stderr + done.stdout
    rows = {row["check"]: row for row in json.loads(done.stdout)}
    assert list(rows) == list(CHECKS)
    assert rows["check_load_keeps_the_native_grid"]["state"] == "passed"
    assert "'recipes' is not declared" in rows["check_can_run_keeps_its_word"]["note"]


def test_a_name_that_nobody_has_is_a_usage_error(launch):
    done = launch(sys.executable, "-m", "multisat", "providers", "check", "nasa-crm")
    assert done.returncode == 2
    assert "did you mean nasa-cmr?" in done.stderr
