"""Masks spread by a Gaussian, against a sum over every neighbour."""

import numpy as np
import pytest

from multisat.cube import load
from multisat.engine import run
from multisat.errors import UsageError
from multisat.steps import Steps, gaussian

SIZE, SIGMA, THRESHOLD = 7, 1.6, 0.1


def spread(told, empty):
    """Add up the weights of masked neighbours, one offset after another."""
    away = np.arange(SIZE) - SIZE // 2
    weights = np.exp(-(away[:, None] ** 2 + away**2) / (2 * SIGMA**2))
    weights /= weights.sum()
    around = np.pad(told.astype(float), SIZE // 2)
    rows, columns = told.shape
    total = sum(weights[i, j] * around[i : i + rows, j : j + columns] for i, j in np.ndindex(SIZE, SIZE))
    return (total > THRESHOLD) | empty


def right(archive):
    codes = archive.codes.repeat(2, 1).repeat(2, 2)
    return np.stack([spread(np.isin(one, (9, 3)), one == 0) for one in codes])


def test_near_what_is_masked_is_masked(archive, plain):
    steps = Steps().bands("red").mask(["cloud", "shadow"], kernel=gaussian(SIZE, SIGMA, THRESHOLD))
    cube = run(archive.task(steps), access=plain)
    np.testing.assert_array_equal(cube["mask"], right(archive))
    red = archive.band("red", masked=False)
    np.testing.assert_array_equal(cube.red, np.where(right(archive), np.nan, red))
    assert cube["mask"].attrs["kernel"] == {"size": SIZE, "sigma": SIGMA, "threshold": THRESHOLD}


def test_neighbours_outside_the_result_are_real_pixels(archive, plain):
    steps = Steps().bands("red").mask(["cloud", "shadow"], kernel=gaussian(SIZE, SIGMA, THRESHOLD))
    cube = run(archive.task(steps, grid=archive.part(20, 30, 15, 12)), access=plain)
    np.testing.assert_array_equal(cube["mask"], right(archive)[:, 20:35, 30:42])


def test_the_kernel_lies_on_the_pixels_of_the_result(archive, plain):
    coarse = load(
        archive.scenes, ["red"], access=plain, mask="cloud", kernel=gaussian(3, 1.0, 0.05), resolution=20
    )
    codes = archive.codes
    around = np.pad((codes == 9).astype(float), ((0, 0), (1, 1), (1, 1)))
    away = np.arange(3) - 1
    weights = np.exp(-(away[:, None] ** 2 + away**2) / 2)
    weights /= weights.sum()
    total = sum(weights[i, j] * around[:, i : i + 40, j : j + 40] for i, j in np.ndindex(3, 3))
    np.testing.assert_array_equal(coarse["mask"], (total > 0.05) | (codes == 0))


@pytest.mark.parametrize("more", [{"mask": None}, {"dilate": 20}, {"opening": 20}])
def test_a_kernel_needs_a_mask_and_stands_alone(archive, plain, more):
    with pytest.raises(UsageError, match=r"needs a mask|together"):
        load(archive.scenes, ["red"], access=plain, kernel=gaussian(3, 1.0, 0.1), **{"mask": "cloud", **more})
