"""Which pixels of a scene do not count. Codes from the documents of Sen2Cor, USGS and HLS."""

import json
import math
from functools import cache

import numpy as np

QUALITY = {
    "sentinel-2-l2a": "scl",
    "landsat-c2-l2": "qa_pixel",
    "hls-l30": "fmask",
    "hls-s30": "fmask",
}
SCL = {
    1: "saturated", 3: "shadow", 6: "water", 7: "uncertain", 8: "cloud", 9: "cloud", 10: "cirrus", 11: "snow",
}  # fmt: skip
QA_PIXEL = {1: "adjacent", 2: "cirrus", 3: "cloud", 4: "shadow", 5: "snow", 7: "water"}
FMASK = {1: "cloud", 2: "adjacent", 3: "shadow", 4: "snow", 5: "water"}
PRESETS = {
    "clear": ("saturated", "shadow", "uncertain", "cloud", "cirrus", "adjacent"),
    "loose": ("saturated", "shadow", "cloud"),
}


def masked(scene, pixels, mask):
    """Return where a scene does not count, shape (rows, columns).

    ``mask`` is as in a recipe: ``{"classes": ["cloud"], "dilate": 20}``, or None.
    """
    return _masked(scene, pixels, json.dumps(mask))


@cache
def _masked(scene, pixels, said):
    mask = json.loads(said)
    layer = scene.bands.get(QUALITY.get(scene.collection, ""))
    nothing = np.zeros((pixels.rows, pixels.columns), bool)
    if mask is None or layer is None:
        return nothing
    around = _reach(mask, pixels.size)
    told, empty = classes(QUALITY[scene.collection], layer, pixels.grown(around), _words(mask["classes"]))
    if mask.get("kernel"):
        told = spread(told, **mask["kernel"])
    else:
        told = opened(told, mask.get("opening", 0) / pixels.size)
        told = near(told, mask.get("dilate", 0) / pixels.size)
    inner = slice(around, around + pixels.rows), slice(around, around + pixels.columns)
    return told[inner] | empty[inner]


def _words(given):
    names = given.split(",") if isinstance(given, str) else given
    return {word for name in names for word in PRESETS.get(name.strip(), (name.strip(),))}


def _reach(mask, size):
    """Pixels around the grid that can matter."""
    if mask.get("kernel"):
        return mask["kernel"]["size"] // 2
    return math.ceil((2 * mask.get("opening", 0) + mask.get("dilate", 0)) / size) + 1


def classes(layer, band, pixels, words):
    """Return where a layer says one of the words, and where it has no data."""
    numbers, known = band.at(pixels)
    told, empty = np.zeros(numbers.shape, bool), ~known
    for place in np.ndindex(numbers.shape):
        said = meaning(layer, int(numbers[place]))
        empty[place] |= "nodata" in said
        told[place] = not empty[place] and bool(said & words)
    return told, empty


def meaning(layer, number):
    """Return the words a stored number says."""
    if layer == "scl":
        return {"nodata"} if number == 0 else {SCL[number]} if number in SCL else set()
    if number == 255 if layer == "fmask" else number & 1:
        return {"nodata"}
    bits = FMASK if layer == "fmask" else QA_PIXEL
    return {word for bit, word in bits.items() if number >> bit & 1}


def near(there, radius):
    """Return pixels whose centre is at most ``radius`` pixels from the centre of one that is there."""
    reach = range(-math.floor(radius), math.floor(radius) + 1)
    disc = [(i, j) for i in reach for j in reach if i * i + j * j <= radius**2]
    return np.logical_or.reduce([_moved(there, i, j) for i, j in disc])


def _moved(values, rows, columns):
    """Return each pixel's neighbour so many rows and columns away; False beyond the array."""
    far = max(abs(rows), abs(columns))
    height, width = values.shape
    row, column = far + rows, far + columns
    return np.pad(values, far)[row : row + height, column : column + width]


def opened(there, radius):
    """Return what a disc reaches that lies wholly on pixels that are there."""
    if not radius:
        return there
    middles = there & ~near(~there, radius)
    return there & near(middles, radius)


def spread(there, size, sigma, threshold):
    """Return where the Gaussian mean of 0 and 1 is above a threshold; beyond the array all is 0."""
    half = size // 2
    reach = range(-half, half + 1)
    weights = {(i, j): math.exp(-(i * i + j * j) / (2 * sigma * sigma)) for i in reach for j in reach}
    total = math.fsum(weights.values())
    return sum(_moved(there, *place) * (weight / total) for place, weight in weights.items()) > threshold
