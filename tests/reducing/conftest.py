"""Series with gaps, as cloudy places have them."""

import numpy as np
import pytest


@pytest.fixture(scope="session")
def series():
    """Synthetic looks of shape (time, y, x), read-only: ties, both zeros, several kinds of NaN, empty pixels."""

    def make(steps, height, width, *, seed=0, missing=0.5):
        rng = np.random.default_rng(seed)
        values = rng.normal(0.2, 0.1, (steps, height, width)).astype(np.float32)
        ties = rng.random(values.shape) < 0.3
        values[ties] = rng.choice(np.array([-0.0, 0.0, 0.25, 0.25000003, -1e6], dtype=np.float32), ties.sum())
        other_nan = np.array([0xFFC00001], dtype=np.uint32).view(np.float32)[0]
        values[rng.random(values.shape) < missing] = np.nan
        values[rng.random(values.shape) < missing / 4] = other_nan
        values[:, rng.random((height, width)) < 0.1] = np.nan
        values.flags.writeable = False
        return values

    return make
