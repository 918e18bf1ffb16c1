"""Synthetic weather, and how each quality layer writes it."""

import numpy as np

CLEAR, CLOUD, SHADOW, CIRRUS, WATER, SNOW, SATURATED, UNCERTAIN, ADJACENT, NOTHING = range(10)

SCL = {
    CLEAR: (4, 5, 2), CLOUD: (8, 9), SHADOW: (3,), CIRRUS: (10,), WATER: (6,), SNOW: (11,), SATURATED: (1,),
    UNCERTAIN: (7,), ADJACENT: (4,), NOTHING: (0,),
}  # fmt: skip
QA_PIXEL = {
    CLEAR: (21824, 5440), CLOUD: (22280, 22080 | 8), SHADOW: (23888,), CIRRUS: (54596,), WATER: (21952,),
    SNOW: (30048,), SATURATED: (21824,), UNCERTAIN: (21826,), ADJACENT: (21826, 21890), NOTHING: (1,),
}  # fmt: skip
FMASK = {
    CLEAR: (64, 0, 192), CLOUD: (66, 2, 6), SHADOW: (8, 72), CIRRUS: (1,), WATER: (32, 96), SNOW: (16,),
    SATURATED: (64,), UNCERTAIN: (4,), ADJACENT: (4, 68), NOTHING: (255,),
}  # fmt: skip
LAYERS = {
    "scl": (SCL, "uint8", 0),
    "qa_pixel": (QA_PIXEL, "uint16", 1),
    "fmask": (FMASK, "uint8", 255),
}
"""Codes of each weather, type, and the number that means no data."""


def sky(kind, rng, size):
    """Return weather of shape (size, size)."""
    return SKIES[kind](rng, np.zeros((size, size), int))


def written(layer, weather, rng):
    """Return the numbers of a quality layer."""
    codes, dtype, _ = LAYERS[layer]
    found = np.empty(weather.shape, dtype)
    for place in np.ndindex(weather.shape):
        found[place] = rng.choice(codes[int(weather[place])])
    return found


def _clear(rng, sky):
    sky[rng.random(sky.shape) < 0.05] = WATER
    sky[rng.random(sky.shape) < 0.05] = SNOW
    return sky


def _cloudy(rng, sky):
    sky[:] = CLOUD
    sky[rng.random(sky.shape) < 0.04] = CLEAR
    return sky


def _patches(rng, sky):
    for _ in range(sky.size // 60):
        side = rng.integers(2, 5)
        row, column = rng.integers(0, len(sky), 2)
        sky[row + 1 : row + 1 + side, column + 1 : column + 1 + side] = rng.choice([SHADOW, ADJACENT])
        sky[row : row + side, column : column + side] = rng.choice([CLOUD, CLOUD, CIRRUS])
    return sky


def _specks(rng, sky):
    any_of = rng.random(sky.shape) < 0.2
    sky[any_of] = rng.integers(CLOUD, NOTHING + 1, int(any_of.sum()))
    return sky


def _half(rng, sky):
    sky = _patches(rng, sky)
    sky[np.add.outer(np.arange(len(sky)), np.arange(len(sky))) < len(sky) * 0.95] = NOTHING
    return sky


def _gone(_rng, sky):
    sky[:] = NOTHING
    return sky


SKIES = {
    "clear": _clear,
    "cloudy": _cloudy,
    "patches": _patches,
    "specks": _specks,
    "half": _half,
    "gone": _gone,
}
