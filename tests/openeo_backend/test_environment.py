"""The environment of the backend is made once, and why it cannot be had is said."""

import pytest
from tests.openeo_backend import Unavailable, environment


def test_it_is_made_once(installed):
    assert environment.python() == installed
    assert installed.exists()


def test_a_command_that_fails_says_why(tmp_path):
    with pytest.raises(Unavailable, match="No such file or directory"):
        environment.run([str(tmp_path / "missing")])
    with pytest.raises(Unavailable, match="no way"):
        environment.run(["sh", "-c", "echo no way >&2; exit 1"])


@pytest.mark.slow
def test_half_an_environment_is_never_found(tmp_path):
    broken = tmp_path / "requirements.txt"
    broken.write_text("this is no requirement !!")
    with pytest.raises(Unavailable):
        environment.make(tmp_path / "kept", broken)
    assert [path.name for path in tmp_path.iterdir()] == ["requirements.txt"]
