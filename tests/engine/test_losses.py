"""What cannot be read is said once, however many blocks there are."""

from dataclasses import replace

import numpy as np
import pytest

from multisat.contracts import Access
from multisat.cube import MultisatWarning
from multisat.engine import blocks, run
from multisat.errors import AssetUnreadable
from multisat.steps import Steps

STEPS = Steps().index("NDVI").composite("month", "mean")


def without(plain, *names):
    """Open files, but not those whose names contain one of the words."""

    def access(provider, asset):
        gone = any(name in asset.href for name in names)
        return Access(href=asset.href + ".gone") if gone else plain(provider, asset)

    return access


def test_a_lost_scene_is_said_once_and_listed(archive, plain):
    with pytest.warns(MultisatWarning, match="take04") as warned:
        cube = run(archive.task(STEPS), access=without(plain, "take04-red"))
    assert len(warned) == 1
    (skipped,) = cube.attrs["skipped"]
    assert "take04" in skipped
    assert cube.looks.values.tolist() == [4, 3, 0, 4]
    ndvi = np.ma.masked_invalid(archive.ndvi(masked=False)[5:7].astype(float))
    np.testing.assert_allclose(cube.NDVI.values[1], ndvi.mean(0).filled(np.nan), rtol=2e-7)
    np.testing.assert_array_equal(cube["count"][1], (~ndvi.mask).sum(0))


def test_a_time_step_of_which_nothing_was_read_is_left_out(archive, plain):
    with pytest.warns(MultisatWarning, match="take04"):
        cube = run(archive.task(Steps().index("NDVI")), access=without(plain, "take04-red"))
    np.testing.assert_array_equal(cube.NDVI, np.delete(archive.ndvi(masked=False), 4, axis=0))
    assert "take04" not in cube.item


def test_another_copy_is_read_instead(archive, plain):
    copy = replace(archive.scenes[4], id="copy", assets=archive.scenes[5].assets)
    scenes = list(archive.scenes)
    scenes[4] = scenes[4].with_alternates([copy])
    task = replace(archive.task(Steps().index("NDVI")), scenes=tuple(scenes))
    cube = run(task, access=without(plain, "take04-red"))
    np.testing.assert_array_equal(cube.NDVI[4], archive.ndvi(masked=False)[5])
    (said,) = cube.attrs["replaced"]
    assert said.startswith("disk copy was read instead")


def test_errors_can_be_raised(archive, plain):
    with pytest.raises(AssetUnreadable, match="take04"):
        run(archive.task(STEPS), access=without(plain, "take04-red"), errors="raise")
    lazy = run(archive.task(STEPS), access=without(plain, "take04-red"), errors="raise", chunks={})
    with pytest.raises(AssetUnreadable, match="take04"):
        lazy.compute()


def test_nothing_readable_is_an_error(archive, plain):
    with (
        pytest.warns(MultisatWarning, match="left out"),
        pytest.raises(AssetUnreadable, match="none of 11 scenes could be read"),
    ):
        run(archive.task(STEPS), access=without(plain, "take"))
    with (
        pytest.warns(MultisatWarning, match="left out"),
        pytest.raises(AssetUnreadable, match="none of 11 scenes could be read"),
    ):
        list(blocks(archive.task(STEPS), access=without(plain, "take")))


def test_a_reader_that_cannot_be_made_is_its_own_error(archive, plain):
    def broken():
        raise RuntimeError("no reader today")

    with pytest.raises(RuntimeError, match="no reader today"):
        run(archive.task(STEPS), access=plain, reader=broken)
