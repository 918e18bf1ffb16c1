"""The synthetic storm: what radar power is before and after it, at any pixel."""

import numpy as np
import pytest
from pyproj import Transformer

from multisat.sandbox import truth


@pytest.fixture
def power():
    """The mean power over days at the pixels of a cube, in float64: ``power("vv", cube, days, orbit)``."""

    def mean(band, cube, days, orbit=119):
        to = Transformer.from_crs(cube.rio.crs, 4326, always_xy=True)
        lon, lat = to.transform(*np.meshgrid(cube.x, cube.y))
        seen = truth.ORBIT_GAIN.get(orbit, 1.0)
        return np.mean([truth.ground(band, lon, lat, day) * seen for day in days], axis=0)

    return mean


@pytest.fixture
def felled():
    """Where the storm fells trees, on the pixels of a cube."""

    def where(cube):
        to = Transformer.from_crs(cube.rio.crs, 4326, always_xy=True)
        lon, lat = to.transform(*np.meshgrid(cube.x, cube.y))
        return truth.is_felled(lon, lat, truth.STORM_DAY.replace(month=7))

    return where
